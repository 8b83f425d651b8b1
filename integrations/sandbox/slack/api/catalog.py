"""Every method that answers, by name: the families put together."""

from integrations.sandbox.slack.api import (
    apps,
    assistant,
    chat,
    connections,
    conversations,
    files,
    pins,
    reactions,
    scheduled,
    streams,
    team,
    users,
    views,
)
from integrations.sandbox.slack.api.table import Answer

FAMILIES = (
    apps,
    assistant,
    chat,
    connections,
    conversations,
    files,
    pins,
    reactions,
    scheduled,
    streams,
    team,
    users,
    views,
)


def all_methods() -> dict[str, Answer]:
    return {name: answer for family in FAMILIES for name, answer in family.METHODS.items()}
