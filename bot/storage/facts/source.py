"""A fact table as SQL, and what may be known; each join is made only where a column asks for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Float, FromClause, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.storage.facts.expressions import Expression


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


class MinutesBetween(FunctionElement[float]):
    """Minutes from the second instant to the first."""

    name = "minutes_between"
    inherit_cache = True
    type = Float()


@compiles(MinutesBetween, "sqlite")
def _minutes_on_sqlite(element: MinutesBetween, compiler: SQLCompiler, **words: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own signature
    later, earlier = (compiler.process(each, **words) for each in element.clauses)
    return f"ROUND((julianday({later}) - julianday({earlier})) * 1440.0, 3)"


@compiles(MinutesBetween, "postgresql")
def _minutes_on_postgresql(element: MinutesBetween, compiler: SQLCompiler, **words: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own signature
    later, earlier = (compiler.process(each, **words) for each in element.clauses)
    return f"(EXTRACT(EPOCH FROM ({later} - {earlier})) / 60.0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What may be used: all that the CRM had recorded by the end of ``day``, and before ``now``.

    ``now`` matters only for meetings later today, which have not been held yet.
    """

    day: date
    now: datetime
    #: The daily readings were filled with no other knowledge; see bot.storage.current.
    is_current: bool = False
    #: The day for which what was done on open deals is kept; see bot.storage.facts.deal_activity.
    kept_on: date | None = None

    def of_whole_day(self) -> "Knowledge":
        """The same at every hour, for what no hour of the day changes."""
        return replace(self, now=datetime.combine(self.day, time(0), tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Something joined to a fact table only when one of these columns is asked for."""

    columns: frozenset[str]
    joined: FromClause
    on: Expression
    is_outer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A fact table as SQL: its columns by name, where they come from, and what is known."""

    columns: Mapping[str, Expression]
    clause: FromClause
    conditions: Sequence[Expression]
    sides: Sequence[Side] = field(default=())
    #: Where a fact is made of many records: those of them that have a flaw, with their flaws.
    flawed: "Source | None" = None

    def clause_for(self, names: Collection[str]) -> FromClause:
        """Where the columns called ``names`` come from."""
        clause = self.clause
        for side in self.sides:
            if not side.columns.isdisjoint(names):
                clause = clause.join(side.joined, side.on, isouter=side.is_outer)
        return clause
