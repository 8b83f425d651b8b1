"""SOSL: ``FIND {words} IN NAME FIELDS RETURNING Account(Id, Name WHERE ... LIMIT 5), Contact``."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from integrations.sandbox.salesforce.database import quoted
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.queries import plain_records, plan_for
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.soql.plans import Plan
from integrations.sandbox.salesforce.wire import Call, Reply

_FIND = re.compile(
    r"\s*FIND\s*\{(?P<words>(?:[^{}\\]|\\.)*)\}"
    r"(?:\s+IN\s+(?P<group>ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS)?"
    r"(?:\s+RETURNING\s+(?P<returning>.*?))?(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_OBJECT = re.compile(r"\s*(\w+)\s*(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\))?\s*(?:,|$)")
_CLAUSE = re.compile(r"\s+(?=(?:WHERE|ORDER\s+BY|LIMIT)\b)", re.IGNORECASE)
#: What is looked through when nothing else is said.
USUAL = ("Account", "Contact", "Lead", "Opportunity", "User")
_KINDS = {"NAME": {"string"}, "EMAIL": {"email"}, "PHONE": {"phone"}}
_ALL_KINDS = frozenset({"string", "email", "phone", "url", "textarea", "picklist"})
SHORTEST = 2
MOST = 2_000


def search(instance: Instance, call: Call, *, now: datetime) -> Reply:
    """Raises ApiError in Salesforce's words for what is no search."""
    statement = call.query.get("q", "")
    found = _FIND.fullmatch(statement)
    if found is None:
        raise ApiError(400, "MALFORMED_SEARCH", "No search term found. The search term must be "
                       "enclosed in braces.")  # fmt: skip
    words = re.sub(r"\\(.)", r"\1", found["words"]).strip().strip('"')
    if len(words.strip("*?")) < SHORTEST:
        raise ApiError(400, "MALFORMED_SEARCH", "search term must be longer than one character: "
                       f"{words}")  # fmt: skip
    group = (found["group"] or "ALL").upper()
    wanted = _returning(found["returning"])
    most = int(found["limit"] or MOST)
    records: list[object] = []
    for name, inside in wanted:
        sobject = instance.schema.find(name)
        if sobject is None:
            raise ApiError(400, "INVALID_TYPE", f"sObject type '{name}' is not supported.")
        plan = plan_for(instance, _statement(sobject, inside), now=now, all_rows=False)
        plan = _narrowed(plan, sobject, words, group)
        rows = instance.store.database.some_rows(plan.sql, plan.parameters, most - len(records))
        records += plain_records(plan, rows, base=call.base)
    return Reply(body={"searchRecords": records})


def _returning(text: str | None) -> Sequence[tuple[str, str]]:
    if text is None:
        return [(name, "") for name in USUAL]
    matches = list(_OBJECT.finditer(text))
    if not matches or matches[-1].end() != len(text):
        raise ApiError(400, "MALFORMED_SEARCH", f"unexpected token in RETURNING: {text}")
    return [(match[1], match[2] or "") for match in matches if match[1]]


def _statement(sobject: SObject, inside: str) -> str:
    fields, *more = _CLAUSE.split(inside.strip(), maxsplit=1)
    return " ".join([f"SELECT {fields or 'Id'} FROM {sobject.name}", *more])  # noqa: S608 -- SOQL, which is read as such


def _narrowed(plan: Plan, sobject: SObject, words: str, group: str) -> Plan:
    """The same statement, of the records in which all words begin some word of a field."""
    kinds = _KINDS.get(group, _ALL_KINDS)
    fields = [
        quoted(field.name)
        for field in sobject.fields
        if field.kind in kinds and (group != "NAME" or "name" in field.name.lower())
    ]
    conditions, parameters = [], list[str]()
    for word in words.split():
        pattern = re.sub(r"([%_\\])", r"\\\1", word.lower().rstrip("*")).replace("*", "%")
        either = [f"' ' || FOLD({field}) LIKE ? ESCAPE '\\'" for field in fields] or ["0"]
        conditions.append(f"({' OR '.join(either)})")
        parameters += [f"% {pattern}%"] * len(fields)
    ids = f"SELECT Id FROM {quoted(sobject.name)} WHERE {' AND '.join(conditions)}"  # noqa: S608 -- names come from the schema, values are parameters
    place = f"c{plan.shape.id_place}"
    return replace(
        plan,
        sql=f"SELECT * FROM ({plan.sql}) WHERE {place} IN ({ids})",  # noqa: S608 -- both come from the schema
        parameters=(*plan.parameters, *parameters),
    )
