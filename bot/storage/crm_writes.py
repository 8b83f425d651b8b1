"""What people asked us to write to the CRM: wait, claim, settle.

waiting -> sending -> written | refused
^          |
+----------+   (nothing was written, or nobody knows: then it is read back first)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.ids import SlackUserId
from bot.storage.columns import Instant, big_identity, json_column

#: Free text; of a record that is there it is added to what it says.
NOTE = "note"
#: A claim older than this belongs to a process that died; what it wrote may have arrived.
CLAIM_LIFETIME = timedelta(minutes=5)


class WriteState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    WRITTEN = "written"
    REFUSED = "refused"


class CrmWriteRow(SQLModel, table=True):
    """One change of a record, or one new record, that a person agreed to."""

    __tablename__ = "crm_write"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    #: The same thing asked for twice is written once.
    dedupe_key: str = Field(unique=True, max_length=255)
    table_name: str
    #: None for a new record.
    record_id: str | None = Field(default=None, max_length=18)
    #: Mirror column → value, days as text.
    values: dict[str, str] = Field(sa_type=json_column())
    #: What the person saw there when they agreed.
    seen: dict[str, str | None] = Field(sa_type=json_column())
    asked_by: str
    asked_at: datetime = Field(sa_type=Instant)
    state: str = Field(default=WriteState.WAITING, index=True)
    not_before: datetime = Field(sa_type=Instant)
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    #: Whether an attempt ended without anybody knowing how.
    is_in_doubt: bool = False
    attempt: int = 0
    fence: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something to write; ``seen`` is what stood there, for changes."""

    table: str
    record: str | None
    values: Mapping[str, str]
    seen: Mapping[str, str | None]


def as_text(value: object) -> str | None:
    """A mirrored value as it is compared with a written one."""
    if value is None or value == "":
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def ask_for(
    session: Session, wish: Wish, *, key: str, asked_by: SlackUserId, now: datetime
) -> bool:
    """False when the same was asked for before."""
    row = CrmWriteRow(
        dedupe_key=key,
        table_name=wish.table,
        record_id=wish.record,
        values=dict(wish.values),
        seen=dict(wish.seen),
        asked_by=asked_by,
        asked_at=now,
        not_before=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def claim_write(session: Session, *, now: datetime) -> CrmWriteRow | None:
    """The oldest one that is due, for us alone; one left by a process that died is in doubt."""
    row = CrmWriteRow
    lapsed = (col(row.state) == WriteState.SENDING) & (col(row.claimed_at) <= now - CLAIM_LIFETIME)
    is_due = or_((col(row.state) == WriteState.WAITING) & (col(row.not_before) <= now), lapsed)
    oldest = select(row).where(is_due).order_by(col(row.id)).limit(1)
    while (found := session.exec(oldest.with_for_update(skip_locked=True)).first()) is not None:
        claim = (
            update(row)
            .where(col(row.id) == found.id, col(row.fence) == found.fence, is_due)
            .values(
                state=WriteState.SENDING,
                claimed_at=now,
                is_in_doubt=found.is_in_doubt or found.state == WriteState.SENDING,
                attempt=found.attempt + 1,
                fence=found.fence + 1,
            )
        )
        changed = session.connection().execute(claim).rowcount
        session.expire(found)
        if changed == 1:
            session.refresh(found)
            return found
    return None


def settle_write(
    session: Session,
    claimed: CrmWriteRow,
    *,
    state: WriteState,
    note: str | None = None,
    again_at: datetime | None = None,
    is_in_doubt: bool = False,
) -> bool:
    """False when another process took it over meanwhile."""
    row = CrmWriteRow
    values: dict[str, object] = {"state": state, "note": note, "is_in_doubt": is_in_doubt}
    if again_at is not None:
        values["not_before"] = again_at
    mine = (
        update(row)
        .where(col(row.id) == claimed.id, col(row.fence) == claimed.fence)
        .values(**values)
    )
    return session.connection().execute(mine).rowcount == 1
