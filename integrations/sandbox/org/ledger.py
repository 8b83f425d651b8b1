"""Where every part of the generator writes down what happened."""

from collections.abc import Mapping
from datetime import datetime

from integrations.sandbox.changes import Change
from integrations.sandbox.org.ids import IdSource


class Ledger:
    """Collects changes in the order of writing; a parent is written before its children."""

    def __init__(self) -> None:
        self._ids = IdSource()
        self._changes: list[Change] = []

    def reserve(self, sobject: str) -> str:
        """An id for a record that is going to be written later."""
        return self._ids.draw(sobject)

    def create(
        self,
        sobject: str,
        at: datetime,
        fields: Mapping[str, object],
        *,
        by: str | None = None,
        id: str | None = None,  # noqa: A002 - the field is called Id on every Salesforce object
    ) -> str:
        """Write that a record came to be at ``at``, made by the user ``by``, and return its id."""
        record = id or self._ids.draw(sobject)
        made = {"CreatedById": by, **fields} if by else fields
        self._changes.append(Change(at=at, sobject=sobject, id=record, fields=made))
        return record

    def set(self, sobject: str, record: str, at: datetime, fields: Mapping[str, object]) -> None:
        self._changes.append(Change(at=at, sobject=sobject, id=record, fields=fields))

    def delete(self, sobject: str, record: str, at: datetime) -> None:
        self._changes.append(Change(at=at, sobject=sobject, id=record, is_deletion=True))

    def in_order(self, until: datetime) -> tuple[Change, ...]:
        """The changes before an instant; those of one instant stay in the order of writing."""
        kept = (change for change in self._changes if change.at < until)
        return tuple(sorted(kept, key=lambda change: change.at))
