"""The whole of it: wind the clock to a Monday morning, and read what people were told."""

import shutil
import time as wall
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.service import Service
from bot.storage.database import reading
from bot.storage.firings import OPEN, FiringRow
from tests.given import BERLIN, acme
from tests.living import Living, living

MONDAY = date(2026, 3, 9)
SUNDAY_NIGHT = datetime(2026, 3, 8, 22, 0, tzinfo=BERLIN)


def berlin(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


@contextmanager
def sunday_night_in(folder: Path, database_url: str) -> Iterator[Living]:
    """Kim's Acme deal was due last Monday; Sam's deals are in order, and he is away on Monday."""
    story = acme(MONDAY)
    story.with_deal(
        "Acme <!channel> & Söhne", "Kim", amount=180_000, closes=MONDAY - timedelta(days=7)
    )
    story.with_deal("Initech", "Kim", amount=90_000, closes=MONDAY - timedelta(days=3))
    story.with_contact_on("Acme <!channel> & Söhne", "Erika")
    story.with_call("Kim", MONDAY - timedelta(days=4), about="Acme <!channel> & Söhne", to="Erika")
    story.with_meeting("Kim", MONDAY + timedelta(days=2), about="Acme <!channel> & Söhne")
    story.with_contact_on("Initech", "Bill")
    story.with_call("Kim", MONDAY - timedelta(days=3), about="Initech", to="Bill")
    story.with_deal("Globex", "Sam", closes=MONDAY - timedelta(days=3))
    story.with_leave("Sam", MONDAY, MONDAY + timedelta(days=1))
    with living(story, now=SUNDAY_NIGHT, folder=folder, database_url=database_url) as life:
        yield life


@pytest.fixture
def sunday_night(tmp_path: Path, sqlite_url: str) -> Iterator[Living]:
    with sunday_night_in(tmp_path, sqlite_url) as life:
        yield life


@dataclass(frozen=True)
class Morning:
    """Tests may only read from it."""

    life: Living
    #: What Kim had been told before working hours.
    too_early: list[str]


@pytest.fixture(scope="module")
def morning(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    """Monday, half past eight, once for all who read what was said until then."""
    folder = tmp_path_factory.mktemp("monday")
    path = shutil.copy(sqlite_template, folder / "pacesetter.sqlite3")
    with sunday_night_in(folder, f"sqlite:///{path}") as life:
        run_until(life, berlin(MONDAY, 7, 31), berlin(MONDAY, 8, 29))
        too_early = life.messages_to("Kim")
        run_until(life, berlin(MONDAY, 8, 31))
        yield Morning(life, too_early)


def run_until(life: Living, *instants: datetime) -> None:
    """The real service, schedule and all, while the clock is wound from instant to instant."""
    service = life.service()
    service.start()
    try:
        for instant in instants:
            life.clock.wind_to(instant)
            settle(life, service)
    finally:
        service.stop()


def settle(life: Living, service: Service) -> None:
    """Let everything that is due come to an end; time creeps, so that delivery comes due again.

    It does so only while nothing is under way: on a busy machine it would creep past the hour.
    """
    deadline = wall.monotonic() + 180
    quiet = 0
    while quiet < 3:
        if not open_firings(life, due_by=life.clock.now()):
            life.clock.wind(timedelta(seconds=6))
            service.scheduler.look()
        before = len(life.slack.log())
        wall.sleep(0.4)
        is_calm = len(life.slack.log()) == before and not life.program.waiting()
        quiet = quiet + 1 if is_calm and not open_firings(life) else 0
        assert wall.monotonic() < deadline, "it never settled"


def open_firings(life: Living, *, due_by: datetime | None = None) -> int:
    """How many are worked on, or could be by then; one that is to be repeated waits for longer."""
    row = FiringRow
    with reading(life.program.database) as session:
        wanted = select(row).where(col(row.state).in_(OPEN))
        if due_by is not None:
            wanted = wanted.where(col(row.not_before) <= due_by)
        return len(session.exec(wanted).all())


def test_a_rep_is_nudged_on_monday_morning_about_a_deal_that_slipped(morning: Morning) -> None:
    assert morning.too_early == []
    [said] = morning.life.messages_to("Kim")
    assert "close date in the past" in said
    assert "<!channel>" not in said


def test_who_is_away_is_left_alone_and_the_silence_has_a_reason(morning: Morning) -> None:
    life = morning.life
    assert life.messages_to("Sam") == []
    lines = life.program.why(life.story.people["Sam"])
    assert lines == [] or any("away" in line for line in lines)


def test_the_manager_and_the_channel_get_the_digest_and_nobody_is_blamed_there(
    morning: Morning,
) -> None:
    life = morning.life
    assert any("your team's week" in text for text in life.messages_to("Maria"))
    channel = [message for message in life.slack.messages_in("sales") if not message.thread_ts]
    assert any("Maria's team" in message.text for message in channel)
    said = " ".join(str(message.blocks) + message.text for message in channel)
    assert "past" not in said
    assert "short of" not in said or "Kim" not in said


def test_nothing_is_said_twice_after_a_restart(sunday_night: Living) -> None:
    life = sunday_night
    run_until(life, berlin(MONDAY, 8, 31))
    before = {name: life.messages_to(name) for name in ("Kim", "Sam", "Maria")}
    in_channel = len(life.slack.messages_in("sales"))
    run_until(life, berlin(MONDAY, 8, 40), berlin(MONDAY, 12, 0))
    assert {name: life.messages_to(name) for name in ("Kim", "Sam", "Maria")} == before
    assert len(life.slack.messages_in("sales")) == in_channel


def test_days_asleep_are_caught_up_on_with_one_digest_only(sunday_night: Living) -> None:
    life = sunday_night
    run_until(life, berlin(MONDAY, 8, 31))
    run_until(life, berlin(MONDAY + timedelta(days=16), 9, 0))
    digests = [text for text in life.messages_to("Maria") if "your team's week" in text]
    assert len(digests) == 2


def test_done_changes_the_message_and_is_remembered(sunday_night: Living) -> None:
    life = sunday_night
    run_until(life, berlin(MONDAY, 8, 31))
    service = life.service()
    service.start()
    try:
        [message] = life.slack.direct_messages_to("U0KIM")
        life.slack.press("U0KIM", message, "nudge.done")
        deadline = wall.monotonic() + 60
        while "nudge.done" in str(life.slack.direct_messages_to("U0KIM")[0].blocks):
            assert wall.monotonic() < deadline, "the buttons stayed"
            wall.sleep(0.1)
    finally:
        service.stop()
    assert "Done" in str(life.slack.direct_messages_to("U0KIM")[0].blocks)
