"""Which metrics the CRM cannot support, because it lacks or hides what they need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from bot.domain.ids import MetricKey
from bot.metrics.definition import EMAILS, Definition, needs
from bot.storage.captured_email import find_captured_email
from bot.storage.cursors import CursorRow
from bot.storage.version import remembered

VALUES = " values"


def unavailable_metrics(
    session: Session, definitions: Iterable[Definition]
) -> Mapping[MetricKey, str]:
    """Metric → what is missing, as "table.column"; metrics that can be measured are not in it."""
    known = Available.read(session)
    found: dict[MetricKey, str] = {}
    for definition in definitions:
        missing = [pair for pair in sorted(needs(definition)) if not known.has(*pair)]
        if missing:
            found[definition.metric.key] = ", ".join(".".join(pair) for pair in missing)
    return found


@dataclass(frozen=True, slots=True)
class Available:
    """What the CRM gave us at the last pull."""

    #: Of each table that was pulled, the columns that are missing; None when all of it is.
    missing: Mapping[str, frozenset[str] | None]

    @classmethod
    def read(cls, session: Session) -> "Available":
        return remembered(session, "available", lambda: cls._read(session))

    @classmethod
    def _read(cls, session: Session) -> "Available":
        missing = {
            row.table_name: None if row.is_unavailable else _missing(row)
            for row in session.exec(select(CursorRow))
        }
        table, emails = EMAILS
        of_tasks = missing.get(table)
        if of_tasks is not None and find_captured_email(session) is not None:
            missing[table] = of_tasks | {emails}
        return cls(missing)

    def has(self, table: str, column: str) -> bool:
        """Whether a mirror column can be relied upon; before the first pull all may still come.

        "COLUMN values" asks whether the values that settings name are still on its picklist.
        """
        if not self.missing:
            return True
        missing = self.missing.get(table)
        return missing is not None and column not in missing


def _missing(cursor: CursorRow) -> frozenset[str]:
    lost = (f"{column}{VALUES}" for column in cursor.lost_values)
    return frozenset([*cursor.missing_columns, *lost])
