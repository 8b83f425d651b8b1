from dataclasses import dataclass, field

DEMO_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "team:read",
        "users:read",
        "users:read.email",
    }
)

DEMO_EVENTS = frozenset({"app_home_opened", "app_mention", "member_joined_channel", "message.im"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the installed app may present and do. The defaults open nothing but a sandbox."""

    bot_token: str = field(default="xoxb-sandbox-bot-token", repr=False)
    app_token: str = field(default="xapp-1-A0SANDBOX1-sandbox-app-token", repr=False)
    signing_secret: str = field(default="0123456789abcdef0123456789abcdef", repr=False)
    #: What ``apps.manifest.*`` is called with.
    config_token: str = field(default="xoxe.xoxp-1-sandbox-config-token", repr=False)
    client_id: str = "1000000000001.1000000000002"
    client_secret: str = field(default="fedcba9876543210fedcba9876543210", repr=False)
    #: The value of ``token`` in payloads, deprecated by Slack and still sent.
    verification_token: str = field(default="sandbox-verification", repr=False)
    scopes: frozenset[str] = DEMO_SCOPES
    #: Names as a manifest writes them: ``message.im``, not ``message``.
    events: frozenset[str] = DEMO_EVENTS
