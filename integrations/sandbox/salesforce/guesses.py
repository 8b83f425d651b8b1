"""The type of an exported column that no catalog knows, from its values as they pass by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from integrations.sandbox.salesforce.schema import Field

#: Whole numbers with more digits than this are telephone and account numbers, not quantities.
QUANTITY_DIGITS = 9
LONGEST_STRING = 255

_QUANTITY = re.compile(rf"-?(?:0|[1-9]\d{{0,{QUANTITY_DIGITS - 1}}})(?:\.\d+)?|-?\d+\.\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?")
_LONG_ID = re.compile(r"[0-9A-Za-z]{15}[A-Z0-5]{3}")
_TRUTH = re.compile(r"true|false", re.IGNORECASE)
#: The first that all values match decides.
_KINDS: Mapping[str, re.Pattern[str]] = {
    "datetime": _INSTANT,
    "date": _DATE,
    "double": _QUANTITY,
    "boolean": _TRUTH,
    "reference": _LONG_ID,
}
_STANDARD_KINDS = {
    "isdeleted": "boolean", "createddate": "datetime", "lastmodifieddate": "datetime",
    "systemmodstamp": "datetime",
}  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What the values of a column have in common so far; the values themselves are not kept."""

    column: Field
    possible: list[str] = field(default_factory=lambda: list(_KINDS))
    first: str = ""
    longest: int = 0
    #: Kept only where a value that comes twice matters.
    seen: set[str] | None = None

    @classmethod
    def of(cls, column: Field) -> Self:
        is_external = column.custom and "external" in column.name.lower()
        return cls(column, seen=set() if is_external else None)

    def add(self, value: str) -> None:
        self.first = self.first or value
        self.longest = max(self.longest, len(value))
        if self.possible:
            self.possible = [kind for kind in self.possible if _KINDS[kind].fullmatch(value)]
        if self.seen is not None:
            if value in self.seen:
                self.seen = None
            else:
                self.seen.add(value)

    def guessed(self) -> Field:
        kind = _STANDARD_KINDS.get(self.column.name.lower())
        if kind is not None:
            return replace(self.column, kind=kind, read_only=True)
        if not self.first:
            return replace(self.column, length=LONGEST_STRING)
        if self.possible:
            kind = self.possible[0]
            if kind == "reference":
                return replace(self.column, kind=kind, length=18, targets=(self.first[:3],))
            return replace(self.column, kind=kind)
        return replace(
            self.column,
            kind="string" if self.longest <= LONGEST_STRING else "textarea",
            length=max(LONGEST_STRING, self.longest),
            external_id=self.seen is not None,
        )
