"""Asks Slack who we are and what we may do, before anything depends on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from slack_sdk import WebClient

from integrations.slack.errors import translated


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackIdentity:
    team: str
    bot: str
    #: Scopes that we need and were not granted; empty when Slack does not tell.
    missing_scopes: tuple[str, ...]
    #: Slack's own time, when it tells.
    slack_time: datetime | None


def examine_slack(client: WebClient, *, scopes: Iterable[str]) -> SlackIdentity:
    """Raises CredentialsRefused or TransientError."""
    with translated():
        answer = client.auth_test()
    headers = {name.lower(): value for name, value in answer.headers.items()}
    granted = _first(headers.get("x-oauth-scopes"))
    missing = sorted(set(scopes) - set(granted.replace(" ", "").split(","))) if granted else []
    told = _first(headers.get("date"))
    return SlackIdentity(
        team=str(answer.get("team", "")),
        bot=str(answer.get("user", "")),
        missing_scopes=tuple(missing),
        slack_time=parsedate_to_datetime(told) if told else None,
    )


def require_app_token(client: WebClient, app_token: str) -> None:
    """Ask for a socket's address, and leave it. Raises CredentialsRefused or TransientError."""
    with translated(token="SLACK_APP_TOKEN"):  # noqa: S106 -- a variable
        client.apps_connections_open(app_token=app_token)


def _first(value: object) -> str:
    """The SDK gives header values as text or as a list of texts."""
    if isinstance(value, list | tuple):
        return str(value[0]) if value else ""
    return str(value or "")
