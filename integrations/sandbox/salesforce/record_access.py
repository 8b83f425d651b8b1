"""UserRecordAccess: what a user may do with records, which is worked out and stored nowhere."""

from collections.abc import Iterator, Sequence
from typing import Any

from integrations.sandbox.salesforce.errors import ApiError, SoqlError, malformed, no_such_column
from integrations.sandbox.salesforce.ids import ID, long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.soql.parser import parse
from integrations.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    FieldPath,
    Junction,
    Literal,
    Query,
    Selected,
)
from integrations.sandbox.salesforce.wire import Call, Reply

NAME = "UserRecordAccess"
MOST_RECORDS = 200
LEVEL, ALL, NOTHING = "MaxAccessLevel", "All", "None"
RIGHTS = ("Read", "Edit", "Delete", "Transfer", "All")
FIELDS = {
    each.lower(): each
    for each in ("Id", "RecordId", "UserId", LEVEL, *(f"Has{right}Access" for right in RIGHTS))
}


def find_answer(instance: Instance, call: Call, statement: str) -> Reply | None:
    """None for a statement about anything else. Raises SoqlError."""
    if NAME.lower() not in statement.lower():
        return None
    query = parse(statement)
    if query.sobject.text.lower() != NAME.lower():
        return None
    try:
        return _answer(instance, call, query)
    except SoqlError as error:
        raise error.located(statement) from None


def _answer(instance: Instance, call: Call, query: Query) -> Reply:
    """Everybody may do everything with a record that is there. Raises SoqlError."""
    names = [_field(each) for each in query.selected]
    conditions = list(_conditions(query.where))
    users = [values for name, values in conditions if name == "UserId"]
    wanted = [values for name, values in conditions if name == "RecordId"]
    if len(users) != 1 or len(users[0]) != 1 or len(wanted) != 1:
        message = f"{NAME} must be filtered by one UserId and by RecordId"
        raise malformed(message, query.sobject.position)
    if len(wanted[0]) > MOST_RECORDS:
        raise ApiError(400, "OPERATION_TOO_LARGE", f"no more than {MOST_RECORDS} records")
    known = (_access(instance, record_id, users[0][0]) for record_id in dict.fromkeys(wanted[0]))
    found = [
        each
        for each in known
        if all(
            str(each[name]).lower() in map(str.lower, values)
            for name, values in conditions
            if name not in {"RecordId", "UserId"}
        )
    ]
    kind = {"type": NAME, "url": f"{call.base}/sobjects/{NAME}/000000000000000AAA"}
    records = [{"attributes": kind, **{name: each[name] for name in names}} for each in found]
    records = records[: query.limit]
    return Reply(body={"totalSize": len(records), "done": True, "records": records})


def _access(instance: Instance, record_id: str, user_id: str) -> dict[str, Any]:
    sobject = instance.schema.by_prefix(record_id[:3])
    record = sobject and instance.store.record(sobject, long_id(record_id))
    is_there = bool(record and not record.get("IsDeleted"))
    return {
        "Id": "000000000000000AAA",
        "RecordId": long_id(record_id),
        "UserId": long_id(user_id),
        LEVEL: ALL if is_there else NOTHING,
        **{f"Has{right}Access": is_there for right in RIGHTS},
    }


def _field(selected: object) -> str:
    if not isinstance(selected, Selected) or not isinstance(selected.operand, FieldPath):
        raise malformed(f"only fields can be selected of {NAME}")
    return _known(selected.operand)


def _known(path: FieldPath) -> str:
    name = FIELDS.get(path.parts[-1].lower())
    if name is None:
        raise no_such_column(path.text, NAME, path.position)
    return name


def _conditions(condition: Condition | None) -> Iterator[tuple[str, Sequence[str]]]:
    if isinstance(condition, Junction) and condition.word == "AND":
        for each in condition.conditions:
            yield from _conditions(each)
    elif isinstance(condition, Comparison) and isinstance(condition.operand, FieldPath):
        name, value = _known(condition.operand), condition.value
        values = value if isinstance(value, tuple) else (value,)
        texts = [each.text for each in values if isinstance(each, Literal)]
        if condition.operator.upper() not in {"=", "IN"} or len(texts) != len(values):
            raise malformed(f"{NAME} is only filtered by = and IN", condition.position)
        if name.endswith("Id") and not all(map(ID.fullmatch, texts)):
            message = f"invalid ID field: {texts[0]}"
            raise SoqlError("INVALID_QUERY_FILTER_OPERATOR", message, condition.position)
        yield name, texts
    elif condition is not None:
        raise malformed(f"the filters of {NAME} are joined by AND")
