"""Which mirrored records changed since their facts were last derived."""

from collections import defaultdict

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col


class StaleRecordRow(SQLModel, table=True):
    """Written in the transaction that inserted or changed the record; taken by who derives."""

    __tablename__ = "stale_record"
    __table_args__ = {"sqlite_with_rowid": False}

    table_name: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True, max_length=18)


def take_stale(session: Session) -> dict[str, set[str]]:
    """Empty the list and return it, as ids by table.

    Call it before reading the mirror, in the transaction that derives. A record that changes
    meanwhile waits for that transaction and is then listed anew; had it been read first and
    deleted last, the change would be forgotten. A rollback lists everything again.
    """
    taken = session.connection().execute(
        delete(StaleRecordRow).returning(
            col(StaleRecordRow.table_name), col(StaleRecordRow.record_id)
        )
    )
    ids: dict[str, set[str]] = defaultdict(set)
    for table_name, record_id in taken:
        ids[table_name].add(record_id)
    return ids
