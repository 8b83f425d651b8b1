"""The small team of ``tests.mirrored`` with everything around it that coaching needs."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.coaching.policy import Policy
from bot.coaching.rule import load_rules
from bot.domain.workdays import WorkCalendar
from bot.flows.replay import FixedClock
from bot.playbook_files import Playbooks, load_playbooks
from bot.render.environment import Renderer
from bot.runtime import Runtime
from bot.storage.database import reading, transaction
from bot.storage.decisions import DecisionRow
from bot.storage.outbox import DeliveryRow
from bot.storage.people import SlackMatchRow
from tests.mirrored import KIM, MARIA, NAMES, ORGANISATION, ROOT, SAM, Mirror, berlin, mirror_with

MONDAY = date(2026, 3, 9)
MORNING = berlin(MONDAY, 9, 0)
LATE = "past_due_close_date"


@cache
def books() -> Playbooks:
    return load_playbooks(Path(ROOT / "playbooks"))


def runtime_at(now: datetime, database: Engine, **changes: object) -> Runtime:
    runtime = Runtime(
        clock=FixedClock(now),
        database=database,
        renderer=Renderer(),
        policy=Policy(),
        organisation=ORGANISATION,
        calendar=WorkCalendar(),
        metrics=books().metrics,
        rules=load_rules(),
        models=books().models,
        plays=books().plays,
        draw_seed="tests",
    )
    return replace(runtime, **changes)  # type: ignore[arg-type]  # named as the fields are


@dataclass(frozen=True)
class Team:
    """Kim has two deals past due, Sam one; everybody is in Slack."""

    mirror: Mirror

    @property
    def database(self) -> Engine:
        return self.mirror.database

    def at(self, now: datetime = MORNING, **changes: object) -> Runtime:
        return runtime_at(now, self.database, **changes)

    def with_one_rule(self, now: datetime = MORNING, **changes: object) -> Runtime:
        """Nothing else is said that could use up the day's room."""
        rules = {key: rule for key, rule in load_rules().items() if key == LATE}
        return self.at(now, rules=rules, **changes)

    def match(self, **slack_ids: str | None) -> None:
        """Slack accounts by first name; None for nobody there."""
        with transaction(self.database) as session:
            for person, name in NAMES.items():
                slack_id = slack_ids.get(name.lower(), f"U0{name.upper()}")
                row = SlackMatchRow(
                    person_id=person, slack_id=slack_id, matched_by="email", matched_at=MORNING
                )
                session.merge(row)

    def decisions(self, person: str = KIM, rule: str = LATE) -> list[tuple[str, str | None]]:
        """(verdict, reason) of each decision about a rule, oldest first."""
        row = DecisionRow
        wanted = select(row).where(col(row.to_id) == person, col(row.rule) == rule)
        with reading(self.database) as session:
            found = session.exec(wanted.order_by(col(row.id)))
            return [(each.verdict, each.reason) for each in found]

    def outbox(self, kind: str = "nudge") -> list[DeliveryRow]:
        with reading(self.database) as session:
            wanted = select(DeliveryRow).where(col(DeliveryRow.kind) == kind)
            return list(session.exec(wanted.order_by(col(DeliveryRow.id))))

    def add(self, *rows: object) -> None:
        with transaction(self.database) as session:
            for row in rows:
                session.add(row)

    def session(self) -> Session:
        return Session(self.database)


def coached_team(database: Engine, *, without: Collection[str] = ()) -> Team:
    """The team on Monday, March 9th, 2026; ``without`` names tables that the CRM does not give."""
    return Team(
        mirror_with(
            database,
            ("coached team", tuple(without)),
            lambda mirror: _fill(mirror, without),
        )
    )


def _fill(mirror: Mirror, without: Collection[str]) -> None:
    with mirror.at_once():
        _sell(mirror, without)
    mirror.pulled(as_of=berlin(MONDAY, 7, 0), without=without)
    mirror.roll_up(MORNING)
    Team(mirror).match()


def _sell(mirror: Mirror, without: Collection[str]) -> None:
    long_ago = berlin(MONDAY - timedelta(days=40))
    for owner, late in ((KIM, 7), (KIM, 3), (SAM, 3)):
        mirror.deal(
            long_ago,
            owner_id=owner,
            stage_name="Proposal",
            close_on=MONDAY - timedelta(days=late),
            name=f"Late by {late}",
        )
    if "crm_task" not in without:
        for back in range(1, 29):
            day = MONDAY - timedelta(days=back)
            if day.weekday() < 5:
                for owner in (KIM, SAM):
                    mirror.task(berlin(day), owner_id=owner, call_seconds=120)


__all__ = ["KIM", "LATE", "MARIA", "MONDAY", "MORNING", "SAM", "Team", "coached_team"]
