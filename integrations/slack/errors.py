"""Slack's failures in our own words, so that nothing above this folder knows Slack's codes."""

import http.client
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.domain.errors import (
    CoachingError,
    CredentialsRefused,
    OutcomeUnknown,
    PermanentError,
    RateLimited,
    RecipientUnreachable,
    TransientError,
)

Part = TypeVar("Part")

LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
UNREACHABLE = frozenset(
    {
        "channel_not_found",
        "user_not_found",
        "users_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "messages_tab_disabled",
        "thread_not_found",
        "message_not_found",
    }
)
REFUSED = frozenset(
    {
        "not_authed",
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "no_permission",
        "org_login_required",
        "ekm_access_denied",
        "not_allowed_token_type",
    }
)
#: Slack says of these that part of the work may have been done.
IN_DOUBT = frozenset({"internal_error", "fatal_error"})
#: How Slack begins to say that the call itself is wrong; of a word that nobody knows yet, it is not
#: known that trying again is in vain.
FOR_GOOD = (
    "as_user_",
    "block",
    "cannot_",
    "deprecated_",
    "duplicate_",
    "ekm_",
    "expired_",
    "file",
    "hash_",
    "invalid_",
    "is_",
    "markdown_",
    "metadata_",
    "method_",
    "missing_",
    "msg_",
    "no_",
    "not_",
    "restricted_",
    "slack_connect_",
    "too_",
    "trigger_",
    "unknown_",
    "view_",
)
#: The SDK puts its own words where Slack's would be.
NOT_JSON = "Received a response in a non-JSON format"
LONGEST_WAIT = timedelta(hours=1)
FIRST_SERVER_ERROR = 500
TOO_MANY_REQUESTS = 429
SOON = timedelta(seconds=30)


WHERE = "api.slack.com/apps → your app → Basic Information"
#: Each token with the remedy for one that is refused, and for one that may not do what we need.
REMEDIES = {
    "SLACK_BOT_TOKEN": (
        "install the app again and put its new bot token into SLACK_BOT_TOKEN",
        "update the app from `pacesetter manifest` and install it again",
    ),
    "SLACK_APP_TOKEN": (
        f"put an app-level token with connections:write into SLACK_APP_TOKEN; make one at {WHERE}",
        f"make an app-level token that has it at {WHERE}",
    ),
}


@contextmanager
def translated(*, token: str = "SLACK_BOT_TOKEN") -> Iterator[None]:  # noqa: S107 -- a variable
    """Whatever the SDK raises inside the block comes out as a CoachingError.

    ``token`` is the variable whose token the calls inside present.
    """
    try:
        yield
    except SlackApiError as error:
        raise translate(error, token=token) from error
    except SlackClientError as error:
        raise PermanentError(f"Slack's client refused the call: {error}") from error
    except (OSError, http.client.HTTPException, UnicodeDecodeError) as error:
        raise _broken_line(error) from error


def told(reply: Mapping[str, Any] | SlackResponse, name: str, kind: type[Part]) -> Part:
    """This part of an answer. Raises OutcomeUnknown where it is not there, or something else."""
    part = reply.get(name)
    if not isinstance(part, kind):
        raise OutcomeUnknown(f"Slack's answer has no '{name}'", retry_after=SOON)
    return part


def translate(
    error: SlackApiError,
    *,
    token: str = "SLACK_BOT_TOKEN",  # noqa: S107 -- a variable
) -> CoachingError:
    code = code_of(error)
    status = getattr(error.response, "status_code", 200)
    if code in LIMITED or status == TOO_MANY_REQUESTS:
        return RateLimited("Slack asks us to slow down", retry_after=_asked_to_wait(error))
    if code == "missing_scope" or code in REFUSED:
        return _refused(error, code, token)
    if code in UNREACHABLE:
        return RecipientUnreachable(f"Slack cannot reach the recipient ({code})")
    if code in IN_DOUBT or status >= FIRST_SERVER_ERROR or not code or NOT_JSON in code:
        word = status if NOT_JSON in code else code or status
        return OutcomeUnknown(f"Slack stumbled ({word})", retry_after=SOON)
    if code.startswith(FOR_GOOD):
        return PermanentError(f"Slack refused the call ({code})")
    return TransientError(f"Slack does not take the call now ({code})", retry_after=SOON)


def _asked_to_wait(error: SlackApiError) -> timedelta:
    """As long as Slack says; a second where it says nothing that can be waited for."""
    try:
        seconds = float(_header(error, "Retry-After") or 1)
        return min(LONGEST_WAIT, max(timedelta(seconds=1), timedelta(seconds=seconds)))
    except OverflowError:
        return LONGEST_WAIT
    except ValueError:
        return timedelta(seconds=1)


def _refused(error: SlackApiError, code: str, token: str) -> CredentialsRefused:
    if_wrong, if_too_weak = REMEDIES[token]
    if code == "missing_scope":
        lacking = error.response.get("needed", "")
        return CredentialsRefused(f"{token} lacks the scope {lacking}", hint=if_too_weak)
    return CredentialsRefused(f"Slack refused {token} ({code})", hint=if_wrong)


def code_of(error: SlackApiError) -> str:
    """Slack's own word for what went wrong, or "" when its reply was no JSON."""
    try:
        return str(error.response.get("error") or "")
    except (AttributeError, ValueError):
        return ""


def _header(error: SlackApiError, name: str) -> str | None:
    headers = getattr(error.response, "headers", None) or {}
    found = {str(key).lower(): value for key, value in headers.items()}.get(name.lower())
    return str(found) if found is not None else None


def _broken_line(error: Exception) -> CoachingError:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ConnectionRefusedError | socket.gaierror):
        # The call never left this machine.
        return TransientError("Slack cannot be reached", retry_after=SOON)
    return OutcomeUnknown("the line to Slack broke during a call", retry_after=SOON)
