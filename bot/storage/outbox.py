"""Messages decided upon but not yet said: enqueue, claim, settle.

A message is a row in the transaction that decided it. It is sent by whoever claims it with one
conditional UPDATE; a reply that was lost leaves it *unknown*, to be looked for before anything is
sent again.

    waiting -> claimed -> sent | failed
       ^  ^       |
       |  +-retry-+--> unknown -> claimed, in doubt
       +- held -> dropped
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.chart import Picture
from bot.domain.ids import DecisionId, DeliveryId
from bot.domain.message import Message, Receipt
from bot.storage.columns import Instant, big_identity, json_column

#: A claim older than this belongs to a process that died; its message may have been sent.
CLAIM_LIFETIME = timedelta(minutes=2)


class DeliveryState(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    #: Until somebody says yes.
    HELD = "held"
    DROPPED = "dropped"


class DeliveryRow(SQLModel, table=True):
    __tablename__ = "delivery"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    #: At most one message bears a key, for ever.
    dedupe_key: str = Field(unique=True, max_length=255)
    kind: str
    #: A Slack person or channel id.
    recipient: str = Field(index=True)
    decision_id: int | None = Field(default=None, index=True)
    text: str
    blocks: list[dict[str, object]] = Field(sa_type=json_column())
    #: By the id that an image block names them by, each {"svg", "alt"}.
    pictures: dict[str, dict[str, str]] = Field(sa_type=json_column())
    #: Messages for the thread below, each {"text", "blocks", "pictures"}.
    thread: list[dict[str, object]] = Field(sa_type=json_column())
    state: str = Field(default=DeliveryState.WAITING, index=True)
    not_before: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    attempt: int = 0
    #: Raised by every claim; a settle with an older fence changes nothing.
    fence: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    channel: str | None = None
    ts: str | None = None
    #: How many messages of the thread have been posted.
    thread_sent: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Retry:
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Failed:
    error: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it arrived; look for it not before ``look_at``."""

    look_at: datetime
    error: str


Outcome = Sent | Retry | Failed | Unknown


def _plain(blocks: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    return [dict(block) for block in blocks]


def enqueue(
    session: Session,
    *,
    dedupe_key: str,
    kind: str,
    recipient: str,
    message: Message,
    not_before: datetime,
    now: datetime,
    decision: DecisionId | None = None,
    is_held: bool = False,
) -> DeliveryId | None:
    """Put a message into the outbox, or return None when one with this key is there already.

    ``is_held`` keeps it there until it is released.
    """
    row = DeliveryRow(
        dedupe_key=dedupe_key,
        kind=kind,
        recipient=recipient,
        decision_id=decision,
        text=message.text,
        blocks=_plain(message.blocks),
        pictures=_drawn(message),
        thread=[
            {"text": part.text, "blocks": _plain(part.blocks), "pictures": _drawn(part)}
            for part in message.thread
        ],
        not_before=not_before,
        created_at=now,
        state=DeliveryState.HELD if is_held else DeliveryState.WAITING,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return DeliveryId(row.id) if row.id is not None else None


def release(session: Session, delivery: DeliveryId, *, now: datetime, goes: bool) -> bool:
    """Let a held message go, or drop it; False when that was settled before."""
    state = DeliveryState.WAITING if goes else DeliveryState.DROPPED
    held = (
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == delivery, col(DeliveryRow.state) == DeliveryState.HELD)
        .values(state=state, not_before=now)
    )
    return session.connection().execute(held).rowcount == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    delivery: DeliveryRow
    #: Somebody began to send it and nobody wrote down how that ended: look for it first.
    is_in_doubt: bool

    @property
    def id(self) -> DeliveryId:
        if self.delivery.id is None:
            raise RuntimeError("a claimed delivery has a number")
        return DeliveryId(self.delivery.id)

    @property
    def posted(self) -> Receipt | None:
        """Where the message stands when only parts of its thread are still to be said."""
        row = self.delivery
        if row.channel is None or row.ts is None:
            return None
        return Receipt(channel=row.channel, ts=row.ts)

    @property
    def message(self) -> Message:
        row = self.delivery
        return Message(
            text=row.text,
            blocks=row.blocks,
            pictures=_pictures(row.pictures),
            thread=tuple(_part(stored) for stored in row.thread),
        )


def _part(stored: Mapping[str, object]) -> Message:
    blocks, pictures = stored["blocks"], stored["pictures"]
    return Message(
        text=str(stored["text"]),
        blocks=blocks if isinstance(blocks, list) else [],
        pictures=_pictures(pictures if isinstance(pictures, dict) else {}),
    )


def _drawn(message: Message) -> dict[str, dict[str, str]]:
    return {
        name: {"svg": picture.svg, "alt": picture.alt} for name, picture in message.pictures.items()
    }


def _pictures(stored: Mapping[str, Mapping[str, str]]) -> dict[str, Picture]:
    return {name: Picture(svg=each["svg"], alt=each["alt"]) for name, each in stored.items()}


def claim_next(session: Session, *, now: datetime, besides: Collection[str] = ()) -> Claim | None:
    """Claim the oldest due delivery, or return None when nothing is due.

    One statement that names the state and the fence it expects: of two workers who pick the same
    row, one changes it and the other looks for another. PostgreSQL passes over rows that another
    worker is about to claim; SQLite lets one writer in at a time. ``besides`` names recipients who
    have been told enough for the moment.
    """
    is_due = _is_due(now)
    oldest = (
        select(DeliveryRow)
        .where(is_due, col(DeliveryRow.recipient).not_in(list(besides)))
        .order_by(col(DeliveryRow.not_before), col(DeliveryRow.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (found := session.exec(oldest).first()) is not None:
        was_in_doubt = found.state != DeliveryState.WAITING
        claim = (
            update(DeliveryRow)
            .where(col(DeliveryRow.id) == found.id, col(DeliveryRow.fence) == found.fence, is_due)
            .values(
                state=DeliveryState.CLAIMED,
                claimed_at=now,
                fence=found.fence + 1,
                attempt=found.attempt + 1,
            )
        )
        changed = session.connection().execute(claim).rowcount
        session.expire(found)
        if changed == 1:
            session.refresh(found)
            return Claim(delivery=found, is_in_doubt=was_in_doubt)
    return None


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        col(DeliveryRow.state).in_([DeliveryState.WAITING, DeliveryState.UNKNOWN])
        & (col(DeliveryRow.not_before) <= now),
        (col(DeliveryRow.state) == DeliveryState.CLAIMED)
        & (col(DeliveryRow.claimed_at) <= now - CLAIM_LIFETIME),
    )


def note_progress(
    session: Session, claim: Claim, *, posted: Receipt, thread_sent: int, now: datetime
) -> bool:
    """Write down how far a delivery has got; False when another process took it over.

    Renews the claim, so that a long thread is not taken for abandoned.
    """
    values = {
        "channel": posted.channel,
        "ts": posted.ts,
        "thread_sent": thread_sent,
        "claimed_at": now,
    }
    return _change(session, claim, values)


def renew(session: Session, claim: Claim, *, now: datetime) -> bool:
    """Hold on to a claim; False when another process took it over."""
    return _change(session, claim, {"claimed_at": now})


def settle(session: Session, claim: Claim, outcome: Outcome, *, now: datetime) -> bool:
    """Write down how a claimed delivery ended; False when another process took it over."""
    values: dict[str, object]
    match outcome:
        case Sent(receipt):
            values = {
                "state": DeliveryState.SENT,
                "sent_at": now,
                "channel": receipt.channel,
                "ts": receipt.ts,
                "thread_sent": len(claim.delivery.thread),
                "error": None,
            }
        case Retry(at, error):
            values = {"state": DeliveryState.WAITING, "not_before": at, "error": error}
        case Failed(error):
            values = {"state": DeliveryState.FAILED, "error": error}
        case Unknown(look_at, error):
            values = {"state": DeliveryState.UNKNOWN, "not_before": look_at, "error": error}
    return _change(session, claim, values)


def _change(session: Session, claim: Claim, values: Mapping[str, object]) -> bool:
    row = claim.delivery
    mine = (
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == row.id, col(DeliveryRow.fence) == row.fence)
        .values(**values)
    )
    return session.connection().execute(mine).rowcount == 1
