"""A large organisation written straight into the derived tables, from a seed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from sqlalchemy import Engine
from sqlmodel import SQLModel

from bot.domain.windows import LAST_DAY_EVER
from bot.storage.database import transaction
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.activity import CrmTaskRow
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.mirror.stale import StaleRecordRow
from bot.storage.mirror.user import CrmUserRow
from tests.mirrored import berlin

MONDAY = date(2026, 3, 9)
TITLES = ("SMB Account Executive", "Mid-Market Account Executive", "Enterprise Account Executive")
KINDS = ("call", "email", "meeting", "other")
STAGES = ("Discovery", "Proposal", "Negotiation")
AT_ONCE = 200_000
CONVERSATION_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Size:
    reps: int
    activities: int
    weeks: int
    deals_a_rep: int = 20
    reps_a_team: int = 8

    @cached_property
    def rep_ids(self) -> list[str]:
        return [f"005{1000 + number:012}AAA" for number in range(self.reps)]

    @cached_property
    def deal_ids(self) -> list[str]:
        return [f"006{number:012}AAA" for number in range(self.reps * self.deals_a_rep)]

    @cached_property
    def weekdays(self) -> list[date]:
        days = [MONDAY - timedelta(days=back) for back in range(1, 7 * self.weeks + 1)]
        return [day for day in reversed(days) if day.weekday() < 5]


def write_large_team(database: Engine, size: Size, *, seed: int) -> None:
    chance = np.random.default_rng(seed)
    write_rows(database, CrmUserRow, people(size))
    write_rows(database, OpportunityRow, deals(size))
    write_rows(database, DealSpanRow, spans(size, chance))
    with without_indexes(database, "activity"):
        for start in range(0, size.activities, AT_ONCE):
            many = min(AT_ONCE, size.activities - start)
            write_activities(database, activities(size, chance, start, many))


def write_rows(database: Engine, table: type[SQLModel], rows: Iterator[dict[str, object]]) -> None:
    """By set, with the names that all rows share."""
    given = list(rows)
    with transaction(database) as session:
        session.connection().execute(table.__table__.insert(), given)  # type: ignore[attr-defined]  # SQLModel adds __table__


def people(size: Size) -> Iterator[dict[str, object]]:
    teams = range(-(-size.reps // size.reps_a_team))
    leaders = [f"005{900_000_000 + team:012}AAA" for team in teams]
    for at, person in enumerate([*size.rep_ids, *leaders]):
        leads = at >= size.reps
        yield {
            "id": person,
            "name": f"Person {at}",
            "first_name": "Person",
            "email": f"p{at}@acme.example",
            "title": "Sales Manager" if leads else TITLES[at % len(TITLES)],
            "is_active": True,
            "manager_id": None if leads else leaders[at // size.reps_a_team],
            "time_zone": "Europe/Berlin",
            "created_at": berlin(date(2023, 1, 2)),
            "is_deleted": False,
            "stamp": berlin(MONDAY),
        }


def deals(size: Size) -> Iterator[dict[str, object]]:
    for at, deal in enumerate(size.deal_ids):
        yield {
            "id": deal,
            "name": f"Deal {at}",
            "owner_id": size.rep_ids[at // size.deals_a_rep],
            "stage_name": STAGES[at % len(STAGES)],
            "close_on": MONDAY + timedelta(days=at % 90),
            "next_step": "Send the offer" if at % 3 else None,
            "is_won": False,
            "is_closed": False,
            "created_at": berlin(size.weekdays[0]),
            "is_deleted": False,
            "stamp": berlin(MONDAY),
        }


def spans(size: Size, chance: np.random.Generator) -> Iterator[dict[str, object]]:
    """A quarter of the deals was won and a quarter lost on the way."""
    created_on = size.weekdays[0]
    for at, deal in enumerate(size.deal_ids):
        closed_on = size.weekdays[int(chance.integers(1, len(size.weekdays)))]
        is_open, is_won = at % 4 > 1, at % 4 == 0
        begun = {
            "opportunity_id": deal,
            "rep_id": size.rep_ids[at // size.deals_a_rep],
            "first_day": created_on,
            "last_day": LAST_DAY_EVER if is_open else closed_on - timedelta(days=1),
            "stage_name": STAGES[at % len(STAGES)],
            "stage_progress": 0.5,
            "furthest_progress": 0.5,
            "flaws": "",
            "is_closed": False,
            "is_won": False,
            "closed_on": None,
            "amount_cents": int(chance.integers(100_000, 9_000_000)),
            "first_amount_cents": 100_000,
            "close_on": MONDAY + timedelta(days=at % 90),
            "created_on": created_on,
            "entered_stage_on": created_on,
            "qualified_on": created_on,
            "qualified_amount_cents": 100_000,
            "pushes": at % 5,
        }
        yield begun
        if not is_open:
            yield {
                **begun,
                "first_day": closed_on,
                "last_day": LAST_DAY_EVER,
                "stage_name": "Closed Won" if is_won else "Closed Lost",
                "is_closed": True,
                "is_won": is_won,
                "closed_on": closed_on,
            }


ACTIVITY_COLUMNS = (
    "id, rep_id, kind, done_on, done_at, logged_on, logged_at, due_on, seconds, is_conversation, "
    "is_external, is_late_logged, is_missed, who_id, opportunity_id"
)


@contextmanager
def without_indexes(database: Engine, table: str) -> Iterator[None]:
    """Built once at the end, which is faster than row by row."""
    wanted = "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND sql LIKE 'CREATE INDEX%'"
    with transaction(database) as session:
        connection = session.connection()
        made = [tuple(row) for row in connection.exec_driver_sql(wanted, (table,))]
        for name, _ in made:
            connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    with transaction(database) as session:
        for _, words in made:
            session.connection().exec_driver_sql(words)


def write_activities(database: Engine, rows: Iterator[tuple[object, ...]]) -> None:
    """By the driver itself: a million rows through SQLAlchemy would take minutes."""
    marks = ", ".join("?" * (ACTIVITY_COLUMNS.count(",") + 1))
    words = f"INSERT INTO activity ({ACTIVITY_COLUMNS}) VALUES ({marks})"  # noqa: S608 - ours
    with transaction(database) as session:
        session.connection().exec_driver_sql(words, list(rows))


def activities(
    size: Size, chance: np.random.Generator, start: int, many: int
) -> Iterator[tuple[object, ...]]:
    days = [day.isoformat() for day in size.weekdays]
    instants = [f"{day} 10:00:00.000000" for day in days]
    owners = chance.integers(0, size.reps, many).tolist()
    when = chance.integers(0, len(days), many).tolist()
    kinds = chance.choice(len(KINDS), many, p=(0.5, 0.3, 0.1, 0.1)).tolist()
    lengths = chance.integers(0, 600, many).tolist()
    places = chance.integers(0, 3 * size.deals_a_rep, many).tolist()
    told = zip(owners, when, kinds, lengths, places, strict=True)
    for at, (owner, on, kind, seconds, place) in enumerate(told):
        is_on_deal = place < size.deals_a_rep
        yield (
            f"00T{start + at:012}AAA",
            size.rep_ids[owner],
            KINDS[kind],
            days[on],
            instants[on],
            days[on],
            instants[on],
            days[on],
            seconds if kind == 0 else None,
            kind == 0 and seconds > CONVERSATION_SECONDS,
            True,
            seconds % 10 == 0,
            False,
            f"003{owner * 97 + seconds:012}AAA",
            size.deal_ids[owner * size.deals_a_rep + place] if is_on_deal else None,
        )


def changed_tasks(
    size: Size, many: int, *, at: datetime, over_days: int, seed: int
) -> list[dict[str, object]]:
    """Calls that a pull brings: written down during the last days, of anybody."""
    chance = np.random.default_rng(seed)
    days = size.weekdays[-over_days:]
    rows: list[dict[str, object]] = []
    for number in range(many):
        owner = int(chance.integers(0, size.reps))
        day = days[int(chance.integers(0, len(days)))]
        deal = owner * size.deals_a_rep + int(chance.integers(0, size.deals_a_rep))
        rows.append(
            {
                "id": f"00T{900_000_000 + 1_000_000 * seed + number:012}AAA",
                "owner_id": size.rep_ids[owner],
                "what_id": size.deal_ids[deal] if number % 3 == 0 else None,
                "subtype": "Call",
                "status": "Completed",
                "is_closed": True,
                "activity_on": day,
                "completed_at": berlin(day, 15),
                "call_seconds": 120,
                "created_at": berlin(day, 15),
                "is_deleted": False,
                "stamp": at,
            }
        )
    return rows


def write_changes(database: Engine, rows: list[dict[str, object]]) -> None:
    """As a pull writes them: the records, and that they are stale."""
    write_rows(database, CrmTaskRow, iter(rows))
    stale = ({"table_name": "crm_task", "record_id": row["id"]} for row in rows)
    write_rows(database, StaleRecordRow, stale)
