"""What Slack wants to see before it listens; comes from the environment and is never printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.domain.errors import ConfigError, Problem

DEFAULT_API_URL = "https://slack.com/api/"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WHERE_TOKENS_ARE = "api.slack.com/apps → your app"
SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackCredentials:
    bot_token: str = field(repr=False)
    #: Set for Socket Mode, where Slack is called and never calls.
    app_token: str | None = field(default=None, repr=False)
    #: Set for HTTP, where Slack calls us and signs what it sends.
    signing_secret: str | None = field(default=None, repr=False)
    #: Ends with a slash.
    api_url: str = DEFAULT_API_URL

    @property
    def uses_socket_mode(self) -> bool:
        return self.app_token is not None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "SlackCredentials":
        """Raises ConfigError with every variable that is missing or looks wrong."""
        bot_token = environ.get("SLACK_BOT_TOKEN", "").strip()
        app_token = environ.get("SLACK_APP_TOKEN", "").strip()
        secret = environ.get("SLACK_SIGNING_SECRET", "").strip()
        api_url = environ.get("SLACK_API_URL", "").strip() or DEFAULT_API_URL
        problems = [
            *_token_problems("SLACK_BOT_TOKEN", bot_token, "xoxb-", "OAuth & Permissions"),
            *_way_in_problems(app_token, secret),
            *_address_problems(api_url),
        ]
        if problems:
            raise ConfigError(problems)
        return cls(
            bot_token=bot_token,
            app_token=app_token or None,
            signing_secret=secret or None,
            api_url=api_url.rstrip("/") + "/",
        )


def _token_problems(name: str, value: str, prefix: str, page: str) -> list[Problem]:
    if value.startswith(prefix):
        return []
    wrong = "does not look like such a token" if value else "is not set"
    hint = f"copy the token that starts with {prefix} from {WHERE_TOKENS_ARE} → {page}"
    return [Problem(file=name, message=wrong, hint=hint)]


def _way_in_problems(app_token: str, secret: str) -> list[Problem]:
    if app_token:
        return _token_problems("SLACK_APP_TOKEN", app_token, "xapp-", "Basic Information")
    if SIGNING_SECRET.fullmatch(secret):
        return []
    if secret:
        hint = f"copy its 32 hexadecimal digits from {WHERE_TOKENS_ARE} → Basic Information"
        message = "does not look like a signing secret"
        return [Problem(file="SLACK_SIGNING_SECRET", message=message, hint=hint)]
    hint = (
        f"set SLACK_APP_TOKEN for Socket Mode or SLACK_SIGNING_SECRET for HTTP; both are at "
        f"{WHERE_TOKENS_ARE} → Basic Information"
    )
    return [
        Problem(
            file="SLACK_APP_TOKEN", message="neither it nor SLACK_SIGNING_SECRET is set", hint=hint
        )
    ]


def _address_problems(api_url: str) -> list[Problem]:
    address = urlsplit(api_url)
    is_safe = address.scheme == "https" or (
        address.scheme == "http" and address.hostname in LOOPBACK
    )
    if is_safe and address.hostname:
        return []
    hint = "leave it unset for Slack itself; plain http is accepted for this machine only"
    return [Problem(file="SLACK_API_URL", message="is not an https address", hint=hint)]
