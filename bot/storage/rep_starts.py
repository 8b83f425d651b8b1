"""How each person began: the days of their firsts, as known on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.domain.ids import RepId
from bot.domain.windows import earliest
from bot.storage.facts.select import Knowledge, source_of
from bot.storage.facts.tables import ActivityRow, DealSpanRow

COLUMNS = ("rep_id", "started_on", "first_meeting_on", "first_qualified_on", "first_deal_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepStart:
    started_on: date
    #: None for what has not come about yet.
    first_meeting_on: date | None
    first_qualified_on: date | None
    first_deal_on: date | None


def read_rep_starts(session: Session, knowledge: Knowledge) -> Mapping[RepId, RepStart]:
    source = source_of("rep_start", knowledge)
    columns = (source.columns[name].label(name) for name in COLUMNS)
    wanted = select(*columns).select_from(source.clause_for(COLUMNS)).where(*source.conditions)
    return {
        RepId(row["rep_id"]): RepStart(**{name: row[name] for name in COLUMNS[1:]})
        for row in session.connection().execute(wanted).mappings()
    }


def first_day_of_records(session: Session) -> date | None:
    """Whoever began before had firsts that nobody can see here."""
    return session.connection().execute(select(func.min(col(DealSpanRow.first_day)))).scalar()


def first_day_of_anything(session: Session) -> date | None:
    """Of deals and of what people did; None while nothing is on record."""
    activity = session.connection().execute(select(func.min(col(ActivityRow.done_on)))).scalar()
    return earliest(activity, first_day_of_records(session))
