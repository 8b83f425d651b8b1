"""Kim, Sam and Maria, and whoever began lately, with what they did since."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.domain.ids import RepId
from bot.domain.progress import Progress
from bot.flows.keep_assignments import keep_assignments
from bot.flows.onboard import keep_programmes
from bot.queries.programmes import read_progress
from bot.runtime import Runtime
from bot.storage.database import reading, transaction
from bot.storage.people import SlackMatchRow
from bot.storage.programmes import MilestoneRow
from bot.storage.roster import read_roster
from tests.coached_team import books, runtime_at
from tests.mirrored import KIM, MARIA, NAMES, SAM, Mirror, berlin

#: A Monday; the mid-market programme is what everybody is on.
TODAY = date(2026, 3, 9)
LEE = "005000000000021AAA"


def working_days_before(day: date, count: int) -> date:
    """The Monday to Friday day that lies so many before."""
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


@dataclass
class NewHires:
    """The CRM as it is pulled day by day, with programmes kept after each."""

    database: Engine
    #: Whether anybody is coached, which takes daily readings; programmes go by the facts.
    is_coached: bool = False
    mirror: Mirror = field(init=False)

    def __post_init__(self) -> None:
        self.mirror = Mirror(self.database)
        # Records go back a year, so that whoever began since has been seen from the first day.
        self.mirror.deal(berlin(TODAY - timedelta(days=365)))
        with transaction(self.database) as session:
            for person, name in NAMES.items():
                session.add(_match(person, f"U0{name.upper()}"))

    def begins(self, person: str, name: str, on: date, **fields: object) -> None:
        self.mirror.person(person, name, created_at=berlin(on, 8), **fields)
        with transaction(self.database) as session:
            session.merge(_match(person, f"U0{name.upper()}"))

    def meets(self, person: str, *days: date) -> None:
        for day in days:
            self.mirror.meeting(berlin(day, 10), owner_id=person, what_id="006X", who_id="003X")

    def at(self, day: date = TODAY, hour: int = 9, **changes: Any) -> Runtime:
        programmes = changes.pop("programmes", books().programmes)
        return runtime_at(berlin(day, hour), self.database, programmes=programmes, **changes)

    def pull(self, day: date = TODAY, hour: int = 8, **changes: Any) -> Runtime:
        """What the pull of a morning leaves behind."""
        now = berlin(day, hour)
        runtime = self.at(day, hour, **changes)
        self.mirror.pulled(as_of=now)
        (self.mirror.roll_up if self.is_coached else self.mirror.derive)(now)
        keep_assignments(self.database, organisation=runtime.organisation, now=now)
        keep_programmes(runtime)
        return replace(runtime)

    def progress(self, day: date = TODAY, **changes: Any) -> Mapping[str, Progress]:
        """By the person's id."""
        runtime = self.at(day, **changes)
        with reading(self.database) as session:
            roster = read_roster(session, runtime.organisation)
            found = read_progress(session, runtime, roster.reps.values(), day)
        return {str(rep): each for rep, each in found.items()}

    def reached(self) -> dict[str, date]:
        with Session(self.database) as session:
            rows = session.exec(select(MilestoneRow).order_by(col(MilestoneRow.milestone)))
            return {row.milestone: row.reached_on for row in rows}


def _match(person: str, slack_id: str) -> SlackMatchRow:
    return SlackMatchRow(
        person_id=person, slack_id=slack_id, matched_by="email", matched_at=_long_ago()
    )


def _long_ago() -> datetime:
    return berlin(date(2025, 1, 2))


__all__ = ["KIM", "LEE", "MARIA", "SAM", "TODAY", "NewHires", "RepId", "working_days_before"]
