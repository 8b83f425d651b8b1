"""A sandbox Slack with Kim, Sam and Maria in it, and our own adapters pointed at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.coaching.policy import Policy
from bot.coaching.rule import load_rules
from bot.domain.organisation import Organisation
from bot.domain.workdays import WorkCalendar
from bot.render.environment import Renderer
from bot.runtime import Runtime
from integrations.sandbox.changes import SlackChannel, SlackPerson
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.credentials import Credentials
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.server import run_slack_sandbox
from integrations.slack.bolt_app import build_client
from integrations.slack.credentials import SlackCredentials
from integrations.slack.directory import SlackDirectory
from integrations.slack.manifest import BOT_EVENTS, BOT_SCOPES
from integrations.slack.messenger import SlackMessenger

#: A Tuesday; 09:12 in Berlin, where Kim and Sam sell and Maria leads.
TUESDAY_MORNING = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
PEOPLE = tuple(
    SlackPerson(
        id=f"U0{name.upper()}",
        name=name,
        real_name=f"{name.title()} {surname}",
        email=f"{name}@acme.example",
        zone="Europe/Berlin",
    )
    for name, surname in (("kim", "Berg"), ("sam", "Reyes"), ("maria", "Lopez"))
)
CHANNELS = (SlackChannel(id="C0SALES", name="sales", members=tuple(each.id for each in PEOPLE)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackWorld:
    """A sandbox that listens, and our own adapters pointed at it."""

    url: str
    sandbox: Sandbox
    credentials: SlackCredentials
    client: WebClient
    messenger: SlackMessenger


@pytest.fixture
def clock() -> SandboxClock:
    """Stands still until a test winds it."""
    return SandboxClock(starts_at=TUESDAY_MORNING, frozen=True)


@pytest.fixture
def slack(clock: SandboxClock) -> Iterator[SlackWorld]:
    theirs = Credentials(scopes=frozenset(BOT_SCOPES), events=frozenset(BOT_EVENTS))
    server, sandbox = run_slack_sandbox(PEOPLE, CHANNELS, clock, credentials=theirs)
    with server:
        ours = SlackCredentials(
            bot_token=theirs.bot_token,
            app_token=theirs.app_token,
            signing_secret=theirs.signing_secret,
            api_url=f"{server.url}/api/",
        )
        client = build_client(ours)
        yield SlackWorld(
            url=server.url,
            sandbox=sandbox,
            credentials=ours,
            client=client,
            messenger=SlackMessenger(client),
        )


@pytest.fixture
def runtime(database: Engine, clock: SandboxClock, slack: SlackWorld) -> Runtime:
    """Ours with every rule and without metrics or playbooks."""
    return Runtime(
        clock=clock,
        database=database,
        renderer=Renderer(),
        policy=Policy(),
        organisation=Organisation(
            zone=ZoneInfo("Europe/Berlin"), crm_address="https://acme.my.example"
        ),
        calendar=WorkCalendar(),
        metrics={},
        rules=load_rules(),
        models={},
        plays={},
        directory=SlackDirectory(slack.client),
        draw_seed="tests",
    )
