"""Small judgements about the clauses of a statement."""

from integrations.sandbox.salesforce.errors import ApiError, malformed
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.soql.functions import is_aggregate
from integrations.sandbox.salesforce.soql.scope import Column
from integrations.sandbox.salesforce.soql.syntax import (
    AllFields,
    FieldPath,
    Function,
    Ordering,
    Query,
    Selected,
    TypeOf,
)

FIELDS_LIMIT = 200
_WANTED = {"ALL": (False, True), "STANDARD": (False,), "CUSTOM": (True,)}


def expanded(query: Query, sobject: SObject) -> list[Selected | TypeOf | Query]:
    """What is selected, with FIELDS() spelled out. Raises SoqlError when that is unbounded."""
    found: list[Selected | TypeOf | Query] = []
    for selected in query.selected:
        if not isinstance(selected, AllFields):
            found.append(selected)
            continue
        if selected.which != "STANDARD" and (query.limit or FIELDS_LIMIT + 1) > FIELDS_LIMIT:
            raise malformed(
                f"The SOQL FIELDS function must have a LIMIT of at most {FIELDS_LIMIT}",
                selected.position,
            )
        found.extend(
            Selected(operand=FieldPath(parts=(field.name,), position=selected.position))
            for field in sobject.fields
            if field.custom in _WANTED[selected.which]
        )
    return found


def is_count_all(query: Query) -> bool:
    match query.selected:
        case (Selected(operand=Function(name=name, argument=None), alias=None),):
            return name.upper() == "COUNT"
        case _:
            return False


def has_aggregate(query: Query) -> bool:
    return any(isinstance(item, Selected) and is_aggregate(item.operand) for item in query.selected)


def order_term(column: Column, term: Ordering) -> str:
    return column.sql + order_manner(column, term)


def order_manner(column: Column, term: Ordering) -> str:
    if not column.field.is_filterable:
        raise malformed(f"field '{column.field.name}' can not be sorted in a query call",
                        term.operand.position)  # fmt: skip
    collation = " COLLATE NOCASE" if column.field.is_text else ""
    direction = " DESC" if term.is_descending else ""
    nulls = " NULLS LAST" if term.nulls_last else " NULLS FIRST"
    return f"{collation}{direction}{nulls}"


def too_many_groups() -> ApiError:
    return ApiError(
        400,
        "EXCEEDED_ID_LIMIT",
        "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a "
        "single batch",
    )
