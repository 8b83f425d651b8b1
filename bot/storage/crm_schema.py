"""What the CRM said of its fields the last time, to notice what was renamed or changed since."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import Field, Session, SQLModel

from bot.ports import CrmField
from bot.storage.columns import json_column


class CrmSchemaRow(SQLModel, table=True):
    """The fields of the object behind one mirror table."""

    __tablename__ = "crm_schema"

    table_name: str = Field(primary_key=True)
    #: Field → what was said of it.
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())
    #: Mirror column → its field, for those that had one.
    filled_by: dict[str, str] = Field(default_factory=dict, sa_type=json_column())
    #: Mirror column → the field that seems to have taken the place of the one that is gone.
    renamed: dict[str, str] = Field(default_factory=dict, sa_type=json_column())
    #: Mirror column → values that were once on its picklist.
    known_values: dict[str, list[str]] = Field(default_factory=dict, sa_type=json_column())


def note_schema(
    session: Session, table: str, fields: Sequence[CrmField], *, missing: Collection[str]
) -> CrmSchemaRow:
    """Remember the fields as they are now; of those that are gone, what may have become of them."""
    now = {each.name: {"label": each.label, "kind": each.kind} for each in fields}
    row = session.get(CrmSchemaRow, table) or CrmSchemaRow(table_name=table, fields=now)
    filled = {each.column: each.name for each in fields if each.column}
    row.renamed = {
        **{column: name for column, name in row.renamed.items() if column in missing},
        **_renamed(row, now, missing),
    }
    row.filled_by = {**row.filled_by, **filled}
    row.known_values = {
        **row.known_values,
        **{
            each.column: sorted({*row.known_values.get(each.column, ()), *each.values})
            for each in fields
            if each.column and each.values is not None
        },
    }
    row.fields = now
    session.add(row)
    return row


def _renamed(
    row: CrmSchemaRow, now: Mapping[str, Mapping[str, str]], missing: Collection[str]
) -> Mapping[str, str]:
    """A field that is new since one went is taken for its successor when it looks like it."""
    new = {name: said for name, said in now.items() if name not in row.fields}
    found = {}
    for column, name in row.filled_by.items():
        before = row.fields.get(name)
        if column not in missing or before is None or name in now:
            continue
        alike = [each for each, said in new.items() if said["kind"] == before["kind"]]
        same_label = [each for each in alike if new[each]["label"] == before["label"]]
        likely = same_label or alike
        if len(likely) == 1:
            found[column] = likely[0]
    return found


def lost_values(
    row: CrmSchemaRow, fields: Sequence[CrmField], relied_on: Mapping[str, Collection[str]]
) -> Mapping[str, list[str]]:
    """Column → values that we rely on, and that were on its picklist but are no longer."""
    found: dict[str, list[str]] = {}
    for each in fields:
        column, values = each.column or "", each.values
        known = row.known_values.get(column, ())
        gone = {*relied_on.get(column, ())} & {*known} - {*(known if values is None else values)}
        if gone:
            found[column] = sorted(gone)
    return found
