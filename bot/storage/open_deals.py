"""Open opportunities of all reps on a day, with all that rules look at."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Date, case, func, literal, select
from sqlmodel import Session, col

from bot.domain.choices import Choices
from bot.domain.ids import RepId
from bot.domain.windows import Window
from bot.metrics.every_activity import EVERY_ACTIVITY
from bot.storage.current import is_filled
from bot.storage.facts.select import Knowledge, select_facts, source_of
from bot.storage.facts.source import DaysBetween
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.account import AccountRow
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.readings import filled_days


class OpenDeal(NamedTuple):
    """One open opportunity as known on a day; light, since a large team has thousands."""

    id: str
    rep: RepId
    name: str
    account: str | None
    amount_cents: int | None
    stage: str
    stage_progress: float
    closes_on: date
    created_on: date
    days_in_stage: int
    next_step: str | None
    next_activity_on: date | None
    last_activity_on: date | None
    contact_roles: int
    contacts_engaged: int
    pushes: int
    is_person: bool


#: Those that lie in another table go by the names of that one.
COLUMNS = {
    "amount_cents": "amount",
    "rep": "rep_id",
    "closes_on": "close_on",
    **{
        name: name
        for name in OpenDeal._fields
        if name not in {"amount_cents", "rep", "closes_on", "account", "is_person"}
    },
}


def read_open_deals(
    session: Session, knowledge: Knowledge, choices: Choices
) -> Mapping[RepId, list[OpenDeal]]:
    """By whoever owns them as the team counts, with amounts in the team's currency."""
    source = source_of("open_opportunity", knowledge, choices)
    account = AccountRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    columns = {name: source.columns[of_table] for name, of_table in COLUMNS.items()}
    columns["account"] = col(AccountRow.name)
    columns["is_person"] = source.columns["is_person"]
    columns["closes_on"] = func.coalesce(columns["closes_on"], literal(knowledge.day, Date()))
    wanted = (
        select(*(columns[name].label(name) for name in OpenDeal._fields))
        .select_from(
            source.clause_for(COLUMNS.values()).outerjoin(
                account, col(AccountRow.id) == col(OpportunityRow.account_id)
            )
        )
        .where(*source.conditions)
        .order_by(source.columns["id"])
    )
    deals: dict[RepId, list[OpenDeal]] = defaultdict(list)
    for deal in map(OpenDeal._make, session.connection().execute(wanted).all()):
        deals[deal.rep].append(deal)
    return deals


def days_in_stages_of_won(
    session: Session, knowledge: Knowledge, *, since: date
) -> Mapping[RepId, Mapping[str, list[int]]]:
    """For each rep, how many days the deals won since a day had spent in each stage."""
    span = DealSpanRow
    won = (
        select(col(span.opportunity_id))
        .where(
            col(span.is_won).is_(True),
            col(span.first_day) <= knowledge.day,
            col(span.last_day) >= knowledge.day,
            col(span.closed_on) >= since,
        )
        .subquery()
    )
    today = literal(knowledge.day, Date())
    last = case((col(span.last_day) < today, col(span.last_day)), else_=today)
    place = (col(span.opportunity_id), col(span.rep_id), col(span.stage_name))
    stays = (
        select(*place[1:], func.sum(DaysBetween(last, col(span.first_day)) + 1))
        .where(
            col(span.opportunity_id).in_(select(won.c.opportunity_id)),
            col(span.is_closed).is_(False),
        )
        .group_by(*place)
    )
    found: dict[RepId, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for rep, stage, days in session.connection().execute(stays).all():
        found[RepId(rep)][stage].append(int(days))
    return found


def activities_by_day(
    session: Session, knowledge: Knowledge, choices: Choices, *, since: date
) -> Mapping[RepId, Mapping[date, int]]:
    """How many activities each rep completed on each day from one day to yesterday."""
    yesterday = knowledge.day - timedelta(days=1)
    window = Window(first=since, last=yesterday, label="days")
    every = EVERY_ACTIVITY.under(choices)
    is_kept = is_filled(session, every, window, knowledge)
    told = filled_days(every) if is_kept else select_facts(every, knowledge)
    days = told.subquery("days")
    place = (days.c.rep_id, days.c.day)
    wanted = (
        select(*place, func.sum(days.c.numerator))
        .where(days.c.day.between(since, yesterday))
        .group_by(*place)
    )
    found: dict[RepId, dict[date, int]] = defaultdict(dict)
    for rep, day, count in session.connection().execute(wanted).all():
        found[RepId(rep)][day] = int(count)
    return found
