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
from integrations.salesforce.session import NO_TOKEN
from integrations.salesforce.transport import StillBusy

SOON = timedelta(minutes=1)
#: The daily allowance is a rolling window, so some of it comes back every hour.
DAILY_LIMIT_PAUSE = timedelta(hours=1)
LONGEST_QUOTE = 300

QUERY_TIMED_OUT = frozenset({"QUERY_TIMEOUT", "QUERY_TOO_COMPLICATED", "OPERATION_TOO_LARGE"})
LOST_PLACE = frozenset({"INVALID_QUERY_LOCATOR"})
LACKING = frozenset({"INVALID_FIELD", "INVALID_TYPE"})
NOT_FOUND = frozenset({"NOT_FOUND", "404"})
NO_API = frozenset(
    {"API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED", "INSUFFICIENT_ACCESS", "FORBIDDEN"}
)
PASSING = frozenset({"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION"})

LOGIN_HINTS = {
    "invalid_client_id": "SALESFORCE_CLIENT_ID is unknown there: copy the app's consumer key again,"
    " and check that SALESFORCE_LOGIN_URL is the org that holds the app",
    "invalid_client": "SALESFORCE_CLIENT_ID or SALESFORCE_CLIENT_SECRET is wrong: copy both from"
    " the app's OAuth settings (a new app takes up to 10 minutes to work)",
    "invalid_app_access": "SALESFORCE_USERNAME (or the app's run-as user) is not allowed to use"
    " the app: assign its permission set under the app's policies",
    "unsupported_grant_type": "the server knows none of the login ways that your variables allow:"
    " SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET suffice for client credentials",
    "inactive_user": "the user is inactive or frozen: reactivate it, or change SALESFORCE_USERNAME",
    "inactive_org": "SALESFORCE_LOGIN_URL leads to an org that is closed or expired",
    "INVALID_LOGIN": "SALESFORCE_USERNAME, SALESFORCE_PASSWORD or SALESFORCE_SECURITY_TOKEN is"
    " wrong, or the user is locked out (sandbox orgs want"
    " SALESFORCE_LOGIN_URL=https://test.salesforce.com)",
    "LOGIN_MUST_USE_SECURITY_TOKEN": "set SALESFORCE_SECURITY_TOKEN (Settings > Reset My Security"
    " Token mails a new one), or trust this network in Setup > Network Access",
    "INVALID_SSO_GATEWAY_URL": "the user signs in through SSO only: use client credentials",
    "UNSUPPORTED_API_VERSION": "this org no longer takes username logins: set"
    " SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET of an External Client App instead",
}
GRANT_HINT = (
    "client credentials: the app needs the flow switched on and a run-as user; JWT bearer:"
    " SALESFORCE_USERNAME must be pre-authorised for the app and SALESFORCE_PRIVATE_KEY belong to"
    " its certificate; passwords: check SALESFORCE_USERNAME, SALESFORCE_PASSWORD and"
    " SALESFORCE_SECURITY_TOKEN"
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
    code, said = str(error.code), redact(str(error.auth_message or ""))[:LONGEST_QUOTE]
    if code.isdecimal() and int(code) >= requests.codes.server_error:
        return TransientError(
            f"Salesforce could not log us in ({code})", retry_after=SOON, hint=NETWORK_HINT
        )
    if code.isdecimal() or code in {"None", NO_TOKEN}:
        return CredentialsRefused(
            f"what answers at SALESFORCE_LOGIN_URL is not a Salesforce login ({code})",
            hint="set SALESFORCE_LOGIN_URL to https://YOUR-DOMAIN.my.salesforce.com",
        )
    hint = LOGIN_HINTS.get(code, GRANT_HINT)
    if "inactive" in said.lower():
        hint = LOGIN_HINTS["inactive_user"]
    return CredentialsRefused(f"Salesforce refused the login: {code} ({said})", hint=hint)


def _refused_request(error: SalesforceError) -> CoachingError:
    code, text = _code_and_text(error)
    said = f"Salesforce answered {code}: {text[:LONGEST_QUOTE]}"
    if isinstance(error, SalesforceExpiredSession):
        return CredentialsRefused(said, hint=SESSION_HINT)
    if code == "REQUEST_LIMIT_EXCEEDED":
        hint = "the org's daily calls are used up; they come back over the next 24 hours"
        return RateLimited(said, retry_after=DAILY_LIMIT_PAUSE, hint=hint)
    if code in LACKING:
        hint = "give the integration user read access to the object and its fields"
        return MissingField(said, hint=hint)
    if code in NO_API:
        hint = "give the integration user the permissions 'API Enabled' and 'View All Data'"
        return CredentialsRefused(said, hint=hint)
    if code in PASSING | QUERY_TIMED_OUT | LOST_PLACE or error.status in range(500, 600):
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
