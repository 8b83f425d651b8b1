"""Which mirrored records changed since their facts were last derived."""

from collections import defaultdict
from typing import Any

from sqlalchemy import and_, delete, select, true
from sqlmodel import Field, Session, SQLModel

#: Tables of which an organisation may have millions, in the order in which facts are made of them.
IN_MILLIONS = ("crm_task", "crm_event", "email_message")


class StaleRecordRow(SQLModel, table=True):
    """Written in the transaction that inserted or changed the record; taken by who derives."""

    __tablename__ = "stale_record"
    __table_args__ = {"sqlite_with_rowid": False}

    table_name: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True, max_length=18)


def take_stale(session: Session, *, at_most: int | None = None) -> dict[str, set[str]]:
    """Empty the list and return it, as ids by table.

    ``at_most`` is of each table of ``IN_MILLIONS``.

    Call it before reading the mirror, in the transaction that derives. A record that changes
    meanwhile waits for that transaction and is then listed anew; had it been read first and
    deleted last, the change would be forgotten. A rollback lists everything again.
    """
    row: Any = StaleRecordRow
    ids: dict[str, set[str]] = defaultdict(set)
    if at_most is None:
        wanted: list[Any] = [true()]
    else:
        wanted = [row.table_name.not_in(IN_MILLIONS)]
        for table in IN_MILLIONS:
            of_table = select(row.record_id).where(row.table_name == table)
            some = of_table.order_by(row.record_id).limit(at_most)
            wanted.append(and_(row.table_name == table, row.record_id.in_(some)))
    for which in wanted:
        taken = delete(row).where(which).returning(row.table_name, row.record_id)
        for table_name, record_id in session.connection().execute(taken):
            ids[table_name].add(record_id)
    return ids
