"""What a person types, in the form in which Slack stores and sends it."""

import re

from integrations.sandbox.slack.state.workspace import Workspace

ADDRESS = re.compile(r"(?<![<|\w])(https?://[^\s<>]+)")
NAME = re.compile(r"(?<![\w<])@([\w.-]+)")
CHANNEL = re.compile(r"(?<![\w<&])#([a-z0-9_-]+)")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed_to_wire(text: str, workspace: Workspace) -> str:
    """Escapes it, and turns @names, #channels and addresses into Slack's references."""
    people = {each.name.casefold(): each.id for each in workspace.people.values()}
    people[workspace.bot.name.casefold()] = workspace.bot.user_id
    channels = {each.name: each.id for each in workspace.conversations if each.name}

    def person(match: re.Match[str]) -> str:
        name = match[1].rstrip(".-")
        found = people.get(name.casefold())
        return f"<@{found}>{match[1][len(name) :]}" if found else match[0]

    def channel(match: re.Match[str]) -> str:
        found = channels.get(match[1])
        return f"<#{found}|{match[1]}>" if found else match[0]

    linked = ADDRESS.sub(r"<\1>", escaped(text))
    return CHANNEL.sub(channel, NAME.sub(person, linked))


def with_ids(text: str, workspace: Workspace) -> str:
    """As ``should_escape`` has it in a command's text: ``<@U1|name>`` and ``<#C1|name>``."""
    marked = typed_to_wire(text, workspace)

    def named(match: re.Match[str]) -> str:
        user = match[1]
        person = workspace.people.get(user)
        return f"<@{user}|{person.name if person else workspace.bot.name}>"

    return re.sub(r"<@(\w+)>", named, marked)
