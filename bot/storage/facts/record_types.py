"""Which record type has which names, so that app.yaml may say either."""

from collections.abc import Mapping

from sqlmodel import Session, select

from bot.storage.mirror.setup import RecordTypeRow


def read_record_types(session: Session) -> Mapping[str, frozenset[str]]:
    """Id → what it is called: its label, its developer name and its id."""
    return {
        row.id: frozenset(filter(None, (row.name, row.developer_name, row.id)))
        for row in session.exec(select(RecordTypeRow))
    }
