"""A checked metric file becomes one SELECT over the derived tables, with every value bound."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, FromClause, Integer, Select, case, func, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from bot.metrics.definition import Definition
from bot.storage.facts.expressions import Expression, as_number, compile_term
from bot.storage.facts.tables import ActivityRow, DealSpanRow, LeadFactRow
from bot.storage.mirror.opportunity import OpportunityContactRoleRow, OpportunityRow

ENGAGED_WITHIN = timedelta(days=90)
CHANGED_SINCE = "(changed since)"


class DaysBetween(FunctionElement[int]):
    """Whole days from the second date to the first."""

    name = "days_between"
    inherit_cache = True
    type = Integer()


@compiles(DaysBetween, "sqlite")
def _days_between_on_sqlite(element: DaysBetween, compiler: SQLCompiler, **words: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own signature
    later, earlier = (compiler.process(each, **words) for each in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


@compiles(DaysBetween, "postgresql")
def _days_between_on_postgresql(element: DaysBetween, compiler: SQLCompiler, **words: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own signature
    later, earlier = (compiler.process(each, **words) for each in element.clauses)
    return f"(CAST({later} AS date) - CAST({earlier} AS date))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What may be used: all that the CRM had recorded by the end of ``day``, and before ``now``.

    ``now`` matters only for meetings later today, which have not been held yet.
    """

    day: date
    now: datetime
    #: The daily readings were filled with no other knowledge; see bot.storage.current.
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A fact table as SQL: its columns by name, where they come from, and what is known."""

    columns: Mapping[str, Expression]
    clause: FromClause
    conditions: Sequence[Expression]


def _deal_columns() -> dict[str, Expression]:
    span, opportunity = DealSpanRow, OpportunityRow
    return {
        "id": col(span.opportunity_id),
        "rep_id": col(span.rep_id),
        "name": col(opportunity.name),
        "account_id": col(opportunity.account_id),
        "amount": col(span.amount_cents),
        "stage": col(span.stage_name),
        "stage_progress": col(span.stage_progress),
        "forecast_category": col(span.forecast_category),
        "probability": col(span.probability),
        "type": col(opportunity.type),
        "lead_source": col(opportunity.lead_source),
        "created_on": col(span.created_on),
        "close_on": col(span.close_on),
        "pushes": col(span.pushes),
        "is_closed": col(span.is_closed),
        "is_won": col(span.is_won),
        "first_amount": col(span.first_amount_cents),
        "qualified_on": col(span.qualified_on),
        "qualified_amount": col(span.qualified_amount_cents),
        "closed_on": col(span.closed_on),
        "amount_before_close": col(span.amount_before_close_cents),
        "cycle_days": col(span.cycle_days),
    }


def _deals(knowledge: Knowledge) -> Source:
    span = DealSpanRow
    return Source(
        columns=_deal_columns(),
        clause=span.__table__.join(  # type: ignore[attr-defined]  # SQLModel adds __table__
            OpportunityRow.__table__,  # type: ignore[attr-defined]  # SQLModel adds __table__
            col(OpportunityRow.id) == col(span.opportunity_id),
        ),
        conditions=[
            col(span.first_day) <= knowledge.day,
            col(span.last_day) >= knowledge.day,
        ],
    )


def _closed_deals(knowledge: Knowledge) -> Source:
    deals = _deals(knowledge)
    return Source(
        columns=deals.columns,
        clause=deals.clause,
        conditions=[*deals.conditions, col(DealSpanRow.is_closed).is_(True)],
    )


def _open_deals(knowledge: Knowledge) -> Source:
    deals = _deals(knowledge)
    day = literal(knowledge.day, Date())
    last = _last_activity(knowledge)
    return Source(
        columns={
            **deals.columns,
            "as_of": day,
            "days_open": DaysBetween(day, col(DealSpanRow.created_on)),
            "days_in_stage": DaysBetween(day, col(DealSpanRow.entered_stage_on)),
            "days_untouched": DaysBetween(day, func.coalesce(last, col(DealSpanRow.created_on))),
            "next_step": _next_step(knowledge),
            "next_activity_on": _next_activity(knowledge),
            "last_activity_on": last,
            "contact_roles": _contact_roles(knowledge),
            "contacts_engaged": _contacts_engaged(knowledge),
        },
        clause=deals.clause,
        conditions=[*deals.conditions, col(DealSpanRow.is_closed).is_(False)],
    )


def _done_by(knowledge: Knowledge) -> list[Expression]:
    """An activity that was over and written down by then."""
    activity = ActivityRow
    return [
        # Not a range for SQLite: it would walk all days of a rep rather than find the dirty ones.
        (col(activity.done_on) <= knowledge.day).is_(True),
        col(activity.logged_on) <= knowledge.day,
        or_(col(activity.done_at).is_(None), col(activity.done_at) <= knowledge.now),
    ]


# What hangs on a deal is looked up for each open one, by index: there are few of them, while the
# activities of all times grow for ever.
_IS_ON_THE_DEAL = col(ActivityRow.opportunity_id) == col(DealSpanRow.opportunity_id)


def _last_activity(knowledge: Knowledge) -> Expression:
    done_on = col(ActivityRow.done_on)
    return (
        select(done_on)
        .where(_IS_ON_THE_DEAL, *_done_by(knowledge))
        .order_by(done_on.desc())
        .limit(1)
        .correlate(DealSpanRow)
        .scalar_subquery()
    )


def _next_activity(knowledge: Knowledge) -> Expression:
    activity = ActivityRow
    return (
        select(func.min(col(activity.due_on)))
        .where(
            _IS_ON_THE_DEAL,
            col(activity.due_on) > knowledge.day,
            # What was done since was still to be done then.
            or_(col(activity.done_on).is_(None), col(activity.done_on) > knowledge.day),
            col(activity.logged_on) <= knowledge.day,
        )
        .correlate(DealSpanRow)
        .scalar_subquery()
    )


def _next_step(knowledge: Knowledge) -> Expression:
    """Its history is not kept, so where the record changed since, nobody is blamed for none."""
    opportunity = OpportunityRow
    return case(
        (col(opportunity.stamp) >= _tomorrow(knowledge), CHANGED_SINCE),
        else_=func.nullif(func.trim(col(opportunity.next_step)), ""),
    )


def _tomorrow(knowledge: Knowledge) -> datetime:
    day = knowledge.day + timedelta(days=1)
    return datetime.combine(day, datetime.min.time(), tzinfo=knowledge.now.tzinfo)


def _contact_roles(knowledge: Knowledge) -> Expression:
    role = OpportunityContactRoleRow
    return (
        select(func.count(func.distinct(col(role.contact_id))))
        .where(
            col(role.opportunity_id) == col(DealSpanRow.opportunity_id),
            col(role.is_deleted).is_(False),
            or_(col(role.created_at).is_(None), col(role.created_at) < _tomorrow(knowledge)),
        )
        .correlate(DealSpanRow)
        .scalar_subquery()
    )


def _contacts_engaged(knowledge: Knowledge) -> Expression:
    activity = ActivityRow
    return (
        select(func.count(func.distinct(col(activity.who_id))))
        .where(
            _IS_ON_THE_DEAL,
            col(activity.who_id).is_not(None),
            col(activity.done_on) > knowledge.day - ENGAGED_WITHIN,
            *_done_by(knowledge),
        )
        .correlate(DealSpanRow)
        .scalar_subquery()
    )


def _activities(knowledge: Knowledge) -> Source:
    names = ActivityRow.model_fields
    return Source(
        columns={name: getattr(ActivityRow, name) for name in names},
        clause=ActivityRow.__table__,  # type: ignore[attr-defined]  # SQLModel adds __table__
        conditions=_done_by(knowledge),
    )


def _leads(knowledge: Knowledge) -> Source:
    names = LeadFactRow.model_fields
    return Source(
        columns={name: getattr(LeadFactRow, name) for name in names},
        clause=LeadFactRow.__table__,  # type: ignore[attr-defined]  # SQLModel adds __table__
        conditions=[col(LeadFactRow.created_on) <= knowledge.day],
    )


SOURCES: Mapping[str, Callable[[Knowledge], Source]] = {
    "opportunity_created": _deals,
    "qualified_opportunity": _deals,
    "closed_opportunity": _closed_deals,
    "open_opportunity": _open_deals,
    "activity": _activities,
    "lead": _leads,
}


def select_facts(definition: Definition, knowledge: Knowledge) -> Select[Any]:
    """One row a fact: rep_id, day, id, numerator, denominator. Nulls are facts without a value."""
    return select_from(definition, SOURCES[definition.table.name](knowledge))


def select_from(definition: Definition, source: Source) -> Select[Any]:
    """The same over any source that has the fact table's columns."""
    columns = source.columns
    conditions = list(source.conditions)
    if definition.where is not None:
        conditions.append(compile_term(definition.where, columns))
    day = columns[definition.day]
    return (
        select(
            columns["rep_id"].label("rep_id"),
            day.label("day"),
            columns["id"].label("id"),
            as_number(definition.numerator, columns).label("numerator"),
            as_number(definition.denominator, columns).label("denominator"),
        )
        .select_from(source.clause)
        .where(day.is_not(None), *conditions)
    )
