"""Which metrics the CRM cannot support, because it lacks or hides what they need."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from bot.domain.ids import MetricKey
from bot.metrics.definition import Definition, needs
from bot.storage.cursors import CursorRow

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

    cursors: Mapping[str, CursorRow]

    @classmethod
    def read(cls, session: Session) -> "Available":
        return cls({row.table_name: row for row in session.exec(select(CursorRow))})

    def has(self, table: str, column: str) -> bool:
        """Whether a mirror column can be relied upon; before the first pull all may still come.

        "COLUMN values" asks whether the values that settings name are still on its picklist.
        """
        if not self.cursors:
            return True
        cursor = self.cursors.get(table)
        return (
            cursor is not None
            and not cursor.is_unavailable
            and column not in cursor.missing_columns
            and column.removesuffix(VALUES) not in _lost(cursor, column)
        )


def _lost(cursor: CursorRow, column: str) -> Collection[str]:
    return cursor.lost_values if column.endswith(VALUES) else ()
