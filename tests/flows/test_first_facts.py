"""Of a first load, facts are made in little memory: some activities in each transaction."""

import random
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from bot.domain.choices import STANDARD
from bot.flows.roll_up import derive_stale, kept_daily, refresh
from bot.storage.database import open_database, transaction
from bot.storage.facts.select import Knowledge
from tests.flows.record_story import Story
from tests.mirrored import ORGANISATION, Mirror, berlin, metrics

TODAY = date(2026, 3, 11)
NOON = berlin(TODAY, 12, 0)
FACTS = ("activity", "deal_span", "lead_fact", "email_thread", "next_step", "daily_reading")


def facts_made(database: Engine, *, at_most: int | None) -> tuple[dict[str, list[str]], int]:
    """And in how many transactions."""
    kept, knowledge = kept_daily(metrics(), STANDARD), Knowledge(day=TODAY, now=NOON)
    turns, is_over = 0, False
    while not is_over:
        with transaction(database) as session:
            is_over = derive_stale(
                session, ORGANISATION, kept, knowledge=knowledge, at_most=at_most
            )
        turns += 1
    refresh(database, metrics=metrics(), organisation=ORGANISATION, now=NOON)
    with database.connect() as connection:
        found = {
            table: sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}"))))  # noqa: S608 - ours
            for table in FACTS
        }
    return found, turns


def test_facts_made_bit_by_bit_are_those_made_at_once(sqlite: Engine, tmp_path: Path) -> None:
    mirror = Mirror(sqlite)
    story = Story(mirror, random.Random(7))  # noqa: S311 - a story, no secret
    with mirror.at_once():
        for back in range(40, -1, -1):
            for _ in range(4):
                story.live(TODAY - timedelta(days=back))
    mirror.pulled(as_of=NOON)
    copy = tmp_path / "copy.sqlite3"
    with sqlite.connect() as connection:
        connection.execute(text("VACUUM INTO :copy"), {"copy": str(copy)})
    other = open_database(f"sqlite:///{copy}")
    whole, once = facts_made(sqlite, at_most=None)
    parts, turns = facts_made(other, at_most=9)
    other.dispose()
    assert parts == whole
    assert all(whole[table] for table in ("activity", "deal_span", "daily_reading"))
    assert once == 1
    assert turns > 5
