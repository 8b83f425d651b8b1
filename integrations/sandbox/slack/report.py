"""The workspace as JSON for whoever asks from outside."""

from integrations.sandbox.slack.log import LogLine
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.state.values import Conversation, Json, Message
from integrations.sandbox.slack.state.wire import (
    conversation_as_json,
    message_as_json,
    other_member,
    view_as_json,
)
from integrations.sandbox.slack.state.workspace import Workspace


def state_report(sandbox: Sandbox, *, person: str | None = None) -> Json:
    workspace = sandbox.workspace
    shown = [workspace.person(person)] if person else list(workspace.people.values())
    with workspace.lock:
        return {
            "now": workspace.clock.now().isoformat(),
            "version": workspace.changes.version,
            "sockets": sandbox.deliveries.hub.count(),
            "channels": [_channel_report(each, workspace) for each in workspace.conversations],
            "people": [_person_report(each.id, workspace) for each in shown],
            "commands": [hint.name for hint in sandbox.installation.offered_commands()],
        }


def _person_report(person: str, workspace: Workspace) -> Json:
    views = workspace.views
    home, known = views.home_of(person), workspace.people[person]
    return {
        "id": person,
        "name": known.name,
        "real_name": known.real_name,
        "email": known.email,
        "home": view_as_json(home, workspace) if home else None,
        "modals": [view_as_json(view, workspace) for view in views.stack_of(person)],
        "errors": dict(modal.errors) if (modal := views.modal_of(person)) else {},
        "ephemerals": [
            message_report(each, workspace) for each in workspace.messages.ephemerals_for(person)
        ],
    }


def _channel_report(conversation: Conversation, workspace: Workspace) -> Json:
    shown = conversation_as_json(conversation, workspace)
    shown["members"] = list(conversation.members)
    if conversation.is_direct:
        shown["with"] = other_member(conversation, workspace.bot)
    shown["messages"] = [
        message_report(each, workspace) for each in workspace.messages.all_in(conversation.id)
    ]
    return shown


def message_report(message: Message, workspace: Workspace) -> Json:
    shown = {"channel": message.channel, **message_as_json(message, workspace)}
    if message.visible_to:
        shown["visible_to"] = message.visible_to
    return shown


def log_as_json(line: LogLine) -> Json:
    return {
        "number": line.number,
        "at": line.at.isoformat(),
        "direction": line.direction,
        "name": line.name,
        "verdict": line.verdict,
        "is_fine": line.is_fine,
        "detail": line.detail,
    }
