"""What an app says to a command or a press: in an acknowledgement or to a response address."""

from dataclasses import replace

from integrations.sandbox.slack.api.content import CANNOT_DISPLAY, block_name
from integrations.sandbox.slack.blockkit.complete import completed
from integrations.sandbox.slack.blockkit.validate import (
    complaints_about_blocks,
    is_message_too_long,
)
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.response_urls import ResponseUrl
from integrations.sandbox.slack.state.values import Json, Message


class AnswerRefused(Exception):
    """The answer cannot be shown; ``error`` is Slack's name for why."""

    def __init__(self, error: str, lines: list[str] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.lines = lines or []


def show_answer(installation: Installation, url: ResponseUrl, answer: Json) -> None:
    """Post, replace or delete as the answer says. Raises AnswerRefused."""
    workspace = installation.workspace
    with workspace.lock:
        original = None
        if url.message_ts is not None:
            original = workspace.messages.visible(url.channel, url.message_ts, url.person)
        if answer.get("delete_original"):
            if original is not None:
                workspace.delete(original)
            return
        message = _drafted(installation, url, answer)
        if answer.get("replace_original") and original is not None:
            replaced = replace(
                original,
                text=message.text,
                blocks=message.blocks,
                attachments=message.attachments,
                edited_ts=workspace.ids.stamp(),
                chosen={},
            )
            workspace.change(original, replaced)
            return
        workspace.post(replace(message, ts=workspace.ids.stamp()))


def _drafted(installation: Installation, url: ResponseUrl, answer: Json) -> Message:
    workspace = installation.workspace
    text, blocks = answer.get("text"), answer.get("blocks") or []
    attachments = answer.get("attachments") or []
    if not text and not blocks and not attachments:
        raise AnswerRefused("no_text")
    complaints = complaints_about_blocks(blocks, surface="message")
    if complaints:
        raise AnswerRefused("invalid_blocks", [each.as_line() for each in complaints])
    if is_message_too_long(blocks):
        raise AnswerRefused("msg_blocks_too_long")
    is_public = answer.get("response_type") == "in_channel"
    return Message(
        channel=url.channel,
        ts="",
        author=workspace.bot.user_id,
        bot_id=workspace.bot.bot_id,
        text=str(text or CANNOT_DISPLAY),
        blocks=completed(blocks, lambda: block_name(workspace)),
        attachments=tuple(attachments),
        thread_ts=answer.get("thread_ts") or url.thread_ts,
        visible_to=None if is_public else url.person,
    )
