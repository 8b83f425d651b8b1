"""Fills daily readings: all metrics of one fact table in one pass over its facts.

Only what is dirty is filled again. Every step may be repeated after a crash.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    Select,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
)
from sqlmodel import Field, Session, SQLModel, col

from bot.domain.choices import Choices
from bot.domain.ids import MetricKey
from bot.domain.metric import Aggregate
from bot.domain.windows import LAST_DAY_EVER
from bot.metrics.definition import Definition
from bot.storage.columns import Instant
from bot.storage.facts.expressions import Expression, compile_term
from bot.storage.facts.select import Knowledge, Source, source_of
from bot.storage.facts.tables import BY_ACTIVITY, EVERYBODY, DirtyDayRow
from bot.storage.readings import DailyReadingRow
from bot.storage.wide_sums import spread, sums_of

#: The state tables of which every change of a record is told.
OF_RECORDS = frozenset(
    {"open_opportunity", "opportunity_open_before", "pipeline_pace", "quota_period"}
)


class FillStateRow(SQLModel, table=True):
    """Which version of a metric's definition its daily readings were filled with."""

    __tablename__ = "fill_state"

    metric: str = Field(primary_key=True)
    version: str
    filled_at: datetime = Field(sa_type=Instant)


class StateDayRow(SQLModel, table=True):
    """A day for which a state was read; without a reading there was nothing to read."""

    __tablename__ = "state_day"

    metric: str = Field(primary_key=True)
    day: date = Field(primary_key=True)


def is_kept_daily(definition: Definition) -> bool:
    """Medians need the facts themselves; what grows is dirty every day."""
    if definition.metric.aggregate in {Aggregate.MEDIAN, Aggregate.WAIT}:
        return False
    return definition.table.growing.isdisjoint(definition.columns)


def filled_versions(session: Session) -> Mapping[MetricKey, str]:
    rows = session.connection().execute(select(col(FillStateRow.metric), col(FillStateRow.version)))
    return {MetricKey(metric): version for metric, version in rows}


def last_filled(session: Session) -> datetime | None:
    found = session.connection().execute(select(func.max(col(FillStateRow.filled_at))))
    return found.scalar_one()


def note_filled(session: Session, definitions: Iterable[Definition], *, at: datetime) -> None:
    """Nobody keeps the readings of other metrics true, so they are known no longer."""
    row: Any = FillStateRow
    noted = [
        {"metric": each.metric.key, "version": each.version, "filled_at": at}
        for each in definitions
    ]
    session.connection().execute(delete(row))
    if noted:
        session.connection().execute(insert(row), noted)


def filled_on(session: Session, day: date) -> frozenset[MetricKey]:
    """The states that were read for the day."""
    row = StateDayRow
    found = session.connection().execute(select(col(row.metric)).where(col(row.day) == day))
    return frozenset(MetricKey(metric) for (metric,) in found)


def forget_dirty_states(
    session: Session, definitions: Iterable[Definition], *, today: date
) -> None:
    """What changed on a day changes the states of all later ones, which are then told anew."""
    state = StateDayRow
    dirty_from = _dirty_states(session, EVERYBODY, BY_ACTIVITY)
    for definition in definitions:
        day = dirty_from.get(definition.table.name)
        if definition.metric.is_state and day is not None:
            gone = delete(state).where(
                col(state.metric) == definition.metric.key, col(state.day) >= day
            )
            session.connection().execute(gone.where(col(state.day) < today))


def still_true(
    session: Session, definitions: Iterable[Definition], *, today: date
) -> frozenset[MetricKey]:
    """The states of today that were read before and that nothing has changed since.

    Of what is done later today nobody is told, so whatever hangs on activities is told anew.
    """
    dirty_from = _dirty_states(session, EVERYBODY)
    known = filled_on(session, today)
    return frozenset(
        each.metric.key
        for each in definitions
        if each.metric.key in known
        and each.table.name in OF_RECORDS
        and not each.hangs_on_activities
        and dirty_from.get(each.table.name, LAST_DAY_EVER) > today
    )


def _dirty_states(session: Session, *of: str) -> Mapping[str, date]:
    """From which day on the states of a table are no longer true."""
    row = DirtyDayRow
    first = select(col(row.fact_table), func.min(col(row.day))).where(
        col(row.is_filled).is_(False), col(row.rep_id).in_(of)
    )
    return dict(session.connection().execute(first.group_by(col(row.fact_table))).all())


def fill_flows(
    session: Session, definitions: Iterable[Definition], *, knowledge: Knowledge, only_dirty: bool
) -> None:
    """Fill what adds up over days again: for all days, or for the dirty days of each rep."""
    if only_dirty:
        touched = set(
            session.connection().execute(select(col(DirtyDayRow.fact_table)).distinct()).scalars()
        )
        definitions = [each for each in definitions if each.table.name in touched]
    for group, sums in flow_sums(definitions, knowledge=knowledge, only_dirty=only_dirty):
        dirty = _dirty_places(group[0].table.name) if only_dirty else None
        _clear(session, group, places=dirty)
        spread(session, group, sums)


def flow_sums(
    definitions: Iterable[Definition], *, knowledge: Knowledge, only_dirty: bool = False
) -> Iterator[tuple[Sequence[Definition], Select[Any]]]:
    """The metrics that one pass over a fact table adds up, and the SELECT that does."""
    by_day: dict[tuple[str, str, Choices], list[Definition]] = defaultdict(list)
    for definition in definitions:
        by_day[definition.table.name, definition.day, definition.choices].append(definition)
    for (table, day, choices), group in by_day.items():
        source = source_of(table, knowledge, choices)
        place = (source.columns["rep_id"], source.columns[day])
        is_wanted = (
            tuple_(*place).in_(_dirty_places(table)) if only_dirty else place[1].is_not(None)
        )
        sums = _sums(group, source, place).where(is_wanted, *source.conditions)
        if all(each.where is not None for each in group):
            wheres = [compile_term(each.where, source.columns) for each in group if each.where]
            sums = sums.where(or_(*wheres))
        yield group, sums.group_by(*place)


def fill_states(
    session: Session, definitions: Iterable[Definition], *, knowledge: Knowledge
) -> None:
    """Fill the readings of the state at the end of ``knowledge.day``."""
    read: list[dict[str, object]] = []
    known = filled_on(session, knowledge.day)
    for group, sums in state_sums(definitions, knowledge=knowledge):
        _clear(session, group, day=knowledge.day)
        spread(session, group, sums)
        keys = (definition.metric.key for definition in group)
        read += [{"metric": key, "day": knowledge.day} for key in keys if key not in known]
    if read:
        session.connection().execute(insert(StateDayRow), read)


def state_sums(
    definitions: Iterable[Definition], *, knowledge: Knowledge
) -> Iterator[tuple[Sequence[Definition], Select[Any]]]:
    """The metrics that one pass over a state table adds up, and the SELECT that does."""
    by_table: dict[tuple[str, Choices], list[Definition]] = defaultdict(list)
    for definition in definitions:
        by_table[definition.table.name, definition.choices].append(definition)
    for (table, choices), group in by_table.items():
        source = _told_once(source_of(table, knowledge, choices), group)
        place = (source.columns["rep_id"], literal(knowledge.day, Date()))
        yield group, _sums(group, source, place).group_by(place[0])


def _dirty_places(table: str) -> Select[str, date]:
    row = DirtyDayRow
    return select(col(row.rep_id), col(row.day)).where(col(row.fact_table) == table)


def _told_once(source: Source, group: Iterable[Definition]) -> Source:
    """The source with each column worked out once a row, however many metrics use it."""
    used = _used(group)
    told = (
        select(*(source.columns[name].label(name) for name in sorted(used)))
        .select_from(source.clause_for(used))
        .where(*source.conditions)
        .cte("told")
        .prefix_with("MATERIALIZED")
    )
    return Source(columns={name: told.c[name] for name in used}, clause=told, conditions=())


def _sums(
    group: Sequence[Definition], source: Source, place: tuple[Expression, Expression]
) -> Select[Any]:
    return sums_of(group, source.columns, place).select_from(source.clause_for(_used(group)))


def _used(group: Iterable[Definition]) -> set[str]:
    return {"rep_id", *(name for definition in group for name in definition.columns)}


def _clear(
    session: Session,
    group: Iterable[Definition],
    *,
    places: Select[str, date] | None = None,
    day: date | None = None,
) -> None:
    row = DailyReadingRow
    stale = delete(row).where(col(row.metric).in_([each.metric.key for each in group]))
    if day is not None:
        stale = stale.where(col(row.day) == day)
    elif places is not None:
        stale = stale.where(tuple_(col(row.rep_id), col(row.day)).in_(places))
    session.connection().execute(stale)
