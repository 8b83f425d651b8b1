"""Salesforce's failures, said once in our own words, so that nothing above knows its codes.

Addresses of failed requests hold whole queries, so they are never repeated in a message.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import requests
import structlog
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceError,
    SalesforceExpiredSession,
)

from bot.domain.errors import (
    CoachingError,
    CredentialsRefused,
    MissingField,
    PermanentError,
    RateLimited,
    TransientError,
)
from integrations.salesforce.login_hints import hint_for
from integrations.salesforce.session import NO_TOKEN, LoginRefused
from integrations.salesforce.transport import StillBusy

SOON = timedelta(minutes=1)
#: The daily allowance is a rolling window, so some of it comes back every hour.
DAILY_LIMIT_PAUSE = timedelta(hours=1)
LONGEST_QUOTE = 300

QUERY_TIMED_OUT = frozenset({"QUERY_TIMEOUT", "QUERY_TOO_COMPLICATED", "OPERATION_TOO_LARGE"})
LOST_PLACE = frozenset({"INVALID_QUERY_LOCATOR"})
LACKING = frozenset({"INVALID_FIELD", "INVALID_TYPE"})
NOT_FOUND = frozenset({"NOT_FOUND", "404"})
NO_API = frozenset({"API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED"})
#: To one object or endpoint; others may be open.
NO_ACCESS = frozenset({"INSUFFICIENT_ACCESS", "FORBIDDEN", "403"})
NO_SUCH_VERSION = frozenset({"410", "UNSUPPORTED_API_VERSION", "API_VERSION_RETIRED"})
PASSING = frozenset({"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION"})

LACKING_RIGHTS: tuple[tuple[frozenset[str], type[PermanentError], str], ...] = (
    (LACKING, MissingField, "read access to the object and its fields"),
    (NO_API, CredentialsRefused, "the permissions 'API Enabled' and 'View All Data'"),
    (NO_ACCESS, PermanentError, "read access there, 'API Enabled' and 'View All Data'"),
)

SESSION_HINT = (
    "the login worked but its session was refused: give the user the permission 'API Enabled' and"
    " check the app's IP restrictions"
)
NETWORK_HINT = "check SALESFORCE_LOGIN_URL and this machine's network; status.salesforce.com"

_log = structlog.get_logger()


@contextmanager
def translated(redact: Callable[[str], str] = str) -> Iterator[None]:
    """What Salesforce and the network raise inside the block leaves it as a CoachingError."""
    try:
        yield
    except (SalesforceAuthenticationFailed, SalesforceError, requests.RequestException) as error:
        failure = translate(error, redact)
        _log.info("salesforce.failed", failure=type(failure).__name__, code=error_code(error))
        raise failure from error


def error_code(error: BaseException | None) -> str:
    """Salesforce's code of a failure, or its HTTP status, or ""."""
    if isinstance(error, SalesforceAuthenticationFailed):
        return str(error.code)
    if isinstance(error, SalesforceError):
        return _code_and_text(error)[0]
    if isinstance(error, StillBusy):
        return str(error.status)
    return ""


def _code_and_text(error: SalesforceError) -> tuple[str, str]:
    content: object = error.content
    if isinstance(content, list) and content:
        content = content[0]
    if isinstance(content, dict):
        code = content.get("errorCode") or content.get("error") or error.status
        return str(code), str(content.get("message") or content.get("error_description") or "")
    return str(error.status), str(content)


def translate(error: Exception, redact: Callable[[str], str] = str) -> CoachingError:
    """``redact`` takes secrets out of what the server said, should it have echoed them."""
    if isinstance(error, SalesforceAuthenticationFailed):
        return _refused_login(error, redact)
    if isinstance(error, SalesforceError):
        return _refused_request(error)
    return _lost(error)


def _refused_login(
    error: SalesforceAuthenticationFailed, redact: Callable[[str], str]
) -> CoachingError:
    code, words = str(error.code), str(error.auth_message or "")
    said = redact(words)[:LONGEST_QUOTE]
    if code.isdecimal() and int(code) >= requests.codes.server_error:
        return TransientError(
            f"Salesforce could not log us in ({code})", retry_after=SOON, hint=NETWORK_HINT
        )
    if code.isdecimal() or code in {"None", NO_TOKEN}:
        return CredentialsRefused(
            f"what answers at SALESFORCE_LOGIN_URL is not a Salesforce login ({code})",
            hint="set SALESFORCE_LOGIN_URL to https://YOUR-DOMAIN.my.salesforce.com",
        )
    way = f" by {error.way}" if isinstance(error, LoginRefused) else ""
    message = f"Salesforce refused the login{way}: {code} ({said})"
    return CredentialsRefused(message, hint=hint_for(code, words))


def _refused_request(error: SalesforceError) -> CoachingError:
    code, text = _code_and_text(error)
    said = f"Salesforce answered {code}: {text[:LONGEST_QUOTE]}"
    if isinstance(error, SalesforceExpiredSession):
        return CredentialsRefused(said, hint=SESSION_HINT)
    if code == "REQUEST_LIMIT_EXCEEDED":
        hint = "the org's daily calls are used up; they come back over the next 24 hours"
        return RateLimited(said, retry_after=DAILY_LIMIT_PAUSE, hint=hint)
    for codes, kind, permission in LACKING_RIGHTS:
        if code in codes:
            return kind(said, hint=f"give the integration user {permission}")
    is_passing = error.status in range(500, 600) and error.status != requests.codes.not_implemented
    if code in PASSING | QUERY_TIMED_OUT | LOST_PLACE or is_passing:
        return TransientError(said, retry_after=SOON)
    return PermanentError(said)


def _lost(error: Exception) -> CoachingError:
    if isinstance(error, StillBusy):
        return TransientError(str(error), retry_after=5 * SOON, hint=NETWORK_HINT)
    if isinstance(error, requests.exceptions.SSLError):
        return PermanentError(
            "the certificate of Salesforce's address was not accepted",
            hint="behind a proxy that re-encrypts, set REQUESTS_CA_BUNDLE to its certificate",
        )
    if isinstance(error, requests.exceptions.InvalidURL):
        return PermanentError(str(error), hint="check SALESFORCE_LOGIN_URL")
    if isinstance(error, requests.JSONDecodeError):
        return TransientError(
            "Salesforce answered something that is not JSON", retry_after=SOON, hint=NETWORK_HINT
        )
    kind = "in time" if isinstance(error, requests.Timeout) else "at all"
    return TransientError(f"Salesforce did not answer {kind}", retry_after=SOON, hint=NETWORK_HINT)
