"""What an organisation says of features of which it has none: reports, approvals, actions."""

from dataclasses import replace
from datetime import datetime

from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.search import search
from integrations.sandbox.salesforce.wire import Call, Reply

#: Below the version's address, what is answered there.
EMPTY: dict[str, object] = {
    "/actions/standard": {"actions": []},
    "/analytics/dashboards": [],
    "/analytics/reports": [],
    "/appMenu/AppSwitcher": {"appMenuItems": []},
    "/appMenu/Salesforce1": {"appMenuItems": []},
    "/process/approvals": {"approvals": {}},
    "/process/rules": {"rules": {}},
    "/search/scopeOrder": [],
    "/sobjects/relevantItems": [],
    "/tooling/completions": {"publicDeclarations": {}},
}


def empty(instance: Instance, call: Call, place: str, *, now: datetime) -> Reply:
    del instance, call, now
    return Reply(body=EMPTY[place])


def actions(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del instance, now
    return Reply(body={name: f"{call.base}/actions/{name}" for name in ("custom", "standard")})


def parameterized_search(instance: Instance, call: Call, *, now: datetime) -> Reply:
    """SOSL for those who would rather not write it."""
    asked = call.json_object() if call.method == "POST" else call.query
    words = str(asked.get("q") or "")
    if not words:
        raise ApiError(400, "MALFORMED_SEARCH", "No search term found.")
    wanted = asked.get("sobjects") or asked.get("sobject") or ()
    names = wanted.split(",") if isinstance(wanted, str) else [_returned(each) for each in wanted]
    group = str(asked.get("in") or "ALL")
    escaped = "".join(f"\\{each}" if each in "?&|!{}[]()^~*:\\\"'+-" else each for each in words)
    statement = f"FIND {{{escaped}}} IN {group} FIELDS"
    statement += f" RETURNING {', '.join(names)}" if names else ""
    return search(instance, replace(call, query={"q": statement}), now=now)


def _returned(wanted: object) -> str:
    asked = wanted if isinstance(wanted, dict) else {"name": wanted}
    listed = asked.get("fields")
    fields = ", ".join(map(str, listed)) if isinstance(listed, list) else "Id"
    where = f" WHERE {asked['where']}" if asked.get("where") else ""
    most = f" LIMIT {asked['limit']}" if asked.get("limit") else ""
    return f"{asked.get('name')}({fields}{where}{most})"
