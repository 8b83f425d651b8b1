"""What a message is made of, read from a call and checked as Slack checks it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.blockkit.complaint import Complaint
from integrations.sandbox.slack.blockkit.complete import completed, objects_within
from integrations.sandbox.slack.blockkit.validate import (
    complaints_about_blocks,
    is_message_too_long,
)
from integrations.sandbox.slack.faults import FaultKind
from integrations.sandbox.slack.state.files import PICTURES
from integrations.sandbox.slack.state.values import Json
from integrations.sandbox.slack.state.workspace import Workspace

TEXT_IS_CUT_AT = 40_000
MOST_ATTACHMENTS = 100
METADATA_BYTES = 16_000
CANNOT_DISPLAY = "This content can't be displayed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """None means that the call did not say, so that an update keeps what there was."""

    text: str | None
    blocks: tuple[Json, ...] | None
    attachments: tuple[Json, ...] | None
    metadata: Json | None


def content_of(call: Call) -> Content:
    """Raises ApiError when anything in it is not as Slack wants it, or there is nothing."""
    text = call.arguments.get("text")
    markdown = call.text("markdown_text")
    blocks = read_blocks(call)
    attachments = read_attachments(call)
    if markdown:
        if text or blocks:
            raise ApiError("markdown_text_conflict")
        blocks, text = [{"type": "markdown", "text": markdown}], markdown
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    return Content(
        text=None if text is None else str(text)[:TEXT_IS_CUT_AT],
        blocks=None if blocks is None else completed(blocks, lambda: block_name(call.workspace)),
        attachments=None if attachments is None else tuple(attachments),
        metadata=metadata_of(call),
    )


def block_name(workspace: Workspace) -> str:
    return workspace.ids.mint("b")[3:]


def read_blocks(call: Call) -> list[Json] | None:
    """The checked blocks; None when none were sent."""
    blocks = call.structure("blocks", error="invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    complaints = [
        *complaints_about_blocks(blocks, surface="message"),
        *picture_complaints(blocks, call, pointer="/blocks"),
    ]
    if complaints:
        raise refused("invalid_blocks", complaints)
    if is_message_too_long(blocks):
        raise ApiError("msg_blocks_too_long")
    return blocks


def read_attachments(call: Call) -> list[Json] | None:
    """The attachments, blocks in them checked too; None when none were sent."""
    attachments = call.structure("attachments", error="invalid_blocks_format")
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise ApiError("invalid_blocks_format")
    if len(attachments) > MOST_ATTACHMENTS:
        raise ApiError("too_many_attachments")
    complaints = [
        complaint
        for place, each in enumerate(attachments)
        if "blocks" in each
        for complaint in complaints_about_blocks(
            each["blocks"], surface="message", pointer=f"/attachments/{place}/blocks"
        )
    ]
    if complaints:
        raise refused("invalid_blocks", complaints)
    return [
        {**each, "blocks": list(completed(each["blocks"], lambda: block_name(call.workspace)))}
        if "blocks" in each
        else each
        for each in attachments
    ]


def refused(error: str, complaints: Iterable[Complaint]) -> ApiError:
    lines = [complaint.as_line() for complaint in complaints]
    bare = [line.removeprefix("[ERROR] ") for line in lines]
    return ApiError(error, messages=lines, errors=bare)


def picture_complaints(blocks: list[Json], call: Call, *, pointer: str) -> list[Complaint]:
    """Images that name an uploaded file which is not there, not finished, or not a picture."""
    return [
        Complaint(pointer=f"{pointer}/{place}/slack_file", message="invalid slack file")
        for place, block in enumerate(blocks)
        for part in objects_within(block)
        if isinstance(named := part.get("slack_file"), dict) and not _is_shown(named, call)
    ]


def _is_shown(named: Json, call: Call) -> bool:
    files = call.workspace.files
    # An address ends with "TEAM-FILE/name".
    file_id = named.get("id") or str(named.get("url")).rpartition("/")[0].rpartition("-")[2]
    file = files.find(str(file_id))
    if file is None or not file.is_complete or file.is_deleted or file.extension not in PICTURES:
        return False
    return call.installation.faults.take(FaultKind.FILE_NOT_READY) is None


def metadata_of(call: Call) -> Json | None:
    metadata = call.structure("metadata", error="invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if not metadata:
        return {}
    if not isinstance(metadata.get("event_type"), str) or not isinstance(
        metadata.get("event_payload"), dict
    ):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise ApiError("metadata_too_large")
    return metadata
