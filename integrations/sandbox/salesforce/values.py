"""Field values in their four shapes: Python, stored (SQLite), JSON and CSV.

Stored: instants as ``2026-01-01T00:00:00.000+0000`` and dates as ``2026-01-01``, both text that
sorts by time; booleans as 0 and 1; ids in their 18-character form; no value as NULL.
"""

import base64
import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from integrations.sandbox.salesforce.errors import ApiError, WrongType
from integrations.sandbox.salesforce.ids import ID, long_id
from integrations.sandbox.salesforce.schema import Field

Stored = str | int | float | None

_TRUE = frozenset({"1", "true", "t", "yes", "y"})
_FALSE = frozenset({"0", "false", "f", "no", "n", ""})
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
LARGEST_INT = 2**31 - 1
_INSTANT_LENGTH = len("2026-01-01T00:00:00.000+0000")
_DATE_LENGTH = len("2026-01-01")


def instant_text(instant: datetime) -> str:
    """Salesforce's way to write an aware instant, in UTC to the millisecond."""
    utc = instant.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}+0000"


def parse_instant(text: str) -> datetime:
    """An aware instant; without an offset the text is taken as UTC. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def column_type(field: Field) -> str:
    if field.kind in {"int", "boolean"}:
        return "INTEGER"
    return "REAL" if field.is_number else "TEXT"


def to_stored(field: Field, value: object) -> Stored:
    """Store a Python value of a change. Raises ValueError for what the field cannot hold."""
    if value is None:
        return 0 if field.kind == "boolean" else None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return instant_text(value) if field.kind == "datetime" else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and field.is_number:
        return _number(field, value)
    return from_text(field, str(value))


def _number(field: Field, value: float | Decimal) -> int | float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is not a number that Salesforce can hold")
    if field.kind != "int":
        return number
    if number != int(number):
        raise ValueError(f"{value} is not a whole number")
    if abs(number) > LARGEST_INT:
        raise ValueError(f"{value} is too large a number")
    return int(number)


def from_text(field: Field, text: str) -> Stored:
    """Store a CSV cell; blank is no value, or false. Raises ValueError with the fix."""
    return text_reader(field)(text)


def text_reader(field: Field) -> Callable[[str], Stored]:
    """The function that reads one column's cells, chosen once per file."""
    if field.kind == "boolean":
        return _boolean_from_text
    if field.kind == "datetime":
        return _instant_from_text
    if field.kind == "date":
        return _date_from_text
    if field.is_number:
        return lambda text: _number_from_text(field, text)
    if field.is_id:
        return lambda text: long_id(text) or None
    return lambda text: text or None


def _boolean_from_text(text: str) -> int:
    lowered = text.strip().lower()
    if lowered in _TRUE:
        return 1
    if lowered in _FALSE:
        return 0
    raise ValueError(f"{text!r} is no boolean; write 1, 0, true, false or leave it blank")


def _instant_from_text(text: str) -> str | None:
    if not text:
        return None
    try:
        instant = parse_instant(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is no date and time; write it like 2024-01-22T16:14:25.000+0000"
        ) from None
    if len(text) == _INSTANT_LENGTH and text.endswith("+0000"):
        return text
    return instant_text(instant)


def _date_from_text(text: str) -> str | None:
    if not text:
        return None
    try:
        datetime.fromisoformat(text)
        return date.fromisoformat(text[:_DATE_LENGTH]).isoformat()
    except ValueError:
        raise ValueError(f"{text!r} is no date; write it like 2024-01-22") from None


def _number_from_text(field: Field, text: str) -> int | float | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(
            f"{text!r} is no number; write it like 1234.50, without currency or grouping signs"
        )
    try:
        return _number(field, Decimal(text))
    except OverflowError:
        raise ValueError(f"{text!r} is too large a number") from None


def to_json(field: Field) -> Callable[[Stored], object] | None:
    """How a stored value becomes JSON; None where it already is."""
    if field.kind == "boolean":
        return bool
    if field.kind == "address":
        return lambda stored: json.loads(stored) if isinstance(stored, str) else None
    return None


def to_csv(field: Field) -> Callable[[Stored], str]:
    """How a stored value becomes a cell of a Bulk API result."""
    if field.kind == "boolean":
        return lambda stored: "true" if stored else "false"
    if field.kind == "datetime":
        return lambda stored: "" if stored is None else str(stored).replace("+0000", "Z")
    return lambda stored: "" if stored is None else str(stored)


def _wrong_type(field: Field, value: object) -> WrongType:
    token = {bool: "VALUE_TRUE" if value else "VALUE_FALSE", int: "VALUE_NUMBER_INT"}.get(
        type(value), "VALUE_NUMBER_FLOAT" if isinstance(value, float) else "VALUE_STRING"
    )
    return WrongType(field.name, field.kind, token, value)


def from_json(field: Field, value: object, *, label: str) -> Stored:
    """Store a value of an API request; ``label`` names the object in refusals. Raises ApiError."""
    if value is None or value == "":
        return 0 if field.kind == "boolean" else None
    if field.kind == "boolean":
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, str) and value.lower() in {"true", "false"}:
            return int(value.lower() == "true")
        raise _wrong_type(field, value)
    if field.kind in {"date", "datetime"} or field.is_number:
        return _measured_from_json(field, value)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _wrong_type(field, value)
    text = str(value)
    if field.kind == "base64":
        return _checked_base64(field, text)
    if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
        # Half of a surrogate pair is no character.
        raise _wrong_type(field, text.encode("utf-8", "replace").decode())
    return _text_from_json(field, text, label=label)


def _checked_base64(field: Field, text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        raise _wrong_type(field, text) from None
    return text


def _measured_from_json(field: Field, value: object) -> Stored:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _wrong_type(field, value)
    if field.is_number == isinstance(value, str) and not field.is_number:
        raise _wrong_type(field, value)
    try:
        return from_text(field, str(value))
    except ValueError:
        raise _wrong_type(field, value) from None


def _text_from_json(field: Field, text: str, *, label: str) -> Stored:
    if field.is_id:
        if not ID.fullmatch(text):
            raise ApiError(
                400,
                "MALFORMED_ID",
                f"{field.name}: id value of incorrect type: {text}",
                fields=(field.name,),
            )
        return long_id(text)
    if field.length and len(text) > field.length:
        raise ApiError(
            400,
            "STRING_TOO_LONG",
            f"{label} {field.name}: data value too large: {text} (max length={field.length})",
            fields=(field.name,),
        )
    return text
