"""The records that follow from changes, as they stand at an instant."""

from collections.abc import Iterable
from datetime import datetime

from integrations.sandbox.changes import Change

#: Field values by API name, the audit fields among them.
Row = dict[str, object]


def replay(changes: Iterable[Change], as_of: datetime) -> dict[str, dict[str, Row]]:
    """Rows by object and id after all changes up to ``as_of``; the changes come in order.

    Deleted records stay, with ``IsDeleted`` true, as in the recycle bin.
    """
    tables: dict[str, dict[str, Row]] = {}
    for change in changes:
        if change.at > as_of:
            break
        rows = tables.setdefault(change.sobject, {})
        row = rows.setdefault(change.id, {"Id": change.id, "CreatedDate": change.at})
        row.update(change.fields)
        row["IsDeleted"] = change.is_deletion
        row["LastModifiedDate"] = row["SystemModstamp"] = change.at
    return tables
