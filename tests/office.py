"""Kim, Sam and Maria at work under our playbooks, and our bot in front of them."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from slack_bolt import App

from bot.domain.ids import RoleKey, SlackUserId
from bot.domain.message import Message
from bot.domain.pay_settings import PaySettings
from bot.flows.roll_up import roll_up
from bot.playbook_files import load_playbooks
from bot.runtime import Runtime
from bot.storage.database import open_database, transaction
from bot.storage.mirror.upsert import upsert
from bot.surfaces.command import Question, answer, load_commands
from bot.surfaces.listeners import register_all
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import serve
from integrations.sandbox.slack.blockkit.validate import complaints_about_blocks
from integrations.sandbox.slack.state.values import Message as SlackMessage
from integrations.slack.bolt_app import EVENTS_PATH, build_app, http_door
from tests.slack_world import (
    CRM_IDS,
    TUESDAY_MORNING,
    SlackWorld,
    given_people,
    runtime_over,
    wait_until,
)

PLAYBOOKS = load_playbooks(Path(__file__).resolve().parents[1] / "playbooks")


def given_deals(runtime: Runtime) -> None:
    """Three open deals of Kim's, one of them hostile."""
    now = runtime.clock.now()
    stage = {
        "id": "01J000000000001AAA",
        "name": "Negotiation",
        "sort_order": 1,
        "is_active": True,
        "is_closed": False,
        "is_won": False,
        "stamp": now,
    }
    deals = [
        {
            "id": f"00600000000000{number}AAA",
            "name": name,
            "owner_id": CRM_IDS["kim"],
            "amount_cents": 4_000_000,
            "currency": "USD",
            "stage_name": "Negotiation",
            "close_on": now.date() - timedelta(days=number),
            "is_won": False,
            "is_closed": False,
            "is_deleted": False,
            "created_at": now - timedelta(days=40),
            "stamp": now,
        }
        for number, name in enumerate(("Acme", "Globex", "<!channel> *Initech*"), start=1)
    ]
    with transaction(runtime.database) as session:
        upsert(session, "opportunity_stage", [stage])
        upsert(session, "opportunity", deals)


#: Kim and Sam have a plan, and Maria may see to plans; she sees everybody's pay as well.
PAY = PaySettings(
    plans={RoleKey("mid_market_ae"): "mid_market_ae"},
    leaders=frozenset({"maria@acme.example"}),
    sees_each_person=frozenset({"maria@acme.example"}),
)


@pytest.fixture(scope="session")
def office_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody at work; Kim has three open deals, one of them hostile. Filled once, for copies."""
    path = tmp_path_factory.mktemp("office") / "pacesetter.sqlite3"
    shutil.copy(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    runtime = runtime_over(database, SandboxClock(starts_at=TUESDAY_MORNING, frozen=True))
    given_people(runtime)
    given_deals(runtime)
    roll_up(
        database,
        metrics=PLAYBOOKS.metrics,
        organisation=runtime.organisation,
        now=TUESDAY_MORNING,
    )
    database.dispose()
    return path


@pytest.fixture
def office(office_template: Path, tmp_path: Path, clock: SandboxClock) -> Iterator[Runtime]:
    with office_copied(office_template, tmp_path, clock) as runtime:
        yield runtime


@contextmanager
def office_copied(template: Path, folder: Path, clock: SandboxClock) -> Iterator[Runtime]:
    """The people of the template under our playbooks."""
    path = shutil.copy(template, folder / "office.sqlite3")
    database = open_database(f"sqlite:///{path}")
    yield replace(
        runtime_over(database, clock),
        metrics=PLAYBOOKS.metrics,
        models=PLAYBOOKS.models,
        plays=PLAYBOOKS.plays,
        scorecards=PLAYBOOKS.scorecards,
        pay=PLAYBOOKS.pay,
    )
    database.dispose()


def asked(runtime: Runtime, line: str, *, by: str = "kim") -> str:
    """All the words of the answer, after the sandbox's own validator has accepted it."""
    name, *words = line.split()
    question = Question(asker=SlackUserId(f"U0{by.upper()}"), words=tuple(words), channel="C0SALES")
    message = answer(load_commands()[name], question, runtime).message
    accepted([message, *message.thread])
    return f"{message.text} {[list(part.blocks) for part in (message, *message.thread)]}"


def read_aloud(runtime: Runtime, line: str, *, by: str = "kim") -> str:
    """The answer line by line, as a golden file shows it."""
    name, *words = line.split()
    question = Question(asker=SlackUserId(f"U0{by.upper()}"), words=tuple(words), channel="C0SALES")
    message = answer(load_commands()[name], question, runtime).message
    parts = [message, *message.thread]
    return "\n---\n".join(
        "\n".join([part.text, "", *texts_in(list(part.blocks))]) for part in parts
    )


def texts_in(part: object) -> Iterator[str]:
    """All words, in the order in which they are read."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key in {"text", "alt_text"} and isinstance(value, str):
                yield value
            else:
                yield from texts_in(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from texts_in(each)


def accepted(messages: Sequence[Message]) -> None:
    for message in messages:
        assert complaints_about_blocks(list(message.blocks), surface="message") == []


@pytest.fixture
def office_bot(office: Runtime, slack: SlackWorld) -> Iterator[App]:
    """The bot of the office, reached over signed HTTP."""
    app = build_app(slack.credentials, slack.client)
    register_all(app, office, slack.messenger)
    with serve(http_door(app)) as server:
        slack.sandbox.deliveries.request_url = f"{server.url}{EVENTS_PATH}"
        yield app
    app.listener_runner.listener_executor.shutdown()


def answers(slack: SlackWorld, line: str, *, person: str) -> SlackMessage:
    """The first answer to a line typed in a channel, for the person alone."""
    known = len(slack.sandbox.ephemerals_for(person))
    assert slack.sandbox.type_command(person, "sales", line).is_acknowledged
    return wait_until(lambda: slack.sandbox.ephemerals_for(person)[known:])[0]
