"""What many metrics add up to in one pass over their facts, and how it becomes daily readings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Float,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlmodel import Session

from bot.domain.metric import Aggregate
from bot.metrics.definition import Definition
from bot.storage.facts.expressions import Expression, as_number, compile_term
from bot.storage.readings import DailyReadingRow


@dataclass(frozen=True, slots=True)
class _Sums:
    """What is added up of one metric; facts are those with a value."""

    numerator: Expression
    denominator: Expression
    facts: Expression


def _sums_of(
    definition: Definition, columns: Mapping[str, Expression], many: Expression | None
) -> _Sums:
    def among(number: Expression) -> Expression:
        if definition.where is None:
            return number
        return case((compile_term(definition.where, columns), number))

    def total(number: Expression) -> Expression:
        return func.coalesce(func.sum(number if many is None else number * many), 0.0)

    numerator = among(as_number(definition.numerator, columns))
    facts: Expression = func.count(numerator)
    if many is not None:
        facts = func.sum(case((numerator.is_not(None), many), else_=0))
    match definition.metric.aggregate:
        case Aggregate.COUNT:
            return _Sums(facts, facts, facts)
        case Aggregate.RATIO:
            below = among(as_number(definition.denominator, columns))
            return _Sums(total(numerator), total(below), facts)
        case _:
            return _Sums(total(numerator), facts, facts)


def sums_of(
    group: Sequence[Definition],
    columns: Mapping[str, Expression],
    place: tuple[Expression, Expression],
    *,
    many: Expression | None = None,
) -> Select[Any]:
    """Rep and day, and what each metric adds up to; ``many`` says how often a row counts."""
    wanted = [place[0].label("rep_id"), place[1].label("day")]
    for at, definition in enumerate(group):
        sums = _sums_of(definition, columns, many)
        wanted += [
            sums.numerator.label(f"numerator_{at}"),
            sums.denominator.label(f"denominator_{at}"),
            sums.facts.label(f"facts_{at}"),
        ]
    return select(*wanted)


#: Puts one metric's sums to the readings.
Put = Callable[[Connection, Select[Any]], object]
READING = ("metric", "day", "rep_id", "numerator", "denominator", "facts")


def _insert(connection: Connection, sums: Select[Any]) -> None:
    connection.execute(insert(DailyReadingRow).from_select(READING, sums))


def spread(
    session: Session, group: Sequence[Definition], sums: Select[Any], *, put: Put = _insert
) -> None:
    """One row a rep and day with the sums of all metrics becomes one row for each of them."""
    connection = session.connection()
    wide = _wide_table(len(group))
    wide.create(connection)
    # In the order of the readings' key, which is that of their table.
    ordered = sums.order_by("day", "rep_id")
    connection.execute(insert(wide).from_select([column.name for column in wide.c], ordered))
    for at, definition in enumerate(group):
        numerator, below = wide.c[f"numerator_{at}"], wide.c[f"denominator_{at}"]
        facts = wide.c[f"facts_{at}"]
        one = select(
            cast(literal(str(definition.metric.key)), String()),
            wide.c.day,
            wide.c.rep_id,
            numerator,
            below,
            facts,
        ).where(or_(facts != 0, below != 0, and_(numerator.is_not(None), numerator != 0)))
        put(connection, one)
    wide.drop(connection)


@lru_cache(maxsize=64)
def _wide_table(metrics: int) -> Table:
    """The same each time, or no statement that names it is compiled only once."""
    columns: list[Column[Any]] = [Column("rep_id", String(18)), Column("day", Date())]
    for at in range(metrics):
        columns += [
            Column(f"numerator_{at}", Float()),
            Column(f"denominator_{at}", Float()),
            Column(f"facts_{at}", Integer()),
        ]
    return Table(f"wide_{metrics}", MetaData(), *columns, prefixes=["TEMPORARY"])
