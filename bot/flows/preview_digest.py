"""The channel's digest shown to the manager first, who posts it or does not."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from bot.domain.errors import NotAllowed
from bot.domain.ids import DeliveryId, SlackUserId
from bot.domain.message import Block, Message
from bot.queries.permissions import person_of
from bot.queries.reader import reader_in
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.outbox import DeliveryRow, enqueue, release

KIND = "digest"
NOBODY_TO_ASK = "nobody in Slack can say yes to it"
WAITS = "it waits for the manager's yes"


def show_first(
    runtime: Runtime, key: str, *, recipient: str, message: Message, approver: str | None
) -> str:
    """Hold the digest in the outbox and show it to the manager; why it was not posted."""
    if approver is None:
        return NOBODY_TO_ASK
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        held = enqueue(
            session,
            dedupe_key=key,
            kind=KIND,
            recipient=recipient,
            message=message,
            not_before=now,
            now=now,
            is_held=True,
        )
        if held is None:
            return "this week's digest is already out"
        enqueue(
            session,
            dedupe_key=_preview_key(held),
            kind=KIND,
            recipient=approver,
            message=_preview(session, runtime, message, held, approver=approver),
            not_before=now,
            now=now,
        )
    return WAITS


def _preview_key(held: DeliveryId) -> str:
    return f"digest:preview:{held}"


def _preview(
    session: Session, runtime: Runtime, message: Message, held: DeliveryId, *, approver: str
) -> Message:
    reader = reader_in(session, SlackUserId(approver), runtime.organisation)
    note = runtime.renderer.render("messages/preview.j2", {"delivery": held, **reader})
    words: Sequence[Block] = [*note.blocks[:1], *message.blocks, *note.blocks[1:]]
    return replace(message, text=f"{note.text} {message.text}", blocks=words)


def settle_preview(runtime: Runtime, *, held: DeliveryId, by: SlackUserId, goes: bool) -> Message:
    """Post it or drop it, once; the preview as it stands from now on.

    Raises NotAllowed for anybody but the one it was shown to.
    """
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        person = person_of(session, by, runtime.organisation)
        shown = _shown(session, held)
        if shown is None or shown.recipient != by:
            raise NotAllowed(
                "That digest was shown to somebody else.", hint="Its manager decides about it."
            )
        release(session, held, now=now, goes=goes)
        stands = session.get_one(DeliveryRow, held)
        view = {
            "goes": stands.state not in {"held", "dropped"},
            "at": now,
            "locale": person.locale,
            "zone": person.zone.key,
        }
        note = runtime.renderer.render("messages/preview_settled.j2", view)
        words = [block for block in shown.blocks if block["type"] != "actions"]
        return Message(text=shown.text, blocks=[*words[1:], *note.blocks])


def _shown(session: Session, held: DeliveryId) -> DeliveryRow | None:
    row = DeliveryRow
    return session.exec(select(row).where(col(row.dedupe_key) == _preview_key(held))).first()
