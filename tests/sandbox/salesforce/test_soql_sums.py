"""Random aggregates over random records add up to what DuckDB makes of the same rows."""

# ruff: noqa: S608 -- the statements are SOQL for a simulated Salesforce, and SQL for DuckDB

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.soql.compiler import Compiler
from integrations.sandbox.salesforce.soql.dates import Calendar
from integrations.sandbox.salesforce.soql.parser import parse
from integrations.sandbox.salesforce.store import Store

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
ROWS = 300
#: In SOQL and in DuckDB.
GROUPS = {
    "Kind__c": "Kind__c",
    "Region__c": "Region__c",
    "CALENDAR_YEAR(CloseDate)": "year(CloseDate)",
    "CALENDAR_QUARTER(CloseDate)": "quarter(CloseDate)",
    "CALENDAR_MONTH(CloseDate)": "month(CloseDate)",
    "DAY_IN_MONTH(CloseDate)": "day(CloseDate)",
    "DAY_IN_WEEK(CloseDate)": "dayofweek(CloseDate) + 1",
    "DAY_IN_YEAR(CloseDate)": "dayofyear(CloseDate)",
}
VALUES = (
    "COUNT(Id)", "COUNT(Amount)", "COUNT_DISTINCT(Region__c)", "SUM(Amount)", "MIN(Amount)",
    "MAX(Amount)", "AVG(Amount)", "MIN(CloseDate)", "MAX(Kind__c)",
)  # fmt: skip
CONDITIONS = (
    "Amount > 10", "Amount = null", "Kind__c != 'a'", "CloseDate >= 2026-01-01",
    "Region__c IN ('north', null)",
)  # fmt: skip
#: What is no value is not 'a' either, in SOQL.
TRANSLATED = {
    "Amount = null": "Amount IS NULL",
    "Kind__c != 'a'": "Kind__c IS DISTINCT FROM 'a'",
    "CloseDate >= 2026-01-01": "CloseDate >= DATE '2026-01-01'",
    "Region__c IN ('north', null)": "(Region__c = 'north' OR Region__c IS NULL)",
}
Rows = Counter[tuple[Any, ...]]


def made_up() -> list[dict[str, Any]]:
    draw = Random(7)  # noqa: S311 -- made up, not secret
    return [
        {
            "Id": long_id(f"a00{number:012d}"),
            "Kind__c": draw.choice(["a", "b", "c"]),
            "Region__c": draw.choice(["north", "south", None]),
            "Amount": draw.choice([None, 0.25 * draw.randrange(-40, 400)]),
            "CloseDate": NOW.date() + timedelta(days=draw.randrange(-500, 300)),
        }
        for number in range(ROWS)
    ]


@dataclass(frozen=True)
class Question:
    groups: tuple[str, ...]
    values: tuple[str, ...]
    condition: str | None
    subtotals: str
    having: bool

    def soql(self) -> str:
        grouped = ", ".join(self.groups)
        if self.subtotals:
            grouped = f"{self.subtotals}({grouped})"
        shown = ", ".join(f"{each} x{n}" for n, each in enumerate([*self.groups, *self.values]))
        where = f" WHERE {self.condition}" if self.condition else ""
        having = " HAVING COUNT(Id) > 3" if self.having else ""
        return f"SELECT {shown} FROM Deal__c{where} GROUP BY {grouped}{having}"

    def sql(self) -> str:
        groups = [GROUPS[each] for each in self.groups]
        grouped = ", ".join(groups)
        if self.subtotals:
            grouped = f"{self.subtotals} ({grouped})"
        values = [each.replace("COUNT_DISTINCT(", "COUNT(DISTINCT ") for each in self.values]
        where = f" WHERE {TRANSLATED.get(self.condition, self.condition)}" if self.condition else ""
        having = " HAVING COUNT(Id) > 3" if self.having else ""
        return (
            f"SELECT {', '.join([*groups, *values])} FROM deals{where} GROUP BY {grouped}{having}"
        )


questions = st.builds(
    Question,
    groups=st.lists(st.sampled_from(sorted(GROUPS)), min_size=1, max_size=3, unique=True).map(
        tuple
    ),
    values=st.lists(st.sampled_from(VALUES), min_size=1, max_size=4, unique=True).map(tuple),
    condition=st.none() | st.sampled_from(CONDITIONS),
    subtotals=st.sampled_from(["", "ROLLUP", "CUBE"]),
    having=st.booleans(),
)


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[Question], tuple[Rows, Rows]]]:
    """The answers of the sandbox and of DuckDB."""
    rows = made_up()
    changes = [
        Change(at=NOW, sobject="Deal__c", id=row["Id"],
               fields={name: value for name, value in row.items() if name != "Id"})
        for row in rows
    ]  # fmt: skip
    store = Store.from_changes(changes, clock=SandboxClock(starts_at=NOW, frozen=True))
    calendar = Calendar(now=NOW, zone=ZoneInfo("UTC"), fiscal_start_month=1)
    compiler = Compiler(schema=store.schema, calendar=calendar)
    with duckdb.connect() as duck:
        duck.execute(
            "CREATE TABLE deals (Id VARCHAR, Kind__c VARCHAR, Region__c VARCHAR, Amount DOUBLE, "
            "CloseDate DATE)"
        )
        duck.executemany("INSERT INTO deals VALUES (?, ?, ?, ?, ?)", [[*r.values()] for r in rows])

        def ask(question: Question) -> tuple[Rows, Rows]:
            plan = compiler.plan(parse(question.soql()))
            ours = store.database.rows(plan.sql, plan.parameters)
            return _counted(ours), _counted(duck.execute(question.sql()).fetchall())

        yield ask
    store.close()


def _counted(rows: list[Any]) -> Rows:
    return Counter(tuple(map(_plain, row)) for row in rows)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 5)
    return value.isoformat() if hasattr(value, "isoformat") else value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions)
def test_sums_are_those_of_another_database(
    ask: Callable[[Question], tuple[Rows, Rows]], question: Question
) -> None:
    ours, theirs = ask(question)
    assert ours == theirs, question.soql()
