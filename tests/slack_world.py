"""A sandbox Slack with Kim, Sam and Maria in it, and our own adapters pointed at it."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.coaching.policy import Policy
from bot.coaching.rule import load_rules
from bot.domain.ids import DecisionId, RecordId, RepId, RoleKey, RuleKey
from bot.domain.nudge import Hold, HoldReason, Send
from bot.domain.organisation import Organisation, RoleMatch
from bot.domain.workdays import WorkCalendar
from bot.flows.coach import render_nudge
from bot.ports import Clock
from bot.render.charts.raster import png
from bot.render.environment import Renderer
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.decisions import record
from bot.storage.mirror.user import CrmUserRow
from bot.storage.outbox import enqueue
from bot.storage.people import SlackMatchRow
from bot.surfaces.listeners import register_all
from integrations.sandbox.changes import SlackChannel, SlackPerson
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import serve
from integrations.sandbox.slack.credentials import Credentials
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.server import run_slack_sandbox
from integrations.sandbox.slack.timings import Timings
from integrations.slack.bolt_app import (
    EVENTS_PATH,
    build_app,
    build_client,
    http_door,
    socket_door,
)
from integrations.slack.credentials import SlackCredentials
from integrations.slack.manifest import BOT_EVENTS, BOT_SCOPES
from integrations.slack.messenger import SlackMessenger
from integrations.slack.pacing import Allowance

Found = TypeVar("Found")

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
#: Machines that are busy with other tests acknowledge late; what must come first is held instead.
PATIENT = Timings(acknowledgement=20, trigger=60)
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
    with slack_at(clock) as world:
        yield world


@contextmanager
def slack_at(clock: SandboxClock) -> Iterator[SlackWorld]:
    theirs = Credentials(scopes=frozenset(BOT_SCOPES), events=frozenset(BOT_EVENTS))
    server, sandbox = run_slack_sandbox(
        PEOPLE, CHANNELS, clock, credentials=theirs, timings=PATIENT
    )
    with server:
        ours = SlackCredentials(
            bot_token=theirs.bot_token,
            app_token=theirs.app_token,
            signing_secret=theirs.signing_secret,
            api_url=f"{server.url}/api/",
        )
        # Each look at this clock is a thousand seconds later: pacing is another test's business.
        paced = Allowance(monotonic=itertools.count(step=1000).__next__)
        client = build_client(ours, allowance=paced)
        yield SlackWorld(
            url=server.url,
            sandbox=sandbox,
            credentials=ours,
            client=client,
            messenger=SlackMessenger(client, draw=png),
        )


@pytest.fixture
def runtime(database: Engine, clock: SandboxClock) -> Runtime:
    """Ours with every rule and without metrics or playbooks."""
    return runtime_over(database, clock)


def runtime_over(database: Engine, clock: Clock) -> Runtime:
    return Runtime(
        clock=clock,
        database=database,
        renderer=Renderer(),
        policy=Policy(),
        organisation=Organisation(
            zone=ZoneInfo("Europe/Berlin"),
            crm_address="https://acme.my.example",
            roles=(RoleMatch(role=RoleKey("mid_market_ae"), title_contains="executive"),),
        ),
        calendar=WorkCalendar(),
        metrics={},
        rules=load_rules(),
        models={},
        plays={},
        draw_seed="tests",
    )


#: CRM ids by first name; Maria leads Kim and Sam.
CRM_IDS = {
    "kim": "005000000000001AAA",
    "sam": "005000000000002AAA",
    "maria": "005000000000003AAA",
}


def given_people(runtime: Runtime) -> None:
    """Kim, Sam and their manager Maria in the CRM, matched with their Slack accounts."""
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        for person in PEOPLE:
            crm_id = CRM_IDS[person.name]
            session.add(
                CrmUserRow(
                    id=crm_id,
                    name=person.real_name,
                    first_name=person.name.title(),
                    email=person.email,
                    title="Account Executive",
                    is_active=True,
                    time_zone=person.zone,
                    locale="en_GB",
                    manager_id=None if person.name == "maria" else CRM_IDS["maria"],
                    created_at=now - timedelta(days=900),
                    stamp=now,
                )
            )
            session.add(
                SlackMatchRow(
                    person_id=crm_id, slack_id=person.id, matched_by="email", matched_at=now
                )
            )


def given_nudge(
    runtime: Runtime,
    *,
    to: str = "kim",
    rule: str = "past_due_close_date",
    held: str | None = None,
    records: tuple[RecordId, ...] | None = None,
) -> DecisionId:
    """A rule's example, judged and enqueued as the coaching would, or held for a reason."""
    now = runtime.clock.now()
    known = runtime.rules[RuleKey(rule)]
    proposal = next(known.notice(known.example))
    proposal = replace(proposal, to=RepId(CRM_IDS[to]), about=RepId(CRM_IDS[to]))
    if records is not None:
        proposal = replace(proposal, records=records)
    with transaction(runtime.database) as session:
        decision = record(
            session,
            proposal,
            Send() if held is None else Hold(HoldReason(held)),
            at=now,
            day=now.date(),
            text=render_nudge(runtime, proposal, nudge="0").text,
            is_eligible=True,
            send_probability=1.0,
            draw=0.5,
        )
        if held is None:
            enqueue(
                session,
                dedupe_key=f"nudge:{decision}",
                kind="nudge",
                recipient=f"U0{to.upper()}",
                message=render_nudge(runtime, proposal, nudge=str(decision)),
                not_before=now,
                now=now,
                decision=decision,
            )
    return decision


@pytest.fixture
def app(runtime: Runtime, slack: SlackWorld) -> Iterator[App]:
    """Ours with all its listeners, not yet reachable."""
    app = build_app(slack.credentials, slack.client)
    register_all(app, runtime, slack.messenger)
    yield app
    app.listener_runner.listener_executor.shutdown()


@pytest.fixture
def bot(app: App, slack: SlackWorld) -> Iterator[App]:
    """The bot reached over signed HTTP, which shuts faster than a socket."""
    with serve(http_door(app)) as server:
        slack.sandbox.deliveries.request_url = f"{server.url}{EVENTS_PATH}"
        yield app


@pytest.fixture
def bot_on_socket(app: App, slack: SlackWorld) -> Iterator[App]:
    """The bot reached over Socket Mode."""
    door = socket_door(app, slack.credentials, slack.client)
    door.connect()
    yield app
    door.close()  # type: ignore[no-untyped-call]  # Bolt's own


def wait_until(holds: Callable[[], Found | None], *, seconds: float = 30.0) -> Found:
    """What ``holds`` returns as soon as it is true; fails when that takes too long."""
    until = time.monotonic() + seconds
    while not (found := holds()):
        if time.monotonic() > until:
            pytest.fail("waited in vain")
        time.sleep(0.01)
    return found
