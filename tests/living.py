"""The real bot between both sandboxes, living by a clock that a test winds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.bootstrap import build, build_service, make_manifest
from bot.program import Program
from bot.service import Service
from integrations.sandbox.changes import SlackChannel
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.sessions import Credentials as SalesforceCredentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve
from integrations.sandbox.slack.credentials import Credentials as SlackCredentials
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.server import run_slack_sandbox
from tests.given import CONFIG, Story


@dataclass(frozen=True)
class Living:
    """A story with both sandboxes around it and the real bot inside."""

    story: Story
    store: Store
    slack: Sandbox
    slack_url: str
    clock: SandboxClock
    program: Program
    environment: dict[str, str]

    def service(self) -> Service:
        return build_service(self.program, self.environment)

    def messages_to(self, name: str) -> list[str]:
        """The stand-in texts of all direct messages to a person, oldest first."""
        return [message.text for message in self.slack.direct_messages_to(f"U0{name.upper()}")]


@contextmanager
def living(
    story: Story, *, now: datetime, folder: Path, database_url: str, config: str = ""
) -> Iterator[Living]:
    """The story comes to life at ``now``; time stands still until it is wound."""
    clock = SandboxClock(folder / "clock.json", starts_at=now, frozen=True)
    store = Store.from_changes(sorted(story.changes, key=lambda each: each.at), clock=clock)
    members = tuple(person.id for person in story.slack)
    channels = (SlackChannel(id="C0SALES", name="sales", members=members),)
    with serve(create_app(store, clock)) as salesforce:
        server, sandbox = run_slack_sandbox(story.slack, channels, clock, manifest=make_manifest())
        try:
            environment = {
                "SALESFORCE_LOGIN_URL": salesforce.url,
                "SALESFORCE_CLIENT_ID": SalesforceCredentials().client_id,
                "SALESFORCE_CLIENT_SECRET": SalesforceCredentials().client_secret,
                "SLACK_API_URL": f"{server.url}/api/",
                "SLACK_BOT_TOKEN": SlackCredentials().bot_token,
                "SLACK_APP_TOKEN": SlackCredentials().app_token,
                "DATABASE_URL": database_url,
                "PACESETTER_CLOCK_FILE": str(folder / "clock.json"),
            }
            app_yaml = folder / "app.yaml"
            app_yaml.write_text(config or CONFIG, encoding="utf-8")
            environment["PACESETTER_CONFIG"] = str(app_yaml)
            program = build(environment, home=folder)
            yield Living(
                story=story,
                store=store,
                slack=sandbox,
                slack_url=server.url,
                clock=clock,
                program=program,
                environment=environment,
            )
            program.database.dispose()
        finally:
            server.stop()
            store.close()
