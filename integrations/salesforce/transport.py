"""How every request to Salesforce travels: with a time limit, again when that helps, and home.

simple-salesforce sets no timeout, repeats nothing and builds every address as
``https://{domain}.salesforce.com`` or ``https://{instance}``; all three are mended here, below it.
"""

import re
import threading
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

from bot.ports import CallBudget
from integrations.salesforce.credentials import is_loopback

#: Seconds to connect, and to wait for bytes: SOQL itself may take 120.
TIMEOUT_SECONDS = (10.0, 130.0)
ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0

#: 406 and 420 are undocumented answers of overloaded instances that other extractors report.
BUSY_STATUS = frozenset({406, 420, 429, 500, 502, 503, 504})
FORBIDDEN = 403
#: A 403 that passes by itself, unlike "TotalRequests Limit exceeded".
BUSY_REFUSAL = re.compile(rb"ConcurrentRequests|ConcurrentPerOrgLongTxn")
REPEATABLE_METHODS = frozenset({"GET", "HEAD", "DELETE"})
CALLS_HEADER = "Sforce-Limit-Info"

LOST = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class StillBusy(requests.RequestException):
    """The last of all attempts was still answered with "not now"."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Salesforce answered {status} to each of {ATTEMPTS} attempts")
        self.status = status


class CallMeter:
    """The org's own count of our calls, as its latest answer gave it, refusals included.

    Answers to several threads overtake each other. The count falls when a day rolls on, so a
    lower one is believed only from a call that began after the last count was heard.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls = CallBudget(used=None, allowed=None)
        self._heard = 0

    def heard(self) -> int:
        """How many counts have been heard; to be kept when a call begins."""
        with self._lock:
            return self._heard

    def calls(self) -> CallBudget:
        with self._lock:
            return self._calls

    def note(self, headers: Mapping[str, str], *, heard_before: int) -> None:
        # A header may count the org's calls, this app's calls, or both.
        said = re.search(r"(?<!per-app-)api-usage=(\d+)/(\d+)", headers.get(CALLS_HEADER, ""))
        if said:
            self.set(used=int(said[1]), allowed=int(said[2]), heard_before=heard_before)

    def set(self, *, used: int, allowed: int, heard_before: int) -> None:
        with self._lock:
            is_overtaken = heard_before < self._heard and used < (self._calls.used or 0)
            self._heard += 1
            if not is_overtaken:
                self._calls = CallBudget(used=used, allowed=allowed)


class SalesforceTransport(HTTPAdapter):
    """``sleep`` takes seconds; ``draw`` gives a uniform number in [0, 1).

    ``patience`` is how many seconds are waited for a connection, and for bytes.

    Requests for ``stand_in_host`` go to ``login_url``. When that is on this machine, nothing
    leaves it: instances on loopback are reached by its scheme, all other hosts are the login URL.
    """

    def __init__(
        self,
        *,
        login_url: str,
        stand_in_host: str | None,
        meter: CallMeter,
        sleep: Callable[[float], None],
        draw: Callable[[], float],
        patience: tuple[float, float] = TIMEOUT_SECONDS,
    ) -> None:
        super().__init__()
        self._patience = patience
        self._login = urlsplit(login_url)
        self._stays_here = is_loopback(self._login)
        self._stand_in_host = stand_in_host
        self._meter = meter
        self._sleep = sleep
        self._draw = draw

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 -- the signature of HTTPAdapter
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002 -- the signature of HTTPAdapter
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Raises StillBusy, or what requests raises, when no attempt got an answer."""
        request.url = self._address(request.url or "")
        if self._stays_here:
            proxies = {}
        attempts = ATTEMPTS if _may_be_repeated(request) else 1
        for attempt in range(attempts):
            is_last = attempt == attempts - 1
            wanted: float | None = None
            heard_before = self._meter.heard()
            try:
                response = super().send(
                    request, stream, timeout or self._patience, verify, cert, proxies
                )
                if not stream:
                    # Read the body here, so that one that breaks off is asked for again.
                    _ = response.content
            except requests.exceptions.SSLError:
                raise
            except LOST:
                if is_last:
                    raise
            else:
                self._meter.note(response.headers, heard_before=heard_before)
                if not _is_busy(request, response, stream=stream):
                    return response
                if is_last:
                    raise StillBusy(response.status_code)
                wanted = _retry_after(response)
                response.close()
            self._sleep(self._pause(attempt, wanted))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _address(self, address: str) -> str:
        url = urlsplit(address)
        if self._stays_here:
            # A stand-in may leave its own port out, as nobody needs one on the real thing.
            is_whole = is_loopback(url) and (url.port is not None or self._login.port is None)
            netloc = url.netloc if is_whole else self._login.netloc
            return urlunsplit((self._login.scheme, netloc, url.path, url.query, ""))
        if url.hostname == self._stand_in_host:
            return urlunsplit((self._login.scheme, self._login.netloc, url.path, url.query, ""))
        if url.scheme != "https":
            raise requests.exceptions.InvalidURL("Salesforce is only spoken to over https")
        return address

    def _pause(self, attempt: int, wanted: float | None) -> float:
        if wanted is not None:
            return min(wanted, LONGEST_PAUSE_SECONDS)
        return self._draw() * min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0**attempt)


def _may_be_repeated(request: requests.PreparedRequest) -> bool:
    url = request.url or ""
    is_login = url.endswith("/services/oauth2/token") or "/services/Soap/u/" in url
    return request.method in REPEATABLE_METHODS or is_login


def _is_busy(
    request: requests.PreparedRequest, response: requests.Response, *, stream: bool
) -> bool:
    url = request.url or ""
    if "/services/Soap/u/" in url and response.status_code == requests.codes.server_error:
        # This is how SOAP says "wrong password"; repeating it would lock the account.
        return False
    if response.status_code in BUSY_STATUS:
        return True
    if response.status_code == FORBIDDEN and not stream:
        return BUSY_REFUSAL.search(response.content) is not None
    # A page for people ("We are down for maintenance") where data was asked for.
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return response.ok and is_page and "/services/data/" in url


def _retry_after(response: requests.Response) -> float | None:
    said = response.headers.get("Retry-After", "")
    return float(said) if said.isdecimal() else None
