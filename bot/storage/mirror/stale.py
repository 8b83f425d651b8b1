"""Which mirrored records changed since their facts were last derived."""

from collections.abc import Sequence

from sqlalchemy import delete, select, tuple_
from sqlmodel import Field, Session, SQLModel, col


class StaleRecordRow(SQLModel, table=True):
    """Written in the transaction that inserted or changed the record; taken by who derives."""

    __tablename__ = "stale_record"

    table_name: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True, max_length=18)


def take_stale(session: Session, table_name: str, *, at_most: int) -> Sequence[str]:
    """Remove up to ``at_most`` ids of a table from the list and return them, in order.

    Call it before reading the mirror, in the transaction that derives: a record that changes
    meanwhile is then listed anew once that transaction ends, and a rollback lists all again.
    """
    oldest = (
        select(col(StaleRecordRow.table_name), col(StaleRecordRow.record_id))
        .where(col(StaleRecordRow.table_name) == table_name)
        .order_by(col(StaleRecordRow.record_id))
        .limit(at_most)
    )
    taken = session.connection().execute(
        delete(StaleRecordRow)
        .where(tuple_(col(StaleRecordRow.table_name), col(StaleRecordRow.record_id)).in_(oldest))
        .returning(col(StaleRecordRow.record_id))
    )
    return sorted(taken.scalars())
