"""The ledger of first loads: which window of a table is read from which job, and how far."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from bot.storage.columns import Instant, big_identity


class BulkJobRow(SQLModel, table=True):
    """Changed only in the transaction that stored the rows it speaks of."""

    __tablename__ = "bulk_job"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    table_name: str = Field(index=True)
    #: The window of stamps; None is from the beginning.
    since: datetime | None = Field(default=None, sa_type=Instant)
    until: datetime = Field(sa_type=Instant)
    #: How far the cursor may move once all windows are stored.
    safe_until: datetime = Field(sa_type=Instant)
    begun_at: datetime = Field(sa_type=Instant)
    #: The CRM's id of the job; None until it was begun, and again when it was lost.
    job: str | None = None
    #: Where the next page begins; None at the first page.
    locator: str | None = None
    #: Records that the job found, once the CRM said it.
    size: int | None = None
    #: Records stored so far.
    rows: int = 0
    is_read: bool = False
    #: Jobs of this window that were lost.
    lost: int = 0


def read_bulk_jobs(session: Session, table_name: str) -> Sequence[BulkJobRow]:
    wanted = select(BulkJobRow).where(BulkJobRow.table_name == table_name)
    return session.exec(wanted.order_by(col(BulkJobRow.id))).all()


def plan_bulk_jobs(session: Session, rows: Iterable[BulkJobRow]) -> None:
    session.add_all(rows)


def find_bulk_job(session: Session, row_id: int) -> BulkJobRow | None:
    """None when another pull has finished the load meanwhile; held until the transaction ends."""
    return session.get(BulkJobRow, row_id, with_for_update=True)


def drop_bulk_jobs(session: Session, table_name: str) -> None:
    session.connection().execute(delete(BulkJobRow).where(col(BulkJobRow.table_name) == table_name))
