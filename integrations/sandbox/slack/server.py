from collections.abc import Iterable, Mapping
from typing import Any

from integrations.sandbox.changes import SlackChannel, SlackPerson
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import RunningServer, serve
from integrations.sandbox.slack.app import create_app
from integrations.sandbox.slack.credentials import Credentials
from integrations.sandbox.slack.limits import RateLimits
from integrations.sandbox.slack.page.routes import PageSettings
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.state.values import BotIdentity, Team
from integrations.sandbox.slack.state.workspace import Workspace
from integrations.sandbox.slack.timings import Timings


def run_slack_sandbox(
    people: Iterable[SlackPerson],
    channels: Iterable[SlackChannel],
    clock: SandboxClock,
    *,
    port: int = 0,
    team: Team | None = None,
    bot: BotIdentity | None = None,
    bot_channels: Iterable[str] | None = None,
    credentials: Credentials | None = None,
    timings: Timings | None = None,
    limits: RateLimits | None = None,
    manifest: Mapping[str, Any] | None = None,
    request_url: str | None = None,
    http_only: bool = False,
    intro: str = "",
    person: str = "",
) -> tuple[RunningServer, Sandbox]:
    """Build a workspace, serve it on loopback, and return the server with its driver.

    ``bot_channels`` are ids or names of channels the bot is in from the start; None means all.
    ``person`` is whose eyes the page opens with. Raises OSError when the port is taken.
    """
    known = tuple(channels)
    joined = [channel.id for channel in known] if bot_channels is None else list(bot_channels)
    workspace = Workspace(people, known, clock, team=team, bot=bot, bot_channels=joined)
    app = create_app(
        workspace,
        credentials or Credentials(),
        clock,
        timings=timings,
        limits=limits,
        manifest=manifest,
        request_url=request_url,
        http_only=http_only,
        page=PageSettings(intro=intro, person=person),
    )
    server = serve(app, port=port)
    workspace.address = server.url
    return server, app.sandbox
