"""What a table of facts is: its rows, its columns, and what they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    #: Whole hundredths in the database; written and shown in currency units.
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    kind: Kind
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTable:
    name: str
    because: str
    #: True when a row describes one day's state, so that a window takes its last day only.
    is_state: bool
    #: The columns that may put a fact into a window, the usual one first.
    day_columns: tuple[str, ...]
    columns: Mapping[str, Column]
    #: The mirror table and column without which there are no facts at all.
    rests_on: tuple[str, str] = ("opportunity", "id")
    #: Columns that grow as days pass, of a table whose rows describe no day's state.
    growing: frozenset[str] = frozenset()
    #: Mirror columns without which a column cannot be known: column → (mirror table, column).
    needs: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def text(means: str) -> Column:
    return Column(kind=Kind.TEXT, means=means)


def number(means: str) -> Column:
    return Column(kind=Kind.NUMBER, means=means)


def money(means: str) -> Column:
    return Column(kind=Kind.MONEY, means=means)


def boolean(means: str) -> Column:
    return Column(kind=Kind.BOOLEAN, means=means)


def day(means: str) -> Column:
    return Column(kind=Kind.DATE, means=means)
