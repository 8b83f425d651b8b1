"""What Salesforce asks of ``Id IN (SELECT ...)``, beyond the grammar."""

from collections.abc import Iterator

from integrations.sandbox.salesforce.errors import malformed
from integrations.sandbox.salesforce.schema import Field, SObject
from integrations.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    FieldPath,
    Junction,
    Not,
    Query,
)

MOST_SEMI_JOINS = 2
#: A field of a parent may be compared, one of a grandparent not.
LONGEST_PATH = 2
TOP_LEVEL = (
    "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested "
    "WHERE expressions."
)


def check_places(where: Condition) -> None:
    """Raises SoqlError where a semi-join stands in a place that is not for it."""
    found = list(_semi_joins(where))
    if isinstance(where, Junction) and where.word == "OR" and found:
        raise malformed(
            "Semi join sub-selects are not allowed with the 'OR' operator", found[0].position
        )
    parts = where.conditions if isinstance(where, Junction) else (where,)
    for each in found:
        if not any(each is part for part in parts):
            raise malformed(TOP_LEVEL, each.position)
    if len(found) > MOST_SEMI_JOINS:
        raise malformed(
            f"Maximum {MOST_SEMI_JOINS} semi join sub-selects are allowed",
            found[MOST_SEMI_JOINS].position,
        )


def _semi_joins(condition: Condition) -> Iterator[Comparison]:
    match condition:
        case Comparison(value=Query()):
            yield condition
        case Junction(conditions=parts):
            for part in parts:
                yield from _semi_joins(part)
        case Not(condition=inner):
            yield from _semi_joins(inner)


def check_tail(query: Query) -> None:
    """Raises SoqlError for what only whole statements have."""
    position = query.sobject.position
    for word, present in (
        ("GROUP", query.group_by),
        ("ORDER", query.order_by),
        ("LIMIT", query.limit is not None),
        ("OFFSET", query.offset is not None),
    ):
        if present:
            raise malformed(f"{word} is not allowed in a semi join sub-select", position)


def check_path(path: FieldPath, what: str) -> None:
    if len(path.parts) > LONGEST_PATH:
        raise malformed(
            f"The {what} '{path.text}' cannot have more than one level of relationships",
            path.position,
        )


def check_types(outer: tuple[Field, SObject], inner: tuple[Field, SObject], position: int) -> None:
    """Both sides must point to the same kind of record. Raises SoqlError."""
    targets = [set(field.targets or (sobject.name,)) for field, sobject in (outer, inner)]
    if not targets[0] & targets[1]:
        raise malformed(
            f"The selected field '{inner[0].name}' in the semi join sub-select and the left "
            "operand field in the where expression in the outer query "
            f"'{outer[0].name}' should point to the same object type",
            position,
        )
