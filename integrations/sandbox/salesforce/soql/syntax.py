"""The syntax tree of a SOQL statement. Positions count characters from the statement's start."""

from dataclasses import dataclass
from typing import Literal as OneOf

LiteralKind = OneOf[
    "string", "number", "currency", "boolean", "null", "date", "instant", "relative"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPath:
    parts: tuple[str, ...]
    position: int

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A call; ``argument`` is None for ``COUNT()``."""

    name: str
    argument: "FieldPath | Function | None"
    position: int
    #: Of DISTANCE: latitude, longitude and unit.
    measure: tuple[float, float, str] | None = None


Operand = FieldPath | Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    kind: LiteralKind
    #: Unquoted text; for relative dates the name in capitals.
    text: str
    #: A string as LIKE takes it: its escaped wildcards still escaped.
    pattern: str = ""
    #: The n of ``LAST_N_DAYS:n``.
    count: int | None = None
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    operand: Operand
    operator: str
    value: "Literal | tuple[Literal, ...] | Query"
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    condition: "Condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Junction:
    """Conditions joined by one and the same word, AND or OR."""

    word: str
    conditions: "tuple[Condition, ...]"


Condition = Comparison | Not | Junction


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    operand: Operand
    alias: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllFields:
    """``FIELDS(ALL)``, ``FIELDS(STANDARD)`` or ``FIELDS(CUSTOM)``."""

    which: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeOf:
    """``TYPEOF What WHEN Account THEN Phone ELSE Name END``."""

    path: FieldPath
    #: An object's name and its fields.
    cases: tuple[tuple[FieldPath, tuple[FieldPath, ...]], ...]
    otherwise: tuple[FieldPath, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    operand: Operand
    is_descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    selected: "tuple[Selected | AllFields | TypeOf | Query, ...]"
    sobject: FieldPath
    alias: str | None = None
    #: ``FROM Contact c, c.Account a``: parents with a name of their own.
    related: tuple[tuple[FieldPath, str], ...] = ()
    #: USING SCOPE mine.
    is_mine: bool = False
    where: Condition | None = None
    group_by: tuple[Operand, ...] = ()
    #: ROLLUP or CUBE.
    subtotals: str = ""
    having: Condition | None = None
    order_by: tuple[Ordering, ...] = ()
    limit: int | None = None
    offset: int | None = None
    offset_position: int = 0
