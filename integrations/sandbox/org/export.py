"""The organisation as a folder of CSV files, as Salesforce's Data Export Service writes them."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from integrations.sandbox.org.generator import Org
from integrations.sandbox.org.replay import replay

AUDIT_COLUMNS = ("IsDeleted", "CreatedDate", "LastModifiedDate", "SystemModstamp")


def write_export(org: Org, folder: Path, as_of: datetime) -> Mapping[str, int]:
    """Write one file per object, as the records stood at ``as_of``; returns rows per object.

    Deleted records are written too, marked so. The folder is made when it is missing.
    """
    tables = replay(org.changes, as_of)
    folder.mkdir(parents=True, exist_ok=True)
    for sobject, rows in tables.items():
        # A dictionary, not a set: it keeps the order in which the columns were first named.
        named = dict.fromkeys(name for row in rows.values() for name in row)
        fields = [name for name in named if name not in ("Id", *AUDIT_COLUMNS)]
        columns = ("Id", *fields, *AUDIT_COLUMNS)
        with (folder / f"{sobject}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(columns)
            for row in rows.values():
                writer.writerow(written(row.get(name)) for name in columns)
    return {sobject: len(rows) for sobject, rows in tables.items()}


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
