"""The functions of SOQL: aggregates, dates, and those that only change how a value is shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeGuard

from integrations.sandbox.salesforce.errors import SoqlError, malformed
from integrations.sandbox.salesforce.schema import Field
from integrations.sandbox.salesforce.soql.dates import Calendar
from integrations.sandbox.salesforce.soql.geography import DISTANCE, components
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.syntax import FieldPath, Function, Operand

AGGREGATES = frozenset({"COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX", "GROUPING"})
#: Before the SQL of a group, for the question whether a row is a subtotal over it.
GROUPING = "GROUPING "
#: They leave the stored value as it is, or turn it into text.
DISPLAY = frozenset({"TOLABEL", "FORMAT", "CONVERTCURRENCY"})
#: Decimal places kept of a sum, so that binary fractions do not show.
SUM_PLACES = 6

_DAY_OF_YEAR = "CAST(STRFTIME('%j', {0}) AS INTEGER)"
_MONTH = "CAST(SUBSTR({0}, 6, 2) AS INTEGER)"
_YEAR = "CAST(SUBSTR({0}, 1, 4) AS INTEGER)"
#: ``{0}`` is the date and ``{1}`` the months by which the fiscal year starts after January.
_DATE_PARTS: Mapping[str, str] = {
    "CALENDAR_YEAR": _YEAR,
    "CALENDAR_QUARTER": f"(({_MONTH} + 2) / 3)",
    "CALENDAR_MONTH": _MONTH,
    "DAY_IN_MONTH": "CAST(SUBSTR({0}, 9, 2) AS INTEGER)",
    "DAY_IN_WEEK": "(CAST(STRFTIME('%w', {0}) AS INTEGER) + 1)",
    "DAY_IN_YEAR": _DAY_OF_YEAR,
    "WEEK_IN_MONTH": "((CAST(SUBSTR({0}, 9, 2) AS INTEGER) + 6) / 7)",
    "WEEK_IN_YEAR": f"(({_DAY_OF_YEAR} + 6) / 7)",
    "FISCAL_MONTH": f"(({_MONTH} - 1 - {{1}} + 12) % 12 + 1)",
    "FISCAL_QUARTER": f"(({_MONTH} - 1 - {{1}} + 12) % 12 / 3 + 1)",
    # A fiscal year bears the number of the calendar year in which it ends, unless the organisation
    # says otherwise.
    "FISCAL_YEAR": f"({_YEAR} + ({{1}} > 0 AND {_MONTH} > {{1}}))",
}
_YEAR_OF_START = f"({_YEAR} - ({_MONTH} <= {{1}}))"
_INSTANT_ONLY = frozenset({"HOUR_IN_DAY", "DAY_ONLY"})


def is_aggregate(operand: Operand) -> TypeGuard[Function]:
    """Also one that is only shown in another way, like ``FORMAT(MAX(CloseDate))``."""
    while isinstance(operand, Function) and operand.name.upper() in DISPLAY:
        if operand.argument is None:
            return False
        operand = operand.argument
    return isinstance(operand, Function) and operand.name.upper() in AGGREGATES


def shown_path(operand: Operand) -> FieldPath | None:
    """The field behind any display functions; None for what has no name of its own."""
    while isinstance(operand, Function) and operand.name.upper() in DISPLAY:
        if operand.argument is None:
            return None
        operand = operand.argument
    return operand if isinstance(operand, FieldPath) else None


def column_of(operand: Operand, scope: Scope, calendar: Calendar) -> Column:
    """Anything but an aggregate as a column. Raises SoqlError."""
    if isinstance(operand, FieldPath):
        return scope.column(operand)
    name = operand.name.upper()
    if operand.argument is None or name in AGGREGATES:
        raise malformed(f"unexpected token: '{operand.name}'", operand.position)
    if operand.measure is not None and isinstance(operand.argument, FieldPath):
        return _distance(operand, operand.argument, operand.measure, scope)
    inner = column_of(operand.argument, scope, calendar)
    if name in DISPLAY:
        return _displayed(name, inner, calendar)
    if name == "CONVERTTIMEZONE":
        return _local(operand, inner, calendar)
    if name in _DATE_PARTS or name in _INSTANT_ONLY:
        return _date_part(operand, name, inner, calendar)
    raise malformed(f"unexpected token: '{operand.name}'", operand.position)


def _distance(
    operand: Function, place: FieldPath, measure: tuple[float, float, str], scope: Scope
) -> Column:
    *parents, field = place.parts
    try:
        degrees = [
            scope.column(FieldPath(parts=(*parents, name), position=place.position))
            for name in components(field)
        ]
    except SoqlError:
        # Its own refusal, where there is no such field at all.
        scope.column(place)
        raise malformed(f"field {field} is not a geolocation field", operand.position) from None
    latitude, longitude = (each.sql for each in degrees)
    north, east, unit = measure
    sql = f"{DISTANCE}({latitude}, {longitude}, {north!r}, {east!r}, '{unit}')"
    return Column(sql=sql, field=Field(name=DISTANCE, kind="double"), entity=degrees[0].entity)


def group_column(operand: Operand, scope: Scope, calendar: Calendar) -> Column:
    """Raises SoqlError for what cannot be grouped."""
    column = column_of(operand, scope, calendar)
    if not column.field.is_groupable:
        raise malformed(
            f"field '{column.field.name}' can not be grouped in a query call", operand.position
        )
    return column


_NUMERIC_MONTH_AND_DAY = (
    "CAST(SUBSTR({0}, 6, 2) AS INTEGER) || '/' || CAST(SUBSTR({0}, 9, 2) AS INTEGER) || '/' || "
    "SUBSTR({0}, 1, 4)"
)
_HOUR = "CAST(SUBSTR({0}, 12, 2) AS INTEGER)"
#: As the locale en_US writes them.
_SHOWN: Mapping[str, str] = {
    "date": _NUMERIC_MONTH_AND_DAY,
    "datetime": f"{_NUMERIC_MONTH_AND_DAY} || ', ' || (({_HOUR} + 11) % 12 + 1) || "
    f"SUBSTR({{0}}, 14, 3) || CASE WHEN {_HOUR} < 12 THEN ' AM' ELSE ' PM' END",
    "int": "PRINTF('%,d', {0})",
    "double": "PRINTF('%,.2f', {0})",
    "currency": "PRINTF('%,.2f', {0})",
    "percent": "PRINTF('%,.2f%%', {0})",
}


def _displayed(name: str, inner: Column, calendar: Calendar) -> Column:
    if name != "FORMAT":
        return inner
    kind = inner.field.kind
    sql = _in_zone(inner.sql, calendar) if kind == "datetime" else inner.sql
    sql = _SHOWN.get(kind, "{0}").replace("{0}", sql)
    nullable = f"CASE WHEN {inner.sql} IS NOT NULL THEN {sql} END"
    return Column(
        sql=nullable, field=Field(name=inner.field.name, kind="string"), entity=inner.entity
    )


def _in_zone(sql: str, calendar: Calendar) -> str:
    return sql if calendar.zone.key == "UTC" else f"IN_ZONE({sql}, '{calendar.zone.key}')"


def _local(operand: Function, inner: Column, calendar: Calendar) -> Column:
    """An instant as the clocks of the user's zone show it."""
    if inner.field.kind != "datetime":
        raise malformed(
            f"field {inner.field.name} does not support date function {operand.name}",
            operand.position,
        )
    return replace(inner, sql=_in_zone(inner.sql, calendar))


def _date_part(operand: Function, name: str, inner: Column, calendar: Calendar) -> Column:
    kinds = {"datetime"} if name in _INSTANT_ONLY else {"date", "datetime"}
    if inner.field.kind not in kinds:
        raise malformed(
            f"field {inner.field.name} does not support date function {operand.name}",
            operand.position,
        )
    if name == "DAY_ONLY":
        sql, kind = f"SUBSTR({inner.sql}, 1, 10)", "date"
    elif name == "HOUR_IN_DAY":
        sql, kind = f"CAST(SUBSTR({inner.sql}, 12, 2) AS INTEGER)", "int"
    else:
        day = f"SUBSTR({inner.sql}, 1, 10)"
        is_of_start = name == "FISCAL_YEAR" and calendar.fiscal_year_of_start
        part = _YEAR_OF_START if is_of_start else _DATE_PARTS[name]
        sql = part.format(day, calendar.fiscal_start_month - 1)
        sql, kind = f"CASE WHEN {inner.sql} IS NOT NULL THEN {sql} END", "int"
    return Column(sql=sql, field=Field(name=operand.name, kind=kind), entity=inner.entity)


def aggregate_column(function: Function, scope: Scope, calendar: Calendar) -> Column:
    """Raises SoqlError for what cannot be counted or added up."""
    name = function.name.upper()
    if function.argument is None:
        raise malformed(f"unexpected token: '{function.name}'", function.position)
    if name in DISPLAY and is_aggregate(function.argument):
        return _displayed(name, aggregate_column(function.argument, scope, calendar), calendar)
    inner = column_of(function.argument, scope, calendar)
    if name == "GROUPING":
        field = Field(name=name, kind="int")
        return Column(sql=GROUPING + inner.sql, field=field, entity=inner.entity)
    sql = {
        "COUNT": f"COUNT({inner.sql})",
        "COUNT_DISTINCT": f"COUNT(DISTINCT {inner.sql})",
        "SUM": f"ROUND(SUM({inner.sql}), {SUM_PLACES})",
    }.get(name, f"{name}({inner.sql})")
    if name in {"SUM", "AVG"} and not inner.field.is_number:
        raise _unsupported(function, inner.field.name)
    is_comparable = inner.field.is_filterable and inner.field.kind != "boolean"
    if (name in {"MIN", "MAX"} and not is_comparable) or inner.field.is_long:
        raise _unsupported(function, inner.field.name)
    kind = inner.field.kind if name in {"MIN", "MAX"} else "double"
    if name.startswith("COUNT") or (name == "SUM" and inner.field.kind == "int"):
        sql, kind = f"CAST({sql} AS INTEGER)", "int"
    return Column(sql=sql, field=Field(name=name, kind=kind), entity=inner.entity)


def _unsupported(function: Function, field_name: str) -> SoqlError:
    return malformed(
        f"field {field_name} does not support aggregate operator {function.name.upper()}",
        function.position,
    )
