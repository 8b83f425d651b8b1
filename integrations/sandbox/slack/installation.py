import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.credentials import Credentials
from integrations.sandbox.slack.faults import Faults
from integrations.sandbox.slack.limits import RateLimits
from integrations.sandbox.slack.log import WireLog
from integrations.sandbox.slack.manifest import (
    CommandHint,
    ShortcutHint,
    commands_in,
    credentials_under,
    shortcuts_in,
)
from integrations.sandbox.slack.response_urls import ResponseUrls
from integrations.sandbox.slack.state.workspace import Workspace
from integrations.sandbox.slack.tickets import Tickets
from integrations.sandbox.slack.timings import Timings
from integrations.sandbox.slack.triggers import Triggers


@dataclass(slots=True, kw_only=True)
class Installation:
    """One app installed in one workspace, with everything both sides of the wire share."""

    workspace: Workspace
    clock: SandboxClock
    credentials: Credentials
    timings: Timings
    limits: RateLimits
    faults: Faults
    log: WireLog
    triggers: Triggers
    response_urls: ResponseUrls
    tickets: Tickets
    #: Known commands by name; None when no manifest was given and every command is delivered.
    commands: dict[str, CommandHint] | None
    shortcuts: tuple[ShortcutHint, ...] = ()
    #: Commands typed so far, which the composer offers when there is no manifest.
    typed_commands: dict[str, CommandHint] = field(default_factory=dict)
    #: After an uninstall no token opens anything.
    is_uninstalled: bool = False
    #: After ``auth.revoke`` the bot's token opens nothing until the app is installed anew.
    is_revoked: bool = False
    #: Codes that an installation handed out and nobody has exchanged: code to redirect address.
    install_codes: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """``http://host:port`` of this server, learnt from the first request when not given."""
        return self.workspace.address

    def hand_out_code(self, redirect_url: str) -> str:
        code = secrets.token_hex(16)
        self.install_codes[code] = redirect_url
        return code

    def offered_commands(self) -> list[CommandHint]:
        known = self.commands if self.commands is not None else self.typed_commands
        return sorted(known.values(), key=lambda hint: hint.name)


def install(
    workspace: Workspace,
    credentials: Credentials,
    clock: SandboxClock,
    *,
    timings: Timings | None = None,
    limits: RateLimits | None = None,
    manifest: Mapping[str, Any] | None = None,
) -> Installation:
    chosen = timings or Timings()
    faults = Faults()
    commands = None
    if manifest is not None:
        commands = {hint.name: hint for hint in commands_in(manifest)}
        credentials = credentials_under(credentials, manifest)
    return Installation(
        workspace=workspace,
        clock=clock,
        credentials=credentials,
        timings=chosen,
        limits=limits or RateLimits(),
        faults=faults,
        log=WireLog(clock),
        triggers=Triggers(chosen.trigger, faults),
        response_urls=ResponseUrls(clock, chosen.response_url),
        tickets=Tickets(),
        commands=commands,
        shortcuts=shortcuts_in(manifest) if manifest is not None else (),
    )
