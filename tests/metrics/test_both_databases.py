"""Whatever a metric file may say means the same on SQLite and on PostgreSQL."""

import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    select,
)

from bot.metrics.expression import parse_expression
from bot.metrics.fact_tables import FACT_TABLES, Kind
from bot.metrics.fact_tables import Column as FactColumn
from bot.storage.facts.expressions import as_number, compile_term

#: Numbers are whole ones in most of our tables, which PostgreSQL reckons in 32 bits.
KEPT_AS: Mapping[Kind, Any] = {
    Kind.TEXT: String,
    Kind.NUMBER: Integer,
    Kind.MONEY: BigInteger,
    Kind.BOOLEAN: Boolean,
    Kind.DATE: Date,
}
VALUES: Mapping[Kind, tuple[object, ...]] = {
    Kind.TEXT: ("", "a", "B", "É", "b c", None),
    Kind.NUMBER: (0, 1, 7, -3, 86_400, 2_000_000_000, None),
    Kind.MONEY: (0, 100, -5, 333, 10**14, None),
    Kind.BOOLEAN: (True, False, None),
    Kind.DATE: (date(1970, 1, 1), date(2026, 3, 9), date(2099, 1, 1), None),
}
LITERALS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("''", "'B'", "'É'"),
    Kind.NUMBER: ("0", "2.5", "-3", "1000000"),
    Kind.BOOLEAN: ("TRUE", "FALSE"),
}
COLUMNS = FACT_TABLES["open_opportunity"].columns
FACTS = Table(
    "said_twice",
    MetaData(),
    *(Column(name, KEPT_AS[each.kind]) for name, each in COLUMNS.items()),
)
EXPRESSIONS = 150


class Author:
    """Writes expressions that are allowed, of any kind."""

    def __init__(self, seed: int, columns: Mapping[str, FactColumn]) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._columns = columns

    def write(self, kind: Kind, depth: int) -> str:
        chance = self._chance
        if depth == 0 or chance.random() < 0.2:
            named = [name for name, each in self._columns.items() if each.kind is kind]
            return chance.choice([*named, *LITERALS.get(kind, ())])
        if kind is Kind.BOOLEAN:
            return self._condition(depth - 1)
        one, other = self.write(kind, depth - 1), self.write(kind, depth - 1)
        forms = [
            f"COALESCE({one}, {other})",
            f"CASE WHEN {self.write(Kind.BOOLEAN, depth - 1)} THEN {one} ELSE {other} END",
        ]
        if kind in {Kind.NUMBER, Kind.MONEY}:
            times = self.write(Kind.NUMBER, depth - 1)
            forms += [f"({one} + {other})", f"({one} - {other})", f"({one} * {times})"]
            forms.append(f"ABS({one})")
        return chance.choice(forms)

    def _condition(self, depth: int) -> str:
        kind = self._chance.choice(list(Kind))
        one, other, third = (self.write(kind, depth) for _ in range(3))
        known, also = (self.write(Kind.BOOLEAN, depth) for _ in range(2))
        forms = [
            f"({known} AND {also})",
            f"({known} OR {also})",
            f"NOT {known}",
            f"({one} IS NULL)",
            f"({one} NOT IN ({other}, {third}))",
            f"({one} {self._chance.choice(['=', '!='])} {other})",
        ]
        if kind not in {Kind.TEXT, Kind.BOOLEAN}:
            forms.append(f"({one} BETWEEN {other} AND {third})")
            forms.append(f"({one} {self._chance.choice(['<', '<=', '>', '>='])} {other})")
        return self._chance.choice(forms)


@pytest.fixture
def both(postgres: str) -> Iterator[list[Connection]]:
    """The same forty facts in a database of each sort."""
    chance = random.Random(3)  # noqa: S311 - no secret
    rows = [
        {name: chance.choice(VALUES[each.kind]) for name, each in COLUMNS.items()} | {"id": f"{n}"}
        for n in range(40)
    ]
    engines = [create_engine("sqlite://"), create_engine(postgres)]
    connections = [each.connect() for each in engines]
    for connection in connections:
        FACTS.create(connection)
        connection.execute(FACTS.insert(), rows)
    yield connections
    for connection, engine in zip(connections, engines, strict=True):
        connection.rollback()
        connection.close()
        engine.dispose()


def test_an_expression_gives_the_same_on_both_databases(both: list[Connection]) -> None:
    author = Author(11, COLUMNS)
    columns = dict(FACTS.c)
    for number in range(EXPRESSIONS):
        kind = (Kind.BOOLEAN, Kind.NUMBER, Kind.MONEY)[number % 3]
        text = author.write(kind, 1 + number % 4)
        term = parse_expression(text, COLUMNS)
        wanted = select(FACTS.c.id, as_number(term, columns)).order_by(FACTS.c.id)
        if kind is Kind.BOOLEAN:
            wanted = wanted.where(compile_term(term, columns))
        ours, theirs = ([tuple(row) for row in each.execute(wanted)] for each in both)
        assert [row[0] for row in ours] == [row[0] for row in theirs], text
        assert [row[1] for row in ours] == pytest.approx([row[1] for row in theirs]), text


def test_what_is_reckoned_may_be_larger_than_a_column_holds(both: list[Connection]) -> None:
    text = "ABS(days_open * days_open * pushes) + days_open * 1000000"
    term = parse_expression(text, COLUMNS)
    wanted = select(as_number(term, dict(FACTS.c))).order_by(FACTS.c.id)
    ours, theirs = ([row[0] for row in each.execute(wanted)] for each in both)
    assert ours == pytest.approx(theirs)
    assert max(each for each in ours if each is not None) > 2**31
