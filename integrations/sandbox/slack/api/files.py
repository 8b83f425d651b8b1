from dataclasses import replace

from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.content import block_name, read_blocks
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.blockkit.complete import completed
from integrations.sandbox.slack.state.values import Conversation, Json, Message, StoredFile
from integrations.sandbox.slack.state.wire import file_as_json

LONGEST_ALT_TEXT = 1_000
MOST_CHANNELS = 100


def files_get_upload_url_external(call: Call) -> Json:
    workspace = call.workspace
    length = call.whole("length", 0)
    if length <= 0 or not call.text("filename"):
        raise ApiError("missing_argument")
    if len(call.text("alt_txt")) > LONGEST_ALT_TEXT:
        raise ApiError("alt_txt_too_large")
    file_id = workspace.ids.mint("F")
    ticket = workspace.files.expect(
        file_id,
        name=call.text("filename"),
        length=length,
        alt_text=call.text("alt_txt"),
        by=workspace.bot.user_id,
        at=workspace.clock.now(),
    )
    address = f"{call.installation.address}/upload/v1/{ticket}"
    return {"upload_url": address, "file_id": file_id}


def files_complete_upload_external(call: Call) -> Json:
    workspace = call.workspace
    wanted = call.structure("files", error="invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise ApiError("invalid_arguments", messages=["[ERROR] must provide an array: files"])
    blocks = read_blocks(call)
    with workspace.lock:
        channels = _channels(call)
        for each in wanted:
            _uploaded(call, each)
        ids = tuple(each.id for each in channels)
        done = [
            workspace.files.complete(each["id"], title=each.get("title"), channels=ids)
            for each in wanted
        ]
        for channel in channels:
            _share(call, channel, done, blocks)
        workspace.changes.touch()
    return {"files": [file_as_json(each, workspace) for each in done]}


def _uploaded(call: Call, wanted: object) -> StoredFile:
    file_id = wanted.get("id") if isinstance(wanted, dict) else None
    file = call.workspace.files.find(str(file_id))
    if file is None or file.content is None:
        raise ApiError("file_not_found")
    return file


def _channels(call: Call) -> list[Conversation]:
    names = call.listed("channels") or call.listed("channel_id")
    if len(names) > MOST_CHANNELS:
        raise ApiError("channels_limit_exceeded")
    found = []
    for name in names:
        conversation = call.workspace.conversations.find(name)
        if conversation is None:
            raise ApiError("channel_not_found")
        if call.workspace.bot.user_id not in conversation.members:
            raise ApiError("not_in_channel")
        found.append(conversation)
    return found


def _share(
    call: Call, channel: Conversation, files: list[StoredFile], blocks: list[Json] | None
) -> None:
    workspace = call.workspace
    message = Message(
        channel=channel.id,
        ts="",
        author=workspace.bot.user_id,
        bot_id=workspace.bot.bot_id,
        text=call.text("initial_comment"),
        blocks=completed(blocks or (), lambda: block_name(workspace)),
        thread_ts=call.text("thread_ts") or None,
        files=tuple(each.id for each in files),
    )
    workspace.post(replace(message, ts=workspace.ids.stamp()))


def files_info(call: Call) -> Json:
    file = call.workspace.files.find(call.text("file"))
    if file is None or not file.is_complete:
        raise ApiError("file_not_found")
    if file.is_deleted:
        raise ApiError("file_deleted")
    return {
        "file": file_as_json(file, call.workspace),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def files_delete(call: Call) -> Json:
    with call.workspace.lock:
        file = call.workspace.files.find(call.text("file"))
        if file is None or not file.is_complete:
            raise ApiError("file_not_found")
        if file.is_deleted:
            raise ApiError("file_deleted")
        if file.uploaded_by != call.workspace.bot.user_id:
            raise ApiError("cant_delete_file")
        call.workspace.files.delete(file.id)
        call.workspace.changes.touch()
    return {}


METHODS: dict[str, Answer] = {
    "files.completeUploadExternal": files_complete_upload_external,
    "files.delete": files_delete,
    "files.getUploadURLExternal": files_get_upload_url_external,
    "files.info": files_info,
}
