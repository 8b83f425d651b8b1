"""WHERE and HAVING as SQL.

Salesforce knows two truth values: a comparison with no value is false, and its opposite true.
SQL's third value is therefore turned into false wherever NOT could see it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from integrations.sandbox.salesforce.errors import SoqlError, malformed
from integrations.sandbox.salesforce.ids import ID, long_id
from integrations.sandbox.salesforce.schema import Field
from integrations.sandbox.salesforce.soql.dates import RELATIVE_DATES, Calendar
from integrations.sandbox.salesforce.soql.geography import DISTANCE
from integrations.sandbox.salesforce.soql.scope import Column
from integrations.sandbox.salesforce.soql.semi_joins import check_path
from integrations.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    FieldPath,
    Junction,
    Literal,
    Not,
    Operand,
    Query,
)
from integrations.sandbox.salesforce.values import Stored, instant_text, parse_instant

_SOAP_NAMES = {"datetime": "dateTime", "currency": "double", "percent": "double", "id": "id"}
_UNQUOTED_KINDS = frozenset({"boolean", "date", "datetime"})
_NO_ORDER = frozenset({"boolean"})

Sql = tuple[str, list[Stored]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionWriter:
    """Writes one statement's conditions; what a name means is up to ``column``."""

    column: Callable[[Operand], Column]
    #: A subquery as SQL that yields one column, to be held against this one.
    subquery: Callable[[Query, Column], Sql]
    calendar: Calendar

    def sql(self, condition: Condition) -> Sql:
        if isinstance(condition, Not):
            inner, parameters = self.sql(condition.condition)
            return f"NOT COALESCE({inner}, 0)", parameters
        if isinstance(condition, Junction):
            written = [self.sql(part) for part in condition.conditions]
            joined = _balanced(condition.word, [sql for sql, _ in written])
            return joined, [value for _, values in written for value in values]
        return self._comparison(condition)

    def _comparison(self, comparison: Comparison) -> Sql:
        column = self.column(comparison.operand)
        if not column.field.is_filterable:
            raise SoqlError(
                "INVALID_FIELD",
                f"field '{column.field.name}' can not be filtered in a query call",
                comparison.position,
            )
        value, operator = comparison.value, comparison.operator
        if column.field.name == DISTANCE and operator not in {"<", "<=", ">", ">="}:
            raise _bad_operator(column.field, comparison)
        if isinstance(value, Query):
            return self._semi_join(column, comparison, value)
        if isinstance(value, tuple):
            return self._list(column, comparison, value)
        if operator == "LIKE":
            return _like(column, comparison, value)
        if value.kind == "null" or (value.kind == "string" and not value.text):
            return _null_check(column, operator)
        if value.kind == "relative":
            return self._relative(column, operator, value)
        if column.field.kind in _NO_ORDER and operator not in {"=", "!="}:
            raise _bad_operator(column.field, comparison)
        return _ordered(column, operator, _stored(column.field, value))

    def _semi_join(self, column: Column, comparison: Comparison, query: Query) -> Sql:
        if comparison.operator not in {"IN", "NOT IN"} or not column.field.is_id:
            raise malformed(
                f"The left operand field in the where expression for outer query should be an "
                f"id field, cannot use: '{column.field.name}'",
                comparison.position,
            )
        if isinstance(comparison.operand, FieldPath):
            check_path(comparison.operand, "left operand")
        sql, parameters = self.subquery(query, column)
        if comparison.operator == "IN":
            return f"{column.sql} IN ({sql})", parameters
        # One missing value among the inner rows would make SQL's NOT IN reject every row.
        present = "SELECT found FROM inner_rows WHERE found IS NOT NULL"
        present = f"WITH inner_rows(found) AS ({sql}) {present}"
        return f"({column.sql} IS NULL OR {column.sql} NOT IN ({present}))", parameters

    def _list(self, column: Column, comparison: Comparison, literals: tuple[Literal, ...]) -> Sql:
        operator = comparison.operator
        if operator in {"INCLUDES", "EXCLUDES"}:
            return _multi_picklist(column, comparison, literals)
        if any(literal.kind == "relative" for literal in literals):
            return self._days(comparison, literals)
        values: list[Stored] = [
            _stored(column.field, literal)
            for literal in literals
            if literal.kind != "null" and literal.text
        ]
        has_null = len(values) < len(literals)
        subject, values = _folded(column, values)
        marks = ", ".join("?" * len(values))
        if operator == "IN":
            null_too = f" OR {column.sql} IS NULL" if has_null else ""
            return f"({subject} IN ({marks}){null_too})", values
        if has_null:
            return f"({column.sql} IS NOT NULL AND {subject} NOT IN ({marks}))", values
        return f"({column.sql} IS NULL OR {subject} NOT IN ({marks}))", values

    def _days(self, comparison: Comparison, literals: tuple[Literal, ...]) -> Sql:
        """Any of several days or periods, or none of them."""
        each = [self._comparison(replace(comparison, operator="=", value=one)) for one in literals]
        sql = f"({' OR '.join(text for text, _ in each)})"
        if comparison.operator == "NOT IN":
            sql = f"NOT COALESCE({sql}, 0)"
        return sql, [value for _, values in each for value in values]

    def _relative(self, column: Column, operator: str, literal: Literal) -> Sql:
        kind = column.field.kind
        if kind not in {"date", "datetime"}:
            raise _wrong_type(column.field, literal)
        try:
            first, last = RELATIVE_DATES[literal.text].span(self.calendar, literal.count)
            bounds: tuple[Stored, Stored] = (first.isoformat(), last.isoformat())
            if kind == "datetime":
                bounds = (
                    instant_text(self.calendar.midnight(first)),
                    instant_text(self.calendar.midnight(last)),
                )
        except (ValueError, OverflowError):
            raise malformed(f"Date literal {literal.text} is out of range.",
                            literal.position) from None  # fmt: skip
        start, end = bounds
        sql = column.sql
        return {
            "=": (f"({sql} >= ? AND {sql} < ?)", [start, end]),
            "!=": (f"({sql} IS NULL OR {sql} < ? OR {sql} >= ?)", [start, end]),
            "<": (f"{sql} < ?", [start]),
            "<=": (f"{sql} < ?", [end]),
            ">": (f"{sql} >= ?", [end]),
            ">=": (f"{sql} >= ?", [start]),
        }[operator]


def _balanced(word: str, parts: list[str]) -> str:
    """Join in halves: SQLite reads a chain as a tree as deep as it is long, and has a limit."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"({_balanced(word, parts[:middle])} {word} {_balanced(word, parts[middle:])})"


def _folded(column: Column, values: list[Stored]) -> tuple[str, list[Stored]]:
    """Text compares without regard to case; SQLite's own folding knows only ASCII."""
    if not column.field.is_text:
        return column.sql, values
    if all(str(value).isascii() for value in values):
        return f"{column.sql} COLLATE NOCASE", values
    lowered: list[Stored] = [str(value).lower() for value in values]
    return f"FOLD({column.sql})", lowered


def _ordered(column: Column, operator: str, value: Stored) -> Sql:
    subject, values = _folded(column, [value])
    if operator == "!=":
        return f"({column.sql} IS NULL OR {subject} != ?)", values
    return f"{subject} {operator} ?", values


def _null_check(column: Column, operator: str) -> Sql:
    if column.field.kind == "boolean" and operator in {"=", "!="}:
        return ("0" if operator == "=" else "1"), []
    if operator == "=":
        return f"{column.sql} IS NULL", []
    return (f"{column.sql} IS NOT NULL" if operator == "!=" else "0"), []


def _like(column: Column, comparison: Comparison, literal: Literal) -> Sql:
    field = column.field
    if not field.is_text:
        raise _bad_operator(field, comparison)
    if literal.kind == "null":
        return f"{column.sql} IS NULL", []
    if literal.kind != "string":
        raise _wrong_type(field, literal)
    if literal.pattern.isascii():
        return f"{column.sql} LIKE ? ESCAPE '\\'", [literal.pattern]
    return f"FOLD({column.sql}) LIKE ? ESCAPE '\\'", [literal.pattern.lower()]


def _multi_picklist(column: Column, comparison: Comparison, literals: tuple[Literal, ...]) -> Sql:
    if column.field.kind != "multipicklist":
        raise _bad_operator(column.field, comparison)
    choices, values = [], list[Stored]()
    for literal in literals:
        wanted = literal.text.split(";")
        has_one = f"INSTR(';' || FOLD({column.sql}) || ';', ';' || FOLD(?) || ';') > 0"
        choices.append(f"({' AND '.join([has_one] * len(wanted))})")
        values.extend(wanted)
    sql = f"({' OR '.join(choices)})"
    return (sql if comparison.operator == "INCLUDES" else f"NOT COALESCE({sql}, 0)"), values


def _stored(field: Field, literal: Literal) -> Stored:
    """The literal as the field stores it. Raises SoqlError when the types do not match."""
    if field.is_id:
        return _id(field, literal)
    if field.is_text:
        if literal.kind != "string":
            raise _wrong_type(field, literal)
        return literal.text
    expected = {"boolean": "boolean", "date": "date", "datetime": "instant"}.get(
        field.kind, "number"
    )
    if literal.kind == "currency" and field.kind == "currency":
        return float(literal.text[3:])
    if literal.kind != expected:
        raise _wrong_type(field, literal)
    if expected == "boolean":
        return int(literal.text == "TRUE")
    if expected == "number":
        return float(literal.text)
    try:
        return (
            parse_instant(literal.text).date().isoformat()
            if expected == "date"
            else instant_text(parse_instant(literal.text.upper()))
        )
    except (ValueError, OverflowError):
        raise malformed(f"line 1:{literal.position} no viable alternative at "
                        f"'{literal.text}'", literal.position) from None  # fmt: skip


def _id(field: Field, literal: Literal) -> str:
    if literal.kind != "string":
        raise _wrong_type(field, literal)
    if not ID.fullmatch(literal.text):
        raise SoqlError(
            "INVALID_QUERY_FILTER_OPERATOR",
            f"invalid ID field: {literal.text}",
            literal.position,
        )
    return long_id(literal.text)


def _wrong_type(field: Field, literal: Literal) -> SoqlError:
    kind = _SOAP_NAMES.get(field.kind, field.kind)
    quotes = "should not be enclosed in quotes"
    if field.is_text or field.is_id:
        kind = "string" if field.is_text else kind
        quotes = "should be enclosed in quotes"
    return SoqlError(
        "INVALID_FIELD",
        f"value of filter criterion for field '{field.name}' must be of type {kind} and {quotes}",
        literal.position,
    )


def _bad_operator(field: Field, comparison: Comparison) -> SoqlError:
    kind = "id" if field.is_id else field.kind
    return SoqlError(
        "INVALID_QUERY_FILTER_OPERATOR",
        f"invalid operator on {kind} field: {comparison.operator} on {field.name}"
        if kind != "id"
        else "invalid operator on id field",
        comparison.position,
    )
