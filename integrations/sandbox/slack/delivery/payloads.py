"""What a person caused, in the shapes that Slack sends to an app."""

from integrations.sandbox.slack.delivery.reply import Parcel
from integrations.sandbox.slack.elements import stateful_elements
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.response_urls import ResponseUrl
from integrations.sandbox.slack.state.values import (
    Conversation,
    ConversationKind,
    Json,
    Message,
    View,
)
from integrations.sandbox.slack.state.wire import message_as_json, view_as_json

NAMES_OF_PRIVATE = {
    ConversationKind.IM: "directmessage",
    ConversationKind.GROUP: "privategroup",
}


def command_parcel(
    installation: Installation, *, person: str, conversation: Conversation, command: str, text: str
) -> tuple[Parcel, ResponseUrl]:
    workspace = installation.workspace
    url = installation.response_urls.mint(person=person, channel=conversation.id)
    payload: Json = {
        "token": installation.credentials.verification_token,
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": conversation.id,
        "channel_name": NAMES_OF_PRIVATE.get(conversation.kind, conversation.name),
        "user_id": person,
        "user_name": workspace.people[person].name,
        "command": command,
        "text": text,
        "api_app_id": workspace.bot.app_id,
        "is_enterprise_install": "false",
        "response_url": response_address(installation, url),
        "trigger_id": installation.triggers.mint(person),
    }
    return Parcel(kind="slash_commands", name=command, payload=payload), url


def message_action_parcel(
    installation: Installation, *, person: str, message: Message, action: Json
) -> Parcel:
    """A press on something in a message (``block_actions``)."""
    workspace = installation.workspace
    conversation = workspace.conversation(message.channel)
    url = installation.response_urls.mint(
        person=person,
        channel=message.channel,
        message_ts=message.ts,
        thread_ts=message.thread_ts if message.is_reply else None,
    )
    is_ephemeral = message.visible_to is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": is_ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = {
        "type": "block_actions",
        **_who(installation, person),
        "container": container,
        "trigger_id": installation.triggers.mint(person),
        "channel": {
            "id": conversation.id,
            "name": NAMES_OF_PRIVATE.get(conversation.kind, conversation.name),
        },
        "state": {"values": {block: dict(each) for block, each in message.chosen.items()}},
        "response_url": response_address(installation, url),
        "actions": [action],
    }
    if not is_ephemeral:
        payload["message"] = message_as_json(message, workspace)
    return Parcel(kind="interactive", name=f"press {action['action_id']}", payload=payload)


def view_action_parcel(
    installation: Installation, *, person: str, view: View, action: Json
) -> Parcel:
    """A press on something in a modal or home view (``block_actions``)."""
    payload = {
        "type": "block_actions",
        **_who(installation, person),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": installation.triggers.mint(person, view_id=view.id),
        "view": view_as_json(view, installation.workspace),
        "actions": [action],
    }
    return Parcel(kind="interactive", name=f"press {action['action_id']}", payload=payload)


def shortcut_parcel(
    installation: Installation, *, person: str, callback_id: str, message: Message | None
) -> Parcel:
    """A shortcut of the workspace (``shortcut``) or of one message (``message_action``)."""
    workspace = installation.workspace
    payload: Json = {
        "type": "shortcut" if message is None else "message_action",
        **_who(installation, person),
        "callback_id": callback_id,
        "trigger_id": installation.triggers.mint(person),
        "action_ts": workspace.ids.stamp(),
    }
    if message is not None:
        conversation = workspace.conversation(message.channel)
        url = installation.response_urls.mint(person=person, channel=message.channel)
        payload |= {
            "message_ts": message.ts,
            "channel": {
                "id": message.channel,
                "name": NAMES_OF_PRIVATE.get(conversation.kind, conversation.name),
            },
            "response_url": response_address(installation, url),
            "message": message_as_json(message, workspace),
        }
    return Parcel(kind="interactive", name=f"shortcut {callback_id}", payload=payload)


def submission_parcel(installation: Installation, *, person: str, view: View) -> Parcel:
    payload = {
        "type": "view_submission",
        **_who(installation, person),
        "trigger_id": installation.triggers.mint(person, view_id=view.id),
        "view": view_as_json(view, installation.workspace),
        "response_urls": _response_urls(installation, person, view),
    }
    return Parcel(kind="interactive", name="view_submission", payload=payload)


def _response_urls(installation: Installation, person: str, view: View) -> list[Json]:
    """An address for each conversation that was picked where the app asked for one."""
    urls = []
    for block_id, element in stateful_elements(view.content["blocks"]):
        held = view.chosen.get(block_id, {}).get(element["action_id"], {})
        channel = held.get("selected_conversation") or held.get("selected_channel")
        if element.get("response_url_enabled") and channel:
            url = installation.response_urls.mint(person=person, channel=channel)
            urls.append(
                {
                    "block_id": block_id,
                    "action_id": element["action_id"],
                    "channel_id": channel,
                    "response_url": response_address(installation, url),
                }
            )
    return urls


def closing_parcel(
    installation: Installation, *, person: str, view: View, is_cleared: bool
) -> Parcel:
    payload = {
        "type": "view_closed",
        **_who(installation, person),
        "view": view_as_json(view, installation.workspace),
        "is_cleared": is_cleared,
    }
    return Parcel(kind="interactive", name="view_closed", payload=payload)


def suggestion_parcel(
    installation: Installation, *, person: str, place: Message | View, element: Json, typed: str
) -> Parcel:
    """A request for options to an external select (``block_suggestion``)."""
    workspace = installation.workspace
    payload: Json = {
        "type": "block_suggestion",
        **_who(installation, person),
        "action_id": element["action_id"],
        "block_id": element["block_id"],
        "value": typed,
    }
    if isinstance(place, View):
        payload["container"] = {"type": "view", "view_id": place.id}
        payload["view"] = view_as_json(place, workspace)
    else:
        payload["container"] = {
            "type": "message",
            "message_ts": place.ts,
            "channel_id": place.channel,
            "is_ephemeral": place.visible_to is not None,
        }
        payload["channel"] = {"id": place.channel}
        payload["message"] = message_as_json(place, workspace)
    return Parcel(kind="interactive", name="block_suggestion", payload=payload)


def response_address(installation: Installation, url: ResponseUrl) -> str:
    return f"{installation.address}/response/{url.token}"


def _who(installation: Installation, person: str) -> Json:
    workspace = installation.workspace
    known = workspace.people[person]
    return {
        "user": {
            "id": person,
            "username": known.name,
            "name": known.name,
            "team_id": workspace.team.id,
        },
        "team": {"id": workspace.team.id, "domain": workspace.team.domain},
        "api_app_id": workspace.bot.app_id,
        "token": installation.credentials.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }
