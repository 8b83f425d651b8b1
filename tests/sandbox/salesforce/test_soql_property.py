"""Random conditions select the same rows as a plain reading of them in Python."""

# ruff: noqa: S608 -- the statements are SOQL for a simulated Salesforce

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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
TODAY = NOW.date()
Row = dict[str, Any]
Truth = Callable[[Row], bool]

NAMES = ["Alpha", "alpha", "beta", "Béta", "BÉTA", "50%_x", "a_b", "", "O'Neil", "back\\slash"]
AMOUNTS = [None, 0.0, 1.5, 100.0, -3.0, 250.25]


def _rows() -> list[Row]:
    return [
        {
            "Id": long_id(f"006{number:012d}"),
            "Name": NAMES[number % len(NAMES)] or None,
            "Amount": AMOUNTS[number % len(AMOUNTS)],
            "IsPrivate": number % 3 == 0,
            "CloseDate": None if number % 7 == 0 else TODAY + timedelta(days=number * 3 - 60),
        }
        for number in range(60)
    ]


ROWS = _rows()


@pytest.fixture(scope="module")
def select() -> Callable[[str], set[str]]:
    clock = SandboxClock(starts_at=NOW, frozen=True)
    changes = [
        Change(at=NOW, sobject="Deal__c", id=row["Id"].replace("006", "a00", 1),
               fields={name: value for name, value in row.items() if name != "Id"})
        for row in ROWS
    ]  # fmt: skip
    store = Store.from_changes(changes, clock=clock)
    compiler = Compiler(
        schema=store.schema,
        calendar=Calendar(now=NOW, zone=ZoneInfo("UTC"), fiscal_start_month=1),
    )

    def select(condition: str) -> set[str]:
        plan = compiler.plan(parse(f"SELECT Id FROM Deal__c WHERE {condition}"))
        rows = store.database.rows(plan.sql, plan.parameters)
        return {str(row[0]).replace("a00", "006", 1) for row in rows}

    return select


@dataclass(frozen=True)
class Condition:
    soql: str
    holds: Truth


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _compared(field: str, operator: str, value: Any, text: str) -> Condition:
    def fold(item: Any) -> Any:
        return item.lower() if isinstance(item, str) else item

    def holds(row: Row) -> bool:
        found = row[field]
        if value is None:
            return (found is None) == (operator == "=") if operator in {"=", "!="} else False
        if operator == "!=":
            return found is None or fold(found) != fold(value)
        return found is not None and _ORDERS[operator](fold(found), fold(value))

    return Condition(f"{field} {operator} {text}", holds)


operators = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
amounts = st.builds(
    lambda operator, value: _compared(
        "Amount", operator, value, "null" if value is None else str(value)
    ),
    operators,
    st.sampled_from(AMOUNTS),
)
names = st.builds(
    # Salesforce's order of letters with accents is its own; equality is what counts here.
    lambda operator, value: _compared("Name", operator, value or None, _quoted(value)),
    st.sampled_from(["=", "!="]),
    st.sampled_from(NAMES),
)
flags = st.builds(
    lambda operator, value: _compared("IsPrivate", operator, value, str(value)),
    st.sampled_from(["=", "!="]),
    st.booleans(),
)
days = st.builds(
    lambda operator, offset: _compared(
        "CloseDate", operator, day := TODAY + timedelta(days=offset), day.isoformat()
    ),
    operators,
    st.integers(-70, 70),
)


def _spanned(operator: str, count: int) -> Condition:
    first, last = TODAY - timedelta(days=count), TODAY

    def holds(row: Row) -> bool:
        day: date | None = row["CloseDate"]
        if operator == "!=":
            return day is None or not first <= day <= last
        if day is None:
            return False
        return {
            "=": first <= day <= last,
            "<": day < first,
            "<=": day <= last,
            ">": day > last,
            ">=": day >= first,
        }[operator]

    return Condition(f"CloseDate {operator} LAST_N_DAYS:{count}", holds)


def _listed(values: list[str], *, negated: bool) -> Condition:
    wanted = {value.lower() for value in values if value}
    null_too = "" in values

    def holds(row: Row) -> bool:
        name = row["Name"]
        found = null_too if name is None else name.lower() in wanted
        return found != negated

    word = "NOT IN" if negated else "IN"
    return Condition(f"Name {word} ({', '.join(map(_quoted, values))})", holds)


def _like(middle: str) -> Condition:
    escaped = middle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    text = escaped.replace("'", "\\'")
    return Condition(
        f"Name LIKE '%{text}%'",
        lambda row: row["Name"] is not None and middle.lower() in row["Name"].lower(),
    )


simple = st.one_of(
    amounts,
    names,
    flags,
    days,
    st.builds(_spanned, operators, st.integers(0, 60)),
    st.builds(
        lambda values, negated: _listed(values, negated=negated),
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
        st.booleans(),
    ),
    st.builds(_like, st.sampled_from(["a", "É", "%", "_", "'", "\\", "eta", "%_x"])),
)


def _joined(word: str, parts: list[Condition]) -> Condition:
    join = all if word == "AND" else any
    return Condition(
        "(" + f" {word} ".join(part.soql for part in parts) + ")",
        lambda row: join(part.holds(row) for part in parts),
    )


conditions = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(_joined, st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)),
        st.builds(
            lambda part: Condition(f"(NOT {part.soql})", lambda row: not part.holds(row)), inner
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(condition=conditions)
def test_a_condition_selects_what_it_says(
    select: Callable[[str], set[str]], condition: Condition
) -> None:
    assert select(condition.soql) == {row["Id"] for row in ROWS if condition.holds(row)}
