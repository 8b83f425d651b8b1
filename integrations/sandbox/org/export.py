"""The organisation as a folder of CSV files, as Salesforce's Data Export Service writes them."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from integrations.sandbox.changes import Change
from integrations.sandbox.org.generator import Org

AUDIT_COLUMNS = ("IsDeleted", "CreatedDate", "LastModifiedDate", "SystemModstamp")


@dataclass(slots=True, kw_only=True)
class _Table:
    #: In the order in which they were first named; a dictionary keeps that order.
    columns: dict[str, None] = field(default_factory=dict)
    rows: dict[str, dict[str, object]] = field(default_factory=dict)


def write_export(org: Org, folder: Path, as_of: datetime) -> Mapping[str, int]:
    """Write one file per object, as the records stood at ``as_of``; returns rows per object.

    Deleted records are written too, marked so. The folder is made when it is missing.
    """
    tables = _replay(org.changes, as_of)
    folder.mkdir(parents=True, exist_ok=True)
    for sobject, table in tables.items():
        columns = ("Id", *table.columns, *AUDIT_COLUMNS)
        with (folder / f"{sobject}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(columns)
            for record, row in table.rows.items():
                writer.writerow((record, *(written(row.get(name)) for name in columns[1:])))
    return {sobject: len(table.rows) for sobject, table in tables.items()}


def written(value: object) -> str:
    """A value as it stands in an export: "1" for true, instants in UTC with milliseconds."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def _replay(changes: Iterable[Change], as_of: datetime) -> Mapping[str, _Table]:
    tables: dict[str, _Table] = {}
    for change in changes:
        if change.at > as_of:
            break
        table = tables.setdefault(change.sobject, _Table())
        row = table.rows.setdefault(change.id, {"CreatedDate": change.at, "IsDeleted": False})
        row.update(change.fields)
        row["LastModifiedDate"] = row["SystemModstamp"] = change.at
        row["IsDeleted"] = change.is_deletion
        for name in change.fields:
            if name not in AUDIT_COLUMNS:
                table.columns[name] = None
    return tables
