"""On which day a measured milestone was reached, by the dates of the metric's own facts."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from bot.domain.ids import RepId
from bot.domain.metric import Aggregate
from bot.domain.programme import Measure
from bot.metrics.definition import Definition
from bot.metrics.expression import Operation, parse_expression
from bot.metrics.fact_tables import Kind
from bot.storage.availability import unavailable_metrics
from bot.storage.facts.select import Knowledge, select_facts
from bot.storage.readings import CENTS

ENOUGH = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whose facts count, and from which day to which."""

    rep: RepId
    first: date
    last: date


#: Rep → what each day added, in the metric's unit.
DailySums = Mapping[RepId, Sequence[tuple[date, float]]]


def daily_sums(
    session: Session,
    definition: Definition,
    *,
    where: str | None,
    reps: Iterable[RepId],
    since: date,
    knowledge: Knowledge,
) -> DailySums:
    """Empty for a metric that the CRM cannot support."""
    if unavailable_metrics(session, [definition]):
        return {}
    facts = select_facts(_only(definition, where), knowledge).subquery("facts")
    adds = func.count if definition.metric.aggregate is Aggregate.COUNT else func.sum
    rows = (
        select(facts.c.rep_id, facts.c.day, adds(facts.c.numerator))
        .where(facts.c.rep_id.in_(sorted(reps)), facts.c.day >= since)
        .group_by(facts.c.rep_id, facts.c.day)
        .order_by(facts.c.rep_id, facts.c.day)
    )
    is_money = definition.numerator is not None and definition.numerator.kind is Kind.MONEY
    found: dict[RepId, list[tuple[date, float]]] = defaultdict(list)
    for rep, day, added in session.connection().execute(rows):
        found[RepId(rep)].append((day, float(added or 0) / (CENTS if is_money else 1)))
    return found


def _only(definition: Definition, where: str | None) -> Definition:
    if where is None:
        return definition
    condition = parse_expression(where, definition.table.columns)
    if definition.where is not None:
        condition = Operation("and", (definition.where, condition), Kind.BOOLEAN)
    return replace(definition, where=condition)


def day_reached(sums: DailySums, measure: Measure, span: Span) -> date | None:
    """The first day on which it was enough; None while it is not."""
    within: deque[tuple[date, float]] = deque()
    total = 0.0
    for day, added in sums.get(span.rep, ()):
        if not span.first <= day <= span.last:
            continue
        within.append((day, added))
        total += added
        while measure.weeks and within[0][0] <= day - timedelta(weeks=measure.weeks):
            total -= within.popleft()[1]
        if total >= measure.at_least - ENOUGH:
            return day
    return None
