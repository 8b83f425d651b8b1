"""Every method that answers, by name: the families put together."""

from integrations.sandbox.slack.api import (
    chat,
    connections,
    conversations,
    files,
    reactions,
    scheduled,
    team,
    users,
    views,
)
from integrations.sandbox.slack.api.table import Answer

FAMILIES = (chat, connections, conversations, files, reactions, scheduled, team, users, views)


def all_methods() -> dict[str, Answer]:
    return {name: answer for family in FAMILIES for name, answer in family.METHODS.items()}
