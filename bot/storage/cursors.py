"""How far each table has been pulled, and how the last pulls went."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from bot.storage.columns import Instant, big_identity, json_column
from bot.storage.version import remembered

#: Long enough to look back at a bad week or two.
PULLS_KEPT_FOR = timedelta(days=30)


class CursorRow(SQLModel, table=True):
    __tablename__ = "cursor"

    table_name: str = Field(primary_key=True)
    #: Every change stamped before this is in the mirror; None before the first batch.
    pulled_until: datetime | None = Field(default=None, sa_type=Instant)
    #: Every final deletion before this is in the mirror.
    deletions_until: datetime = Field(sa_type=Instant)
    #: The mirror equals the CRM as it was then; None until a pull reached the end.
    as_of: datetime | None = Field(default=None, sa_type=Instant)
    pulled_at: datetime | None = Field(default=None, sa_type=Instant)
    #: When what the mirror holds was last compared with what the CRM holds; None to ask for it.
    reconciled_at: datetime | None = Field(default=None, sa_type=Instant)
    #: Inserted or changed so far.
    rows: int = 0
    #: Columns that the CRM lacked or hid at the last pull.
    missing_columns: list[str] = Field(default_factory=list, sa_type=json_column())
    #: Column → values that settings rely on and that have left its picklist.
    lost_values: dict[str, list[str]] = Field(default_factory=dict, sa_type=json_column())
    #: Column → the field that seems to be the one that is missing, under another name.
    renamed: dict[str, str] = Field(default_factory=dict, sa_type=json_column())
    #: Field → the record with a value that no column can hold, and what is the matter with it.
    unusable: dict[str, list[str]] = Field(default_factory=dict, sa_type=json_column())
    #: Why the table could not be pulled the last time.
    problem: str | None = None
    #: Whether the CRM cannot give us the table at all, so that nothing waits for it.
    is_unavailable: bool = False


class PullRow(SQLModel, table=True):
    """One pull, for ``pacesetter doctor`` and the health of the sync."""

    __tablename__ = "pull"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    started_at: datetime = Field(sa_type=Instant, index=True)
    finished_at: datetime = Field(sa_type=Instant)
    rows: int
    deleted: int
    #: Why it ended early; None when it reached the end.
    problem: str | None = None
    calls_used: int | None = None
    calls_allowed: int | None = None


def begin_cursors(session: Session, tables: Iterable[str], *, now: datetime) -> None:
    """A cursor for each table, so that one which was never reached is known to be missing.

    Tables that were pulled once and are no longer among ``tables`` become unavailable.
    """
    wanted = list(tables)
    known = {cursor.table_name: cursor for cursor in read_cursors(session)}
    for cursor in known.values():
        cursor.is_unavailable = cursor.is_unavailable or cursor.table_name not in wanted
    for table_name in wanted:
        if table_name not in known:
            # Another pull may just be doing the same.
            with suppress(IntegrityError), session.begin_nested():
                session.add(CursorRow(table_name=table_name, deletions_until=now))


def longest_waiting_first(session: Session, tables: Sequence[str]) -> Sequence[str]:
    """The same tables, those first that the last pulls did not reach, so that none starves."""
    pulled_at = {cursor.table_name: cursor.pulled_at for cursor in read_cursors(session)}
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(tables, key=lambda table: pulled_at[table] or never)


def read_cursor(session: Session, table_name: str, *, is_held: bool = False) -> CursorRow:
    """Raises KeyError for a table without one.

    ``is_held`` lets no other pull into the table until the transaction ends.
    """
    cursor = session.get(CursorRow, table_name, with_for_update=is_held)
    if cursor is None:
        raise KeyError(table_name)
    return cursor


def read_cursors(session: Session) -> Sequence[CursorRow]:
    return session.exec(select(CursorRow).order_by(CursorRow.table_name)).all()


def mirrored_at(session: Session) -> datetime | None:
    """The instant (UTC) as of which the whole mirror is current; None before the first full pull.

    Tables that the CRM cannot give us at all do not count.
    """
    return remembered(session, "mirrored at", lambda: _mirrored_at(session))


def _mirrored_at(session: Session) -> datetime | None:
    instants = session.exec(
        select(CursorRow.as_of).where(col(CursorRow.is_unavailable).is_(False))
    ).all()
    known = [instant for instant in instants if instant is not None]
    return min(known) if known and len(known) == len(instants) else None


def record_pull(session: Session, pull: PullRow) -> None:
    """Keep the story of a pull; stories older than PULLS_KEPT_FOR are forgotten."""
    oldest_kept = pull.started_at - PULLS_KEPT_FOR
    session.connection().execute(delete(PullRow).where(col(PullRow.started_at) < oldest_kept))
    session.add(pull)


def last_pull(session: Session) -> PullRow | None:
    return session.exec(select(PullRow).order_by(col(PullRow.id).desc()).limit(1)).first()
