"""Quotas with what was sold against them."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Float,
    FromClause,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    join,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.choices import Choices
from bot.metrics.flaws import Flaw
from bot.storage.crm_rates import ExchangeRateRow
from bot.storage.facts.credited import is_credited, is_split
from bot.storage.facts.credits import DealCreditRow
from bot.storage.facts.deals import holds, is_owner_at
from bot.storage.facts.expressions import Expression
from bot.storage.facts.open_deals import stage_win_rates
from bot.storage.facts.source import Knowledge, Source
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.opportunity import OpportunityRow, QuotaRow

SATURDAY = 5
#: The CRM's own name for commits, and the label that people see.
COMMITTED = ("Forecast", "Commit")


def quota_period(knowledge: Knowledge, choices: Choices) -> Source:
    first, last = period_of(knowledge, choices)
    quotas = _quotas(first, last, choices)
    span: Any = aliased(DealSpanRow, name="sold")

    def amounts(*only: Expression, event: str | None = None) -> Expression:
        return _amounts(knowledge, choices, quotas, span, *only, event=event)

    is_won = (span.is_won.is_(True), span.closed_on.between(first, last))
    won = amounts(*is_won, event="closed")
    due = (span.is_closed.is_(False), span.close_on.between(first, last))
    missing = quotas.c.quota - won
    return Source(
        columns={
            "id": quotas.c.id,
            "rep_id": quotas.c.rep_id,
            "as_of": literal(knowledge.day, Date()),
            "quota": quotas.c.quota,
            "won": won,
            "open_due": amounts(*due),
            "open_due_at_start": _due_at_start(knowledge, choices, quotas, first, last),
            "weighted_due": _weighted_due(knowledge, choices, quotas, first, last),
            "commit_due": amounts(*due, span.forecast_category.in_(COMMITTED)),
            "gap": case((missing > 0, missing), else_=0),
            "elapsed_share": literal(elapsed_share(knowledge.day, first, last), Float()),
        },
        clause=quotas,
        conditions=[],
        flawed=_flawed(knowledge, choices),
    )


def period_of(knowledge: Knowledge, choices: Choices) -> tuple[date, date]:
    fiscal = choices.fiscal
    periods = {"month": fiscal.month, "quarter": fiscal.quarter, "year": fiscal.year}
    return periods[choices.quota_period](knowledge.day)


def _quotas(first: date, last: date, choices: Choices) -> Subquery:
    row = QuotaRow
    total = func.sum(_quota_cents(choices))
    return (
        select(
            col(row.owner_id).label("rep_id"),
            func.min(col(row.id)).label("id"),
            cast(total, BigInteger()).label("quota"),
        )
        .where(col(row.is_deleted).is_(False), col(row.starts_on).between(first, last))
        .group_by(col(row.owner_id))
        .having(total > 0)
        .subquery("quota_of_period")
    )


def _quota_cents(choices: Choices) -> Expression:
    """In the team's currency, by the rate of the day the quota starts; null without a rate."""
    row = QuotaRow
    amount, currency = col(row.amount_cents), col(row.currency)
    is_home = or_(currency.is_(None), currency == choices.currency)
    newest_first = sorted(choices.rates, key=lambda each: each.begins, reverse=True)
    foreign = [
        (
            and_(currency == each.currency, col(row.starts_on) >= each.begins),
            cast(func.floor(amount * literal(float(each.rate), Float()) + 0.5), BigInteger()),
        )
        for each in newest_first
    ]
    kept: Any = ExchangeRateRow
    by_crm = (
        select(kept.rate)
        .where(kept.currency == currency, kept.begins <= col(row.starts_on))
        .order_by(kept.begins.desc())
        .limit(1)
        .correlate(QuotaRow)
        .scalar_subquery()
    )
    said = {each.currency for each in choices.rates}
    is_said = currency.in_(said) if said else false()
    # SQLite's floor is a function of ours, which takes no null.
    others = cast(func.floor(func.coalesce(amount * by_crm, 0) + 0.5), BigInteger())
    has_none = or_(is_said, by_crm.is_(None), amount.is_(None))
    return case((is_home, amount), *foreign, (has_none, null()), else_=others)


def _amounts(
    knowledge: Knowledge,
    choices: Choices,
    quotas: Any,  # noqa: ANN401 - a subquery
    span: Any,  # noqa: ANN401 - an alias
    *only: Expression,
    value: Expression | None = None,
    event: str | None = None,
) -> Expression:
    amount = span.amount_cents if value is None else value
    is_theirs, clause = _owned(choices, quotas, span, event)
    is_shared = choices.split_credit == "shared"
    whole = (
        select(func.coalesce(func.sum(amount), 0))
        .select_from(clause)
        .where(*holds(span, knowledge), *only, is_theirs)
    )
    if not is_shared:
        return whole.correlate(quotas).scalar_subquery()
    whole = whole.where(~is_split(span, knowledge))
    credit: Any = aliased(DealCreditRow, name="credit_of_quota")
    parts = (
        select(func.coalesce(func.sum(cast(amount, Float()) * credit.share), 0))
        .join_from(span, credit, is_credited(credit, span, knowledge))
        .where(*holds(span, knowledge), *only, credit.rep_id == quotas.c.rep_id)
    )
    owned, shared = (each.correlate(quotas).scalar_subquery() for each in (whole, parts))
    return owned + shared


def _owned(
    choices: Choices,
    quotas: Any,  # noqa: ANN401 - a subquery
    span: Any,  # noqa: ANN401 - an alias
    event: str | None,
) -> tuple[Expression, FromClause]:
    """Whether a deal is theirs who have the quota, and what that is told by."""
    rep = quotas.c.rep_id
    if choices.deals_count_for == "owner_then":
        return (span.rep_id == rep if event is None else is_owner_at(span, event, rep)), span
    opportunity: Any = aliased(OpportunityRow, name="owned_now")
    joined = join(span, opportunity, opportunity.id == span.opportunity_id)
    return opportunity.owner_id == rep, joined


def _due_at_start(
    knowledge: Knowledge,
    choices: Choices,
    quotas: Any,  # noqa: ANN401 - a subquery
    first: date,
    last: date,
) -> Expression:
    """As it stood on the period's first day, whatever was changed since."""
    span: Any = aliased(DealSpanRow, name="due_at_start")
    due = (span.is_closed.is_(False), span.close_on.between(first, last))
    return _amounts(replace(knowledge, day=first), choices, quotas, span, *due)


def _weighted_due(
    knowledge: Knowledge,
    choices: Choices,
    quotas: Any,  # noqa: ANN401 - a subquery
    first: date,
    last: date,
) -> Expression:
    """Each times the share won so far of the deals that were ever in its stage."""
    span: Any = aliased(DealSpanRow, name="weighted")
    # Worked out once, and not for each deal.
    told = select(stage_win_rates(knowledge))
    rates = told.cte("rate_of_stage").prefix_with("MATERIALIZED")
    rate = select(rates.c.rate).where(rates.c.stage_name == span.stage_name)
    due = (span.is_closed.is_(False), span.close_on.between(first, last))
    value = span.amount_cents * rate.correlate(span).scalar_subquery()
    return _amounts(knowledge, choices, quotas, span, *due, value=value)


def _flawed(knowledge: Knowledge, choices: Choices) -> Source:
    """The deals and quotas of the period with a flaw, one row each."""
    first, last = period_of(knowledge, choices)
    span: Any = DealSpanRow
    quota: Any = QuotaRow
    credit: Any = aliased(DealCreditRow, name="credit_of_flawed")
    is_theirs = and_(
        is_credited(credit, span, knowledge), literal(choices.split_credit == "shared")
    )
    rep = func.coalesce(credit.rep_id, span.closed_rep_id, span.rep_id)
    told = select(rep.label("rep_id"), span.flaws.label("flaws"))
    deals = told.outerjoin_from(span, credit, is_theirs).where(
        *holds(span, knowledge),
        span.flaws != "",
        or_(span.is_won, span.is_closed.is_(False)),
        or_(
            span.closed_on.between(first, last),
            and_(span.closed_on.is_(None), span.close_on.between(first, last)),
            and_(span.closed_on.is_(None), span.close_on.is_(None)),
        ),
    )
    quotas = select(quota.owner_id, literal(f"|{Flaw.NO_RATE}|")).where(
        quota.is_deleted.is_(False),
        quota.starts_on.between(first, last),
        quota.amount_cents.is_not(None),
        _quota_cents(choices).is_(None),
    )
    flawed = deals.union_all(quotas).subquery("flawed")
    return Source(
        columns={
            "rep_id": flawed.c.rep_id,
            "as_of": literal(knowledge.day, Date()),
            "flaws": flawed.c.flaws,
        },
        clause=flawed,
        conditions=[],
    )


def elapsed_share(day: date, first: date, last: date) -> float:
    """The share of the period's weekdays that are over by the end of the day."""

    def weekdays(until: date) -> int:
        weeks, rest = divmod(max((until - first).days + 1, 0), 7)
        begun = (first.weekday() + n for n in range(rest))
        return SATURDAY * weeks + sum(each % 7 < SATURDAY for each in begun)

    return weekdays(day) / weekdays(last)
