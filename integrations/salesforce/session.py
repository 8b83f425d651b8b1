"""simple-salesforce, mended where it loses sessions, headers, addresses or patience."""

import threading
import warnings
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from xml.parsers.expat import ExpatError

import msgspec
import requests
from requests.auth import AuthBase
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from simple_salesforce.util import exception_handler

from integrations.salesforce.credentials import (
    SALESFORCE_SUFFIX,
    LoginWay,
    SalesforceCredentials,
)
from integrations.salesforce.transport import CallMeter, SalesforceTransport

#: Old enough for SOAP logins, which end at 65.0, and new enough for every field we read.
API_VERSION = "59.0"
#: How often one request may find its session expired before we believe that it is refused.
LOG_INS_PER_REQUEST = 2
#: Our own code for an answer that is none of a login server's.
NO_TOKEN = "NO_TOKEN"  # noqa: S105 -- a code, not a token
UNKNOWN_WAY = frozenset({"unsupported_grant_type"})
#: A third of the time that the standard library takes, and numbers with a fraction stay exact.
_JSON = msgspec.json.Decoder(float_hook=Decimal)


class SteadySalesforce(Salesforce):
    """A Salesforce that many threads may share and that outlives its own session.

    * an expired session is renewed by one thread while the others wait for it, and at most
      LOG_INS_PER_REQUEST times for one request;
    * a renewed session may live on another instance; addresses follow it;
    * headers given to a call are kept when the call is repeated;
    * numbers with a fraction are Decimal, records are plain dicts.
    """

    def __init__(
        self, credentials: SalesforceCredentials, way: LoginWay, *, session: requests.Session
    ) -> None:
        self._login_lock = threading.Lock()
        arguments: dict[str, Any] = dict(credentials.login_arguments(way))
        super().__init__(
            **arguments,
            session=session,
            version=API_VERSION,
            parse_float=Decimal,
            object_pairs_hook=dict,
        )

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- it never returns
        """``salesforce.Account`` is refused: its calls recurse for ever on a lasting 401."""
        raise AttributeError(f"SteadySalesforce has no '{name}'; use restful() or query()")

    def _refresh_session(self) -> None:
        with warnings.catch_warnings():
            # One of its refusals comes as a warning first; the error that follows says it all.
            warnings.simplefilter("ignore")
            try:
                super()._refresh_session()
            except (AttributeError, TypeError, ExpatError) as error:
                # It reads the answer without looking whether it is one.
                raise SalesforceAuthenticationFailed(
                    NO_TOKEN, "the answer held no access token or no instance address"
                ) from error
        self.sf_instance = self.sf_instance.rstrip("/")
        self.base_url = f"https://{self.sf_instance}/services/data/v{self.sf_version}/"

    def _call_salesforce(
        self,
        method: str,
        url: str,
        name: str = "",
        retries: int = 0,
        max_retries: int = LOG_INS_PER_REQUEST,
        **kwargs: Any,  # noqa: ANN401 -- passed through to requests
    ) -> requests.Response:
        extra = kwargs.pop("headers", None) or {}
        path = self._path(url)
        for log_ins in range(retries, max_retries + 1):
            headers = self.headers
            response = self.session.request(
                method,
                f"https://{self.sf_instance}{path}",
                headers={**headers, **extra},
                **kwargs,
            )
            if response.status_code != requests.codes.unauthorized or log_ins == max_retries:
                break
            self._log_in_again(refused=headers["Authorization"])
        if not response.ok or response.is_redirect:
            exception_handler(response, name=name)
        return response

    def call(self, method: str, path: str, **kwargs: Any) -> requests.Response:  # noqa: ANN401 -- passed through to requests
        """For endpoints whose answers are not JSON or whose headers matter."""
        return self._call_salesforce(method, f"{self.base_url}{path}", **kwargs)

    def parse_result_to_json(self, result: requests.Response) -> Any:  # noqa: ANN401 -- any JSON
        try:
            return _JSON.decode(result.content)
        except msgspec.DecodeError:
            # Not what was promised; its own complaint is the one that callers know.
            return super().parse_result_to_json(result)

    def _path(self, url: str) -> str:
        here = f"https://{self.sf_instance}"
        if url.startswith(here):
            return url.removeprefix(here)
        # Another thread logged in again, elsewhere, since this address was put together.
        return f"/{url.removeprefix('https://').partition('/')[2]}"

    def _log_in_again(self, *, refused: str) -> None:
        with self._login_lock:
            if self.headers["Authorization"] == refused:
                self._refresh_session()


class _OwnHeadersOnly(AuthBase):
    """Keeps requests from replacing our bearer token by what a .netrc file says of the host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def log_in(
    credentials: SalesforceCredentials,
    *,
    meter: CallMeter,
    sleep: Callable[[float], None],
    draw: Callable[[], float],
) -> SteadySalesforce:
    """Log in the best way that the server knows.

    Raises what simple-salesforce and requests raise (see ``errors.translated``).
    """
    *others, last = credentials.ways
    for way in others:
        try:
            return _log_in(credentials, way, meter=meter, sleep=sleep, draw=draw)
        except SalesforceAuthenticationFailed as error:
            if error.code not in UNKNOWN_WAY:
                raise
    return _log_in(credentials, last, meter=meter, sleep=sleep, draw=draw)


def _log_in(
    credentials: SalesforceCredentials,
    way: LoginWay,
    *,
    meter: CallMeter,
    sleep: Callable[[float], None],
    draw: Callable[[], float],
) -> SteadySalesforce:
    stand_in_host = credentials.login_arguments(way)["domain"] + SALESFORCE_SUFFIX
    session = requests.Session()
    session.auth = _OwnHeadersOnly()
    transport = SalesforceTransport(
        login_url=credentials.login_url,
        stand_in_host=None if stand_in_host in credentials.login_url else stand_in_host,
        meter=meter,
        sleep=sleep,
        draw=draw,
    )
    session.mount("https://", transport)
    session.mount("http://", transport)
    return SteadySalesforce(credentials, way, session=session)
