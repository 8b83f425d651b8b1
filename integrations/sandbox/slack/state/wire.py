"""State in the shapes that Slack's Web API and events give it."""

from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from integrations.sandbox.changes import SlackPerson
from integrations.sandbox.slack.state.files import PICTURES
from integrations.sandbox.slack.state.values import (
    BotIdentity,
    Conversation,
    ConversationKind,
    Json,
    Message,
    StoredFile,
    View,
)
from integrations.sandbox.slack.state.workspace import Workspace


def person_as_json(person: SlackPerson, workspace: Workspace) -> Json:
    return {
        "id": person.id,
        "team_id": workspace.team.id,
        "name": person.name,
        "deleted": False,
        "color": "4bbe2e",
        "real_name": person.real_name,
        **_zone_as_json(person.zone, workspace.clock.now()),
        "locale": person.locale,
        "profile": profile_as_json(person, workspace),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "is_email_confirmed": True,
        "updated": 1,
    }


def profile_as_json(person: SlackPerson, workspace: Workspace) -> Json:
    first, _, last = person.real_name.partition(" ")
    return {
        "title": person.title,
        "phone": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "email": person.email,
        "team": workspace.team.id,
    }


def bot_user_as_json(workspace: Workspace) -> Json:
    bot = workspace.bot
    return {
        "id": bot.user_id,
        "team_id": workspace.team.id,
        "name": bot.name,
        "deleted": False,
        "real_name": bot.real_name,
        "tz": "Etc/UTC",
        "tz_label": "UTC",
        "tz_offset": 0,
        "profile": {
            "real_name": bot.real_name,
            "real_name_normalized": bot.real_name,
            "display_name": "",
            "api_app_id": bot.app_id,
            "always_active": True,
            "bot_id": bot.bot_id,
            "team": workspace.team.id,
        },
        "is_bot": True,
        "is_app_user": False,
        "is_admin": False,
        "is_owner": False,
        "updated": 1,
    }


def _zone_as_json(zone: str, now: datetime) -> Json:
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    return {
        "tz": zone,
        "tz_label": now.astimezone(ZoneInfo(zone)).tzname() or zone,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def conversation_as_json(conversation: Conversation, workspace: Workspace) -> Json:
    kind = conversation.kind
    common: Json = {
        "id": conversation.id,
        "created": int(conversation.created.timestamp()),
        "is_archived": conversation.is_archived,
        "is_im": kind is ConversationKind.IM,
        "is_org_shared": False,
        "context_team_id": workspace.team.id,
        "updated": int(conversation.created.timestamp() * 1000),
    }
    if kind is ConversationKind.IM:
        return {**common, "user": other_member(conversation, workspace.bot), "priority": 0}
    return {
        **common,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": kind is ConversationKind.CHANNEL,
        "is_group": kind is ConversationKind.GROUP,
        "is_mpim": kind is ConversationKind.MPIM,
        "is_private": conversation.is_private,
        "is_general": conversation.name == "general",
        "is_member": workspace.bot.user_id in conversation.members,
        "is_shared": False,
        "is_ext_shared": False,
        "creator": conversation.creator,
        "topic": {"value": conversation.topic, "creator": conversation.creator, "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        "num_members": len(conversation.members),
    }


def other_member(conversation: Conversation, bot: BotIdentity) -> str:
    return next((each for each in conversation.members if each != bot.user_id), bot.user_id)


def message_as_json(message: Message, workspace: Workspace, *, with_metadata: bool = True) -> Json:
    shown: Json = {"type": "message"}
    if message.subtype:
        shown["subtype"] = message.subtype
    shown |= {"user": message.author, "ts": message.ts, "text": message.text}
    shown["team"] = workspace.team.id
    if message.bot_id:
        shown |= {
            "bot_id": message.bot_id,
            "app_id": workspace.bot.app_id,
            "bot_profile": bot_as_json(workspace),
        }
    if message.username:
        shown["username"] = message.username
    if message.blocks:
        shown["blocks"] = list(message.blocks)
    if message.attachments:
        shown["attachments"] = list(message.attachments)
    if message.files:
        found = (workspace.files.find(each) for each in message.files)
        shown["files"] = [file_as_json(each, workspace) for each in found if each is not None]
    if message.edited_ts:
        shown["edited"] = {"user": message.author, "ts": message.edited_ts}
    if message.is_pinned:
        shown["pinned_to"] = [message.channel]
    if message.metadata is not None and with_metadata:
        shown["metadata"] = message.metadata
    return shown | _thread_as_json(message, workspace) | _reactions_as_json(message)


def _thread_as_json(message: Message, workspace: Workspace) -> Json:
    if message.is_reply:
        parent = workspace.messages.find(message.channel, str(message.thread_ts))
        author = {"parent_user_id": parent.author} if parent else {}
        return {"thread_ts": message.thread_ts, **author}
    replies = workspace.messages.replies(message.channel, message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(each.author for each in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def _reactions_as_json(message: Message) -> Json:
    if not message.reactions:
        return {}
    return {
        "reactions": [
            {"name": each.name, "users": list(each.users), "count": len(each.users)}
            for each in message.reactions
        ]
    }


def bot_as_json(workspace: Workspace) -> Json:
    bot = workspace.bot
    return {
        "id": bot.bot_id,
        "app_id": bot.app_id,
        "user_id": bot.user_id,
        "name": bot.real_name,
        "icons": {},
        "deleted": False,
        "updated": 1,
        "team_id": workspace.team.id,
    }


def file_as_json(file: StoredFile, workspace: Workspace) -> Json:
    if file.is_deleted:
        return {"id": file.id, "mode": "tombstone"}
    return {
        "id": file.id,
        "created": int(file.created.timestamp()),
        "timestamp": int(file.created.timestamp()),
        "name": file.name,
        "title": file.title,
        "mimetype": PICTURES.get(file.extension, "application/octet-stream"),
        "filetype": file.extension,
        "pretty_type": file.extension.upper(),
        "user": file.uploaded_by,
        "user_team": workspace.team.id,
        "editable": False,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "is_public": bool(file.channels),
        "alt_txt": file.alt_text,
        "url_private": file_address(file, workspace),
        "url_private_download": f"{file_address(file, workspace)}?download=1",
        "permalink": f"https://{workspace.team.domain}.slack.com/files/{file.uploaded_by}/{file.id}",
        "channels": list(file.channels),
        "groups": [],
        "ims": [],
    }


def file_address(file: StoredFile, workspace: Workspace) -> str:
    """Where the bytes are, for whoever has a token that may read files."""
    return f"{workspace.address}/files-pri/{workspace.team.id}-{file.id}/{quote(file.name)}"


def view_as_json(view: View, workspace: Workspace) -> Json:
    content = view.content
    return {
        "id": view.id,
        "team_id": workspace.team.id,
        "type": view.kind,
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": {block: dict(actions) for block, actions in view.chosen.items()}},
        "hash": view.hash,
        "title": content.get("title") or {"type": "plain_text", "text": "View Title"},
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": workspace.bot.app_id,
        "external_id": view.external_id or "",
        "app_installed_team_id": workspace.team.id,
        "bot_id": workspace.bot.bot_id,
    }


def instant_of(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), tz=UTC)
