"""A small mirror, written row by row as pulls would write it, for tests of what is made of it."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import InitVar, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.domain.ids import MetricKey, RepId, RoleKey
from bot.domain.organisation import Organisation, RoleMatch
from bot.domain.windows import Window
from bot.flows.roll_up import derive_stale, kept_daily, roll_up
from bot.metrics.catalog import load_metrics
from bot.metrics.definition import Definition
from bot.storage.cursors import CursorRow
from bot.storage.database import reading, transaction
from bot.storage.facts.select import Knowledge
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror import MIRROR_TABLES, UNMAPPED
from bot.storage.mirror.upsert import mark_deleted, upsert
from bot.storage.readings import measure, read
from tests.filled import begin_with

ROOT = Path(__file__).parents[1]
BERLIN = ZoneInfo("Europe/Berlin")
KIM, SAM, MARIA = (f"00500000000000{n}AAA" for n in (1, 2, 3))
NAMES = {KIM: "Kim", SAM: "Sam", MARIA: "Maria"}
STAGES = {
    "Discovery": (False, False),
    "Proposal": (False, False),
    "Closed Won": (True, True),
    "Closed Lost": (True, False),
}
ORGANISATION = Organisation(
    zone=BERLIN, roles=(RoleMatch(role=RoleKey("mid_market_ae"), title_contains="executive"),)
)


@cache
def metrics() -> Mapping[MetricKey, Definition]:
    return load_metrics(ROOT / "playbooks" / "metrics")


def berlin(day: date, hour: int = 11, minute: int = 7) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=BERLIN).astimezone(UTC)


@dataclass
class Mirror:
    """Kim and Sam sell in Berlin, Maria leads them; every method is a pull that saw one change."""

    database: Engine
    organisation: Organisation = ORGANISATION
    deals: dict[str, dict[str, object]] = field(default_factory=dict)
    written: int = 0
    #: Rows that wait for the end of ``at_once``, by table and id.
    held: dict[tuple[str, str], dict[str, Any]] | None = None
    #: Not where the database is a copy of one that has begun.
    begins: InitVar[bool] = True

    def __post_init__(self, begins: bool) -> None:
        if begins:
            with self.at_once():
                self._begin()

    def _begin(self) -> None:
        for person, name in NAMES.items():
            self.person(person, name)
        for order, (name, (is_closed, is_won)) in enumerate(STAGES.items()):
            self.write(
                "opportunity_stage",
                id=f"01J00000000000{order}AAA",
                name=name,
                sort_order=order,
                is_closed=is_closed,
                is_won=is_won,
            )

    def person(self, person: str, name: str, **fields: object) -> None:
        self.write(
            "crm_user",
            **{
                "id": person,
                "name": name,
                "first_name": name,
                "email": f"{name.lower()}@acme.example",
                "title": "Sales Manager" if person == MARIA else "Account Executive",
                "is_active": True,
                "manager_id": None if person == MARIA else MARIA,
                "time_zone": "Europe/Berlin",
                "locale": "en_GB",
                "created_at": datetime(2024, 1, 8, 9, tzinfo=UTC),
                **fields,
            },
        )

    def write(self, table: str, *, stamp: Any = None, **fields: Any) -> None:
        row = {**fields, "stamp": stamp or datetime(2025, 1, 1, tzinfo=UTC)}
        if self.held is None:
            with transaction(self.database) as session:
                upsert(session, table, [row])
            return
        place = (table, str(row["id"]))
        if place in self.held:
            self._let_go(self.held)
        self.held[place] = row

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """A pull that saw many changes: written in one transaction at its end."""
        if self.held is not None:
            yield
            return
        held = self.held = {}
        try:
            yield
            self._let_go(held)
        finally:
            self.held = None

    def _let_go(self, held: dict[tuple[str, str], dict[str, Any]]) -> None:
        tables: dict[str, list[dict[str, Any]]] = {}
        for (table, _), row in held.items():
            tables.setdefault(table, []).append(row)
        with transaction(self.database) as session:
            for table, rows in tables.items():
                upsert(session, table, rows)
        held.clear()

    def delete(self, table: str, record: str) -> None:
        if self.held:
            self._let_go(self.held)
        with transaction(self.database) as session:
            mark_deleted(session, table, [record])

    def record_id(self, prefix: str) -> str:
        self.written += 1
        return f"{prefix}{self.written:012d}AAA"

    def deal(self, at: datetime, **fields: object) -> str:
        """A new deal; ``with_history=False`` for a CRM that hides the history."""
        deal = self.record_id("006")
        self.deals[deal] = {
            "id": deal,
            "name": "Acme",
            "owner_id": KIM,
            "amount_cents": 100_000,
            "stage_name": "Discovery",
            "close_on": date(2026, 6, 30),
            "created_at": at,
            "next_step": None,
        }
        self.change(deal, at, **fields)
        return deal

    def change(
        self, deal: str, at: datetime, *, with_history: Any = True, **fields: object
    ) -> None:
        now = {**self.deals[deal], **fields}
        self.deals[deal] = now
        is_closed, is_won = STAGES[str(now["stage_name"])]
        self.write("opportunity", stamp=at, **now, is_closed=is_closed, is_won=is_won)
        if with_history:
            told = {name: now[name] for name in ("stage_name", "amount_cents", "close_on")}
            self.write(
                "opportunity_history",
                stamp=at,
                id=self.record_id("008"),
                opportunity_id=deal,
                created_at=at,
                **told,
            )

    def task(self, at: datetime, **fields: object) -> str:
        """A call that Kim completed and logged at ``at``."""
        task = self.record_id("00T")
        given = {
            "id": task,
            "owner_id": KIM,
            "subtype": "Call",
            "is_closed": True,
            "activity_on": at.astimezone(BERLIN).date(),
            "completed_at": at,
            "created_at": at,
        }
        self.write("crm_task", stamp=at, **{**given, **fields})
        return task

    def meeting(self, starts_at: datetime | None, **fields: Any) -> str:
        """An hour with somebody, planned two days before."""
        event = self.record_id("00U")
        planned_at = starts_at - timedelta(days=2) if starts_at else berlin(date(2026, 3, 1))
        given = {
            "id": event,
            "owner_id": KIM,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1) if starts_at else None,
            "created_at": planned_at,
            "is_all_day": False,
        }
        self.write("crm_event", stamp=planned_at, **{**given, **fields})
        return event

    def pulled(
        self, *, as_of: datetime, without: Iterable[str] = (), mapped: Iterable[str] = ()
    ) -> None:
        """Every table was read completely, but for those that the CRM does not give us.

        ``mapped`` are the columns of deals for which app.yaml names a field.
        """
        unmapped = sorted(column for _, column in UNMAPPED if column not in mapped)
        with transaction(self.database) as session:
            for table in MIRROR_TABLES:
                is_missing = table in without
                session.merge(
                    CursorRow(
                        table_name=table,
                        pulled_until=None if is_missing else as_of,
                        deletions_until=as_of,
                        as_of=None if is_missing else as_of,
                        is_unavailable=is_missing,
                        missing_columns=unmapped if table == "opportunity" else [],
                    )
                )

    def roll_up(self, now: datetime) -> None:
        roll_up(self.database, metrics=metrics(), organisation=self.organisation, now=now)

    def derive(self, now: datetime) -> None:
        """The facts alone, as the first half of a roll-up does: what is ``measured`` and spans."""
        kept = kept_daily(metrics(), self.organisation.choices)
        day = now.astimezone(self.organisation.zone).date()
        with transaction(self.database) as session:
            derive_stale(session, self.organisation, kept, knowledge=Knowledge(day=day, now=now))

    def spans(self, deal: str) -> list[DealSpanRow]:
        row = DealSpanRow
        wanted = select(row).where(col(row.opportunity_id) == deal).order_by(col(row.first_day))
        with reading(self.database) as session:
            return list(session.exec(wanted))

    def measured(
        self, metric: str, *, day: date, now: datetime, window: Window | None = None
    ) -> dict[str, float | None]:
        """Straight from the facts, as known on ``day``."""
        definition = metrics()[MetricKey(metric)]
        with reading(self.database) as session:
            found = measure(
                session,
                definition,
                reps=[RepId(KIM), RepId(SAM)],
                window=window or Window(first=date(2020, 1, 1), last=day, label="all"),
                knowledge=Knowledge(day=day, now=now),
                as_of=now,
            )
        return {str(rep): each.value for rep, each in found.items()}

    def read(self, metric: str, *, now: datetime, window: Window) -> dict[str, float | None]:
        """From the daily readings."""
        definition = metrics()[MetricKey(metric)]
        with reading(self.database) as session:
            found = read(
                session, definition, reps=[RepId(KIM), RepId(SAM)], window=window, as_of=now
            )
        return {str(rep): each.value for rep, each in found.items()}


def mirror_with(database: Engine, name: Hashable, fill: Callable[[Mirror], None]) -> Mirror:
    """A mirror that was filled so in the first test that asked for it, and is copied since."""

    def written() -> tuple[dict[str, dict[str, object]], int]:
        mirror = Mirror(database)
        fill(mirror)
        return mirror.deals, mirror.written

    deals, count = begin_with(database, name, written)
    mirror = Mirror(database, begins=False)
    mirror.deals, mirror.written = deals, count
    return mirror
