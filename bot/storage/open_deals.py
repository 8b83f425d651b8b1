"""Open opportunities of all reps on a day, with all that rules look at."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.domain.choices import Choices
from bot.domain.ids import RepId
from bot.domain.windows import Window
from bot.metrics.every_activity import EVERY_ACTIVITY
from bot.storage.current import is_filled
from bot.storage.facts.select import Knowledge, select_facts, source_of
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.account import AccountRow
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.readings import filled_days


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDeal:
    """One open opportunity as known on a day."""

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


COLUMNS = (
    "id",
    "rep_id",
    "name",
    "amount",
    "stage",
    "stage_progress",
    "close_on",
    "created_on",
    "days_in_stage",
    "next_step",
    "next_activity_on",
    "last_activity_on",
    "contact_roles",
    "contacts_engaged",
    "pushes",
)


def read_open_deals(
    session: Session, knowledge: Knowledge, choices: Choices
) -> Mapping[RepId, list[OpenDeal]]:
    """By whoever owns them as the team counts, with amounts in the team's currency."""
    source = source_of("open_opportunity", knowledge, choices)
    columns = (source.columns[name].label(name) for name in COLUMNS)
    account = AccountRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    is_its = col(AccountRow.id) == col(OpportunityRow.account_id)
    wanted = (
        select(
            *columns,
            col(AccountRow.name).label("account"),
        )
        .select_from(source.clause_for(COLUMNS).outerjoin(account, is_its))
        .where(*source.conditions)
        .order_by(source.columns["id"])
    )
    deals: dict[RepId, list[OpenDeal]] = defaultdict(list)
    for row in session.connection().execute(wanted).mappings():
        deal = OpenDeal(
            id=row["id"],
            rep=RepId(row["rep_id"]),
            name=row["name"],
            account=row["account"],
            amount_cents=row["amount"],
            stage=row["stage"],
            stage_progress=row["stage_progress"],
            closes_on=row["close_on"] or knowledge.day,
            created_on=row["created_on"],
            days_in_stage=row["days_in_stage"],
            next_step=row["next_step"],
            next_activity_on=row["next_activity_on"],
            last_activity_on=row["last_activity_on"],
            contact_roles=row["contact_roles"],
            contacts_engaged=row["contacts_engaged"],
            pushes=row["pushes"],
        )
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
    stays = select(
        col(span.opportunity_id),
        col(span.rep_id),
        col(span.stage_name),
        col(span.first_day),
        col(span.last_day),
    ).where(
        col(span.opportunity_id).in_(select(won.c.opportunity_id)),
        col(span.is_closed).is_(False),
    )
    total: dict[tuple[str, str, str], int] = defaultdict(int)
    for deal, rep, stage, first, last in session.connection().execute(stays):
        total[deal, rep, stage] += (min(last, knowledge.day) - first + timedelta(days=1)).days
    found: dict[RepId, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for (_, rep, stage), days in total.items():
        found[RepId(rep)][stage].append(days)
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
    for rep, day, count in session.connection().execute(wanted):
        found[RepId(rep)][day] = int(count)
    return found
