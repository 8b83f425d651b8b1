"""Daily readings: what each metric's facts add up to for each rep and day, and how they are read.

Flows (counts, sums, ratios over days) are kept one row a rep and day, and a window adds them up.
States (the pipeline on a day) are kept for the days that are asked about. Medians need the facts
themselves. Whatever is asked about the past as it was known then is measured from the facts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Select, Table, func, select
from sqlmodel import Field, Session, SQLModel, col

from bot.domain.ids import RecordId, RepId
from bot.domain.metric import Aggregate, Fact, Reading, Unit
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.metrics.fact_tables import Kind
from bot.metrics.survival import Wait, median_wait, steps
from bot.storage.availability import unavailable_metrics
from bot.storage.facts.days import Days, narrowed
from bot.storage.facts.select import Knowledge, select_facts

CENTS = 100
#: So many can be named one by one; of more it is faster to look at everybody.
FEW = 300


class DailyReadingRow(SQLModel, table=True):
    """Sums in the fact table's own numbers: money in hundredths, conditions as 1 or 0."""

    __tablename__ = "daily_reading"
    # The key holds all that is ever asked for, so on SQLite it is the table.
    __table_args__ = {"sqlite_with_rowid": False}

    # In this order what changes on one day lies side by side, whoever's it is.
    metric: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    rep_id: str = Field(primary_key=True, max_length=18)
    numerator: float
    denominator: float
    facts: int


def filled_days(definition: Definition) -> Select[Any]:
    """The daily sums of one metric, as they were filled, found by day and then by rep."""
    days: Table = DailyReadingRow.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    return select(days).where(days.c.metric == definition.metric.key)


def _each_of(first: date, last: date) -> list[date]:
    """Named one by one, days lead to a person's readings past those of all others."""
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def read(
    session: Session,
    definition: Definition,
    *,
    reps: Iterable[RepId],
    window: Window,
    as_of: datetime,
    days: Sequence[Days] = (),
) -> dict[RepId, Reading]:
    """Readings over a window that ends today, from what was filled; only of ``days``."""
    people = list(reps)
    filled = filled_days(definition)
    first = window.last if definition.metric.is_state else window.first
    if len(people) <= FEW:
        row = DailyReadingRow
        theirs = col(row.rep_id).in_(people), col(row.day).in_(_each_of(first, window.last))
        filled = filled.where(*theirs)
    kept = narrowed(filled, *days).subquery("days")
    sums = (
        select(
            kept.c.rep_id,
            func.sum(kept.c.numerator),
            func.sum(kept.c.denominator),
            func.sum(kept.c.facts),
        )
        .where(kept.c.day.between(first, window.last))
        .group_by(kept.c.rep_id)
    )
    found = {
        RepId(rep): (float(top), float(bottom), int(facts))
        for rep, top, bottom, facts in session.connection().execute(sums).all()
    }
    return _readings(definition, people, window, as_of, found)


def read_each(
    session: Session,
    definition: Definition,
    *,
    rep: RepId,
    windows: Sequence[Window],
    as_of: datetime,
    days: Sequence[Days] = (),
) -> list[Reading]:
    """One rep's readings over several windows, from what was filled, read once."""
    first, last = min(each.first for each in windows), max(each.last for each in windows)
    theirs = filled_days(definition).where(
        col(DailyReadingRow.rep_id) == rep, col(DailyReadingRow.day).in_(_each_of(first, last))
    )
    kept = narrowed(theirs, *days).subquery("days")
    rows = select(kept.c.day, kept.c.numerator, kept.c.denominator, kept.c.facts)
    by_day = [tuple(row) for row in session.connection().execute(rows).all()]
    found = []
    for window in windows:
        inside = [row[1:] for row in by_day if window.first <= row[0] <= window.last]
        columns = zip(*inside, strict=True) if inside else ((), (), ())
        top, bottom, facts = (sum(column) for column in columns)
        sums = {rep: (float(top), float(bottom), int(facts))}
        found.append(_readings(definition, [rep], window, as_of, sums)[rep])
    return found


def measure(
    session: Session,
    definition: Definition,
    *,
    reps: Iterable[RepId],
    window: Window,
    knowledge: Knowledge,
    as_of: datetime,
    days: Sequence[Days] = (),
) -> dict[RepId, Reading]:
    """Readings over a window as known on a day, from the facts themselves; only of ``days``.

    A metric that the CRM cannot support has no value for anybody, which is not the same as zero.
    """
    if unavailable_metrics(session, [definition]):
        return {rep: _nothing(definition, rep, window, as_of) for rep in reps}
    return measure_select(
        session,
        definition,
        narrowed(select_facts(definition, knowledge), *days),
        reps=reps,
        window=window,
        as_of=as_of,
    )


def _nothing(definition: Definition, rep: RepId, window: Window, as_of: datetime) -> Reading:
    return Reading(
        metric=definition.metric.key, rep=rep, window=window, value=None, facts=0, as_of=as_of
    )


def measure_select(
    session: Session,
    definition: Definition,
    select_of_facts: Select[Any],
    *,
    reps: Iterable[RepId],
    window: Window,
    as_of: datetime,
) -> dict[RepId, Reading]:
    """Readings from any select that ``bot.storage.facts.select`` makes."""
    people = list(reps)
    facts = select_of_facts.subquery("facts")
    if len(people) <= FEW:
        facts = select(facts).where(facts.c.rep_id.in_(people)).subquery("theirs")
    in_window = facts.c.day.between(window.first, window.last)
    if definition.metric.aggregate in {Aggregate.MEDIAN, Aggregate.WAIT}:
        return _medians(session, definition, people, window, as_of, facts, in_window)
    sums = select(
        facts.c.rep_id,
        func.coalesce(func.sum(facts.c.numerator), 0.0),
        func.coalesce(func.sum(facts.c.denominator), 0.0),
        func.count(facts.c.numerator),
    ).group_by(facts.c.rep_id)
    if not definition.metric.is_state:
        sums = sums.where(in_window)
    found = {
        RepId(rep): (float(top), float(bottom), int(count))
        for rep, top, bottom, count in session.connection().execute(sums).all()
    }
    return _readings(definition, people, window, as_of, found)


def _medians(
    session: Session,
    definition: Definition,
    reps: Iterable[RepId],
    window: Window,
    as_of: datetime,
    facts: Any,  # noqa: ANN401 - a subquery's columns are dynamic
    in_window: Any,  # noqa: ANN401 - a SQL expression
) -> dict[RepId, Reading]:
    found: dict[RepId, list[tuple[float, float]]] = defaultdict(list)
    rows = select(facts.c.rep_id, facts.c.numerator, facts.c.denominator)
    rows = rows.where(facts.c.numerator.is_not(None))
    if not definition.metric.is_state:
        rows = rows.where(in_window)
    for rep, value, weight in session.connection().execute(rows).all():
        found[RepId(rep)].append((float(value), float(weight or 0)))
    return {
        rep: Reading(
            metric=definition.metric.key,
            rep=rep,
            window=window,
            value=_middle(definition, found[rep]),
            facts=len(found[rep]),
            as_of=as_of,
        )
        for rep in reps
    }


def _middle(definition: Definition, facts: Sequence[tuple[float, float]]) -> float | None:
    """The median; of waits, None as long as more than half are still waiting."""
    if definition.metric.aggregate is Aggregate.WAIT:
        waits = [Wait(days=days, has_happened=bool(over)) for days, over in facts if days >= 0]
        return median_wait(steps(waits))
    return median(value for value, _ in facts) / _scale(definition) if facts else None


def _readings(
    definition: Definition,
    reps: Iterable[RepId],
    window: Window,
    as_of: datetime,
    found: Mapping[RepId, tuple[float, float, int]],
) -> dict[RepId, Reading]:
    metric = definition.metric.key
    value_of = _value_of(definition)
    nothing = (0.0, 0.0, 0)
    return {
        rep: Reading(
            metric=metric,
            rep=rep,
            window=window,
            value=value_of(*sums),
            facts=sums[2],
            as_of=as_of,
        )
        for rep in reps
        for sums in (found.get(rep, nothing),)
    }


def _value_of(definition: Definition) -> Callable[[float, float, int], float | None]:
    """What the sums of one rep come to; looked up once, since there are many reps."""
    scale = _scale(definition)
    match definition.metric.aggregate:
        case Aggregate.RATIO:
            return lambda top, below, _: top / below / scale if below else None
        case Aggregate.COUNT:
            return lambda _, __, facts: float(facts)
        case _:
            return lambda top, _, __: top / scale


def _scale(definition: Definition) -> int:
    """Hundredths to whole currency units, where the value is money."""
    return CENTS if definition.metric.unit is Unit.MONEY else 1


def facts_behind(
    session: Session,
    definition: Definition,
    *,
    rep: RepId,
    window: Window,
    knowledge: Knowledge,
    days: Sequence[Days] = (),
    most: int | None = None,
) -> Sequence[Fact]:
    """The records behind a reading, newest first."""
    facts = narrowed(select_facts(definition, knowledge), *days).subquery("facts")
    rows = (
        select(facts.c.id, facts.c.day, facts.c.numerator, facts.c.denominator)
        .where(facts.c.rep_id == rep, facts.c.numerator.is_not(None))
        .order_by(facts.c.day.desc(), facts.c.id)
    )
    if not definition.metric.is_state:
        rows = rows.where(facts.c.day.between(window.first, window.last))
    if most is not None:
        rows = rows.limit(most)
    is_money = definition.numerator is not None and definition.numerator.kind is Kind.MONEY
    scale = CENTS if is_money else 1
    return [
        Fact(
            record=RecordId(record),
            rep=rep,
            day=day,
            value=float(value) / scale,
            weight=float(weight if weight is not None else 1.0),
            label="",
        )
        for record, day, value, weight in session.connection().execute(rows)
    ]
