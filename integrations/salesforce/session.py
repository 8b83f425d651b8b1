"""simple-salesforce, mended where it loses sessions, headers, addresses or patience."""

import gc
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any
from xml.parsers.expat import ExpatError

import msgspec
import requests
import structlog
from requests.auth import AuthBase
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from simple_salesforce.util import exception_handler

from bot.ports import CrmNote
from integrations.salesforce.credentials import SALESFORCE_SUFFIX, SalesforceCredentials
from integrations.salesforce.login_ways import ENDING, LoginWay
from integrations.salesforce.refresh_token import TOKEN_FILE, redeem
from integrations.salesforce.transport import TIMEOUT_SECONDS, CallMeter, SalesforceTransport

#: Old enough for SOAP logins, which end at 65.0, and new enough for every field we read.
API_VERSION = "59.0"
#: How often one request may find its session expired before we believe that it is refused.
LOG_INS_PER_REQUEST = 2
#: Our own code for an answer that is none of a login server's.
NO_TOKEN = "NO_TOKEN"  # noqa: S105 -- a code, not a token
VERSION = re.compile(r"\d{2,3}\.0")
UNKNOWN_WAY = frozenset({"unsupported_grant_type"})
#: A third of the time that the standard library takes, and numbers with a fraction stay exact.
_JSON = msgspec.json.Decoder(float_hook=Decimal)

_log = structlog.get_logger()


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
        self.way = way
        self._token = credentials.refresh_token
        arguments: dict[str, Any] = dict(credentials.login_arguments(way))
        renew = _redeeming(credentials, session) if way is LoginWay.REFRESH_TOKEN else None
        if renew is not None:
            with _refusals(way):
                arguments["session_id"], arguments["instance"] = renew()
        super().__init__(
            **arguments,
            session=session,
            version=API_VERSION,
            parse_float=Decimal,
            object_pairs_hook=dict,
        )
        # simple-salesforce believes that a session it was given cannot be renewed.
        self._salesforce_login_partial = renew or self._salesforce_login_partial

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- it never returns
        """``salesforce.Account`` is refused: its calls recurse for ever on a lasting 401."""
        raise AttributeError(f"SteadySalesforce has no '{name}'; use restful() or query()")

    def _refresh_session(self) -> None:
        with warnings.catch_warnings():
            # One of its refusals comes as a warning first; the error that follows says it all.
            warnings.simplefilter("ignore")
            with _refusals(self.way):
                super()._refresh_session()
        self.sf_instance = self.sf_instance.rstrip("/")
        self._find_base()

    def _find_base(self) -> None:
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

    def follow_version(self) -> bool:
        """Whether the org lists other versions than ours, of which the nearest is spoken now."""
        listed = self._call_salesforce("GET", f"https://{self.sf_instance}/services/data/").json()
        known = {str(each.get("version")) for each in listed if isinstance(each, dict)}
        numbers = sorted(float(each) for each in known if VERSION.fullmatch(each))
        ours = float(self.sf_version or API_VERSION)
        if not numbers or ours in numbers:
            return False
        newer = [each for each in numbers if each > ours]
        self.sf_version = str(newer[0] if newer else numbers[-1])
        self._find_base()
        _log.warning("salesforce.other_version", ours=API_VERSION, theirs=self.sf_version)
        return True

    def notes(self) -> Sequence[CrmNote]:
        found = [CrmNote(words=f"logged in by {self.way}")]
        if self.way in ENDING:
            words, hint = ENDING[self.way]
            found.append(CrmNote(words=words, hint=hint))
        if self._token.is_homeless:
            words = "Salesforce rotates the refresh token, and the new one could not be kept"
            hint = f"name a file in {TOKEN_FILE} that we may write, or the next start is refused"
            found.append(CrmNote(words=words, hint=hint))
        return found

    def parse_result_to_json(self, result: requests.Response) -> Any:  # noqa: ANN401 -- any JSON
        try:
            with _without_looking_for_cycles():
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


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """A page is thousands of dicts without a cycle; to look for one doubles the time it takes.

    Of several threads the first to begin sees the collector on, and switches it on again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class LoginRefused(SalesforceAuthenticationFailed):
    """A refusal that says which way of logging in it is about."""

    def __init__(self, code: str | int | None, said: str | None, *, way: LoginWay) -> None:
        super().__init__(code, said or "")
        self.way = way


@contextmanager
def _refusals(way: LoginWay) -> Iterator[None]:
    try:
        yield
    except SalesforceAuthenticationFailed as error:
        raise LoginRefused(error.code, error.auth_message, way=way) from error
    except (AttributeError, KeyError, TypeError, ExpatError) as error:
        # The answer is read without looking whether it is one.
        lacking = "the answer held no access token or no instance address"
        raise LoginRefused(NO_TOKEN, lacking, way=way) from error


def _redeeming(
    credentials: SalesforceCredentials, session: requests.Session
) -> partial[tuple[str, str]]:
    return partial(
        redeem,
        credentials.refresh_token,
        login_url=credentials.login_url,
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        session=session,
    )


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
    patience: tuple[float, float] = TIMEOUT_SECONDS,
) -> SteadySalesforce:
    """Log in the best way that the server knows.

    Raises what simple-salesforce and requests raise (see ``errors.translated``).
    """
    *others, last = credentials.ways
    for way in others:
        try:
            return _log_in(credentials, way, meter=meter, sleep=sleep, draw=draw, patience=patience)
        except SalesforceAuthenticationFailed as error:
            if error.code not in UNKNOWN_WAY:
                raise
    return _log_in(credentials, last, meter=meter, sleep=sleep, draw=draw, patience=patience)


def _log_in(
    credentials: SalesforceCredentials,
    way: LoginWay,
    *,
    meter: CallMeter,
    sleep: Callable[[float], None],
    draw: Callable[[], float],
    patience: tuple[float, float] = TIMEOUT_SECONDS,
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
        patience=patience,
    )
    session.mount("https://", transport)
    session.mount("http://", transport)
    salesforce = SteadySalesforce(credentials, way, session=session)
    _log.info("salesforce.logged_in", way=way.key)
    if way in ENDING:
        words, hint = ENDING[way]
        _log.warning("salesforce.login_ends", words=words, hint=hint)
    return salesforce
