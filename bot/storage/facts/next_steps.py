"""What was written as the next step of deals, and whether it said anything new."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, func, insert, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from bot.domain.choices import Choices
from bot.domain.local_days import local_day
from bot.domain.next_steps import is_restamped
from bot.storage.facts.activities import Activity
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import Knowledge, Source
from bot.storage.facts.tables import EVERYBODY, ActivityRow, DealSpanRow, NextStepRow
from bot.storage.facts.touched import DirtyDays
from bot.storage.facts.work import done_by
from bot.storage.mirror.next_step_change import OpportunityNextStepChangeRow
from bot.storage.mirror.opportunity import OpportunityRow


def derive_next_steps(
    session: Session,
    deals: Collection[str],
    spans: Iterable[DealSpanRow],
    *,
    zone_of: Callable[[str], ZoneInfo],
    dirty: DirtyDays,
) -> None:
    """``spans`` are those of the deals, oldest first; a deleted deal has none."""
    change, step = OpportunityNextStepChangeRow, NextStepRow
    by_deal: dict[str, list[DealSpanRow]] = defaultdict(list)
    for span in spans:
        by_deal[span.opportunity_id].append(span)
    written: dict[str, list[OpportunityNextStepChangeRow]] = defaultdict(list)
    wanted = select(change).where(col(change.opportunity_id).in_(deals))
    for found in session.scalars(wanted.order_by(col(change.changed_at), col(change.id))):
        written[found.opportunity_id].append(found)
    rows = [row for deal, those in by_deal.items() for row in _steps(those, written[deal], zone_of)]
    told = select(col(step.opportunity_id), col(step.rep_id), col(step.written_on)).where(
        col(step.opportunity_id).in_(deals)
    )
    before = {(deal, rep, day) for deal, rep, day in session.connection().execute(told)}
    after = {(row.opportunity_id, row.rep_id, row.written_on) for row in rows}
    for _, rep, day in before | after:
        dirty.touch("next_step", rep, day)
    for _, _, day in before ^ after:
        dirty.touch("open_opportunity", EVERYBODY, day)
    session.connection().execute(delete(step).where(col(step.opportunity_id).in_(deals)))
    if rows:
        session.connection().execute(insert(step), [row.model_dump() for row in rows])


def _steps(
    spans: Sequence[DealSpanRow],
    written: Sequence[OpportunityNextStepChangeRow],
    zone_of: Callable[[str], ZoneInfo],
) -> list[NextStepRow]:
    steps: dict[Any, NextStepRow] = {}
    before_on = spans[0].created_on
    for change in written:
        day = local_day(change.changed_at, zone_of(spans[-1].rep_id))
        owner = next((each.rep_id for each in spans if each.last_day >= day), spans[-1].rep_id)
        steps[change.changed_at] = NextStepRow(
            opportunity_id=change.opportunity_id,
            written_at=change.changed_at,
            rep_id=owner,
            written_on=day,
            before_on=before_on,
            is_same_words=is_restamped(change.before, change.after),
        )
        before_on = day
    return list(steps.values())


def touch_next_steps(session: Session, changed: Iterable[Activity], dirty: DirtyDays) -> None:
    """Whether a step was re-stamped hangs on what was done on the deal meanwhile."""
    deals = {each.opportunity_id for each in changed if each.opportunity_id}
    step = NextStepRow
    found = select(col(step.rep_id), col(step.written_on)).where(
        col(step.opportunity_id).in_(deals)
    )
    for rep, day in session.connection().execute(found.distinct()) if deals else ():
        dirty.touch("next_step", rep, day)


def next_steps(knowledge: Knowledge, choices: Choices) -> Source:
    step: Any = NextStepRow
    opportunity: Any = OpportunityRow
    done: Any = aliased(ActivityRow, name="done_meanwhile")
    is_done_meanwhile = (
        select(literal(1))
        .where(
            done.opportunity_id == step.opportunity_id,
            done.done_on > step.before_on,
            done.done_on <= step.written_on,
            *done_by(knowledge, done),
        )
        .correlate(NextStepRow)
        .exists()
    )
    owner_now = opportunity.owner_id
    return Source(
        columns={
            "id": step.opportunity_id,
            "rep_id": step.rep_id if choices.deals_count_for == "owner_then" else owner_now,
            "written_on": step.written_on,
            "is_restamped": and_(step.is_same_words, ~is_done_meanwhile),
        },
        clause=step.__table__.join(opportunity.__table__, opportunity.id == step.opportunity_id),
        conditions=[step.written_on <= knowledge.day],
    )


def written_last(knowledge: Knowledge, deal: Expression) -> Expression:
    """The day on which the deal's next step was last seen to be written anew."""
    step: Any = aliased(NextStepRow, name="written_last")
    return (
        select(func.max(step.written_on))
        .where(step.opportunity_id == deal, step.written_on <= knowledge.day)
        .correlate(DealSpanRow)
        .scalar_subquery()
    )
