"""Messages decided upon but not yet said: enqueue, claim, settle.

A message is a row in the transaction that decided it. It is sent by whoever claims it with one
conditional UPDATE; a reply that was lost leaves it *unknown*, to be looked for before anything is
sent again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, update
from sqlmodel import Field, Session, SQLModel, col, select

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
    #: Messages for the thread below, each {"text", "blocks"}.
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
) -> DeliveryId | None:
    """Put a message into the outbox, or return None when one with this key is there already."""
    known = select(DeliveryRow.id).where(col(DeliveryRow.dedupe_key) == dedupe_key)
    if session.exec(known).first() is not None:
        return None
    row = DeliveryRow(
        dedupe_key=dedupe_key,
        kind=kind,
        recipient=recipient,
        decision_id=decision,
        text=message.text,
        blocks=_plain(message.blocks),
        thread=[{"text": part.text, "blocks": _plain(part.blocks)} for part in message.thread],
        not_before=not_before,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return DeliveryId(row.id) if row.id is not None else None


def claim_next(session: Session, *, now: datetime) -> DeliveryRow | None:
    """Claim the oldest due delivery, or return None when there is none for us.

    One statement that names the state it expects: of two workers who pick the same row, one
    changes it and the other changes nothing. A row that comes back ``unknown`` (or was claimed by
    a process that died) must be looked for before it is sent.
    """
    abandoned = now - CLAIM_LIFETIME
    is_due = or_(
        (col(DeliveryRow.state).in_([DeliveryState.WAITING, DeliveryState.UNKNOWN]))
        & (col(DeliveryRow.not_before) <= now),
        (col(DeliveryRow.state) == DeliveryState.CLAIMED)
        & (col(DeliveryRow.claimed_at) <= abandoned),
    )
    oldest = (
        select(DeliveryRow)
        .where(is_due)
        .order_by(col(DeliveryRow.not_before), col(DeliveryRow.id))
        .limit(1)
    )
    found = session.exec(oldest).first()
    if found is None or found.id is None:
        return None
    claim = (
        update(DeliveryRow)
        .where(
            col(DeliveryRow.id) == found.id,
            col(DeliveryRow.fence) == found.fence,
            is_due,
        )
        .values(
            state=DeliveryState.CLAIMED,
            claimed_at=now,
            fence=found.fence + 1,
            attempt=found.attempt + 1,
        )
    )
    was_in_doubt = found.state != DeliveryState.WAITING
    if session.connection().execute(claim).rowcount != 1:
        return None
    session.expire(found)
    session.refresh(found)
    found.error = "in doubt" if was_in_doubt else None
    return found


def settle(session: Session, delivery: DeliveryRow, outcome: Outcome, *, now: datetime) -> bool:
    """Write down how a claimed delivery ended; False when another process took it over."""
    values: dict[str, object]
    match outcome:
        case Sent(receipt):
            values = {
                "state": DeliveryState.SENT,
                "sent_at": now,
                "channel": receipt.channel,
                "ts": receipt.ts,
                "error": None,
            }
        case Retry(at, error):
            values = {"state": DeliveryState.WAITING, "not_before": at, "error": error}
        case Failed(error):
            values = {"state": DeliveryState.FAILED, "error": error}
        case Unknown(look_at, error):
            values = {"state": DeliveryState.UNKNOWN, "not_before": look_at, "error": error}
    mine = (
        update(DeliveryRow)
        .where(col(DeliveryRow.id) == delivery.id, col(DeliveryRow.fence) == delivery.fence)
        .values(**values)
    )
    return session.connection().execute(mine).rowcount == 1
