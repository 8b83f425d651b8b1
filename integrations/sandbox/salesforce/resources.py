"""Versions, the list of resources, and limits."""

from datetime import datetime

from integrations.sandbox.salesforce.errors import not_found, session_expired
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.oauth import identity_url
from integrations.sandbox.salesforce.wire import Call, Reply

#: The oldest version that still answers, and the newest.
OLDEST, NEWEST = 31, 67
_SEASONS = ("Winter", "Spring", "Summer")
#: Version 67 is Summer '26; three releases a year.
_NEWEST_RELEASE = 26 * 3 + 2
_RESOURCES = (
    "composite", "jobs", "limits", "query", "queryAll", "quickActions", "recent", "search",
    "sobjects", "tabs", "theme", "tooling",
)  # fmt: skip


def _label(version: int) -> str:
    year, season = divmod(_NEWEST_RELEASE - (NEWEST - version), 3)
    return f"{_SEASONS[season]} '{year}"


def versions(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del instance, call, now
    return Reply(
        body=[
            {"label": _label(v), "url": f"/services/data/v{v}.0", "version": f"{v}.0"}
            for v in range(OLDEST, NEWEST + 1)
        ]
    )


def resources(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del now
    found = {name: f"{call.base}/{name}" for name in _RESOURCES}
    return Reply(body=found | {"identity": identity_url(instance, call)})


def limits(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del call
    return Reply(body=instance.usage.limits(now))


def record_count(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del now
    wanted = [name for name in call.query.get("sObjects", "").split(",") if name]
    found = (
        [sobject for name in wanted if (sobject := instance.schema.find(name.strip()))]
        if wanted
        else list(instance.schema.objects.values())
    )
    counts = [{"count": instance.store.count(item), "name": item.name} for item in found]
    return Reply(body={"sObjects": counts})


def apex(instance: Instance, call: Call, path: str | None, *, now: datetime) -> Reply:
    """Nobody has written a class that would answer."""
    del instance, path, now
    if call.session is None:
        raise session_expired()
    raise not_found("Could not find a match for URL")
