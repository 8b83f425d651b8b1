"""What a Salesforce object looks like to us: which of its fields fill which mirror columns."""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import itemgetter

from bot.ports import MirrorBatch, MirrorRow
from integrations.salesforce import objects
from integrations.salesforce.parsing import CLEAN, Parser
from integrations.salesforce.unusable import Unusable

#: Where an object has no SystemModstamp, what comes closest to one.
CURSORS = ("SystemModstamp", "LastModifiedDate", "CreatedDate")
TEXTS = frozenset({str, bool, type(None)})

#: The field of a column that only app.yaml can say.
UNMAPPED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    name: str
    #: The field's API name.
    field: str
    parse: Parser
    #: A record is of no use without it, and neither is an object.
    is_required: bool = False
    #: Its values change while the record keeps its stamp, as those of formula fields do.
    is_unstamped: bool = False


def column(name: str, field: str, parse: Parser) -> Column:
    return Column(name=name, field=field, parse=parse)


def unstamped(name: str, field: str, parse: Parser) -> Column:
    return Column(name=name, field=field, parse=parse, is_unstamped=True)


def required(name: str, field: str, parse: Parser) -> Column:
    return Column(name=name, field=field, parse=parse, is_required=True)


def _unchanged(row: dict[str, object]) -> dict[str, object]:
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmObject:
    #: The mirror table it fills.
    table: str
    sobject: str
    columns: tuple[Column, ...]
    #: The field that says when a record last changed, in whole seconds.
    cursor: str = "SystemModstamp"
    #: Orgs may lack it, or keep it from the integration user, and we can do without.
    is_optional: bool = False
    #: A field and its value: we have no use for other records.
    only: tuple[str, str] | None = None
    #: Lower ranks are pulled first.
    rank: int = 1
    #: Fills columns that no single field holds.
    complete: Callable[[dict[str, object]], dict[str, object]] = _unchanged
    #: Where values that cannot be mirrored are remembered.
    unusable: Unusable | None = field(default=None, compare=False, repr=False)

    def fitted(self, fields: Collection[str], calculated: Collection[str] = ()) -> "Fitted":
        """This object cut down to the fields that there are, of which some are formulas."""
        cursor = next((each for each in (self.cursor, *CURSORS) if each in fields), self.cursor)
        columns = tuple(
            replace(
                each,
                field=cursor if each.field == self.cursor else each.field,
                is_unstamped=each.is_unstamped or each.field in calculated,
            )
            for each in self.columns
        )
        return Fitted(
            crm_object=replace(
                self,
                cursor=cursor,
                columns=tuple(each for each in columns if each.field in fields),
            ),
            missing=tuple(each.name for each in columns if each.field not in fields),
            lacking=tuple(
                each.field for each in columns if each.is_required and each.field not in fields
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    crm_object: CrmObject
    #: Mirror columns that nothing fills.
    missing: tuple[str, ...]
    #: Required fields that are not there; while there are any, the object cannot be read.
    lacking: tuple[str, ...]


class UnusableRecord(ValueError):
    """A record with a value that its mirror column cannot hold, or without one it needs."""

    def __init__(self, column: Column, reason: str) -> None:
        super().__init__(f"{column.field}: {reason}")
        self.column = column
        self.reason = reason


def mirror(crm_object: CrmObject, record: Mapping[str, object]) -> dict[str, object]:
    """One record as a mirror row. Raises UnusableRecord."""
    row: dict[str, object] = {}
    for each in crm_object.columns:
        try:
            value = each.parse(record.get(each.field))
        except ValueError as error:
            raise UnusableRecord(each, str(error)) from error
        if value is None and each.is_required:
            raise UnusableRecord(each, "is empty")
        row[each.name] = value
    return crm_object.complete(row)


def mirrored(crm_object: CrmObject, records: Sequence[Mapping[str, object]]) -> Sequence[MirrorRow]:
    """The records as mirror rows, aloud where that cannot be.

    A value that its column cannot hold is empty; a record that needs it is left out.
    """
    rows = mirrored_columns(crm_object, _by_field(crm_object, records))
    return _one_by_one(crm_object, records) if rows is None else rows


def _by_field(
    crm_object: CrmObject, records: Sequence[Mapping[str, object]]
) -> Mapping[str, Sequence[object]]:
    fields = list(dict.fromkeys(each.field for each in crm_object.columns))
    if len(fields) > 1 and records:
        # Nearly always all of them are there, and then they are taken in one go.
        with suppress(KeyError):
            return dict(
                zip(fields, zip(*map(itemgetter(*fields), records), strict=True), strict=True)
            )
    return {field: [record.get(field) for record in records] for field in fields}


def mirrored_columns(
    crm_object: CrmObject, columns: Mapping[str, Sequence[object]]
) -> Sequence[MirrorRow] | None:
    """Records, given as the values of each field, as mirror rows; None where one is unusable.

    A column at a time is several times as fast as a record at a time, and this is where a pull
    spends its life.
    """
    parsed: dict[str, Sequence[object]] = {}
    known: dict[Parser, dict[object, object]] = {each.parse: {} for each in crm_object.columns}
    for each in crm_object.columns:
        try:
            values = _parsed(each.parse, columns[each.field], known[each.parse])
        except ValueError:
            return None
        if each.is_required and None in values:
            return None
        parsed[each.name] = values
    batch = MirrorBatch(parsed)
    if crm_object.complete is _unchanged:
        return batch
    try:
        return [crm_object.complete(dict(row)) for row in batch]
    except UnusableRecord:
        return None


def _parsed(
    parse: Parser, values: Sequence[object], known: dict[object, object]
) -> Sequence[object]:
    """``known`` is what the parser made of texts before: records repeat days, people and deals."""
    if parse in CLEAN and (clean := CLEAN[parse](values)) is not None:
        return clean
    if not set(map(type, values)) <= TEXTS:
        # 1, 1.0 and True are one key of a dictionary, and are not always parsed alike.
        return [parse(value) for value in values]
    for value in set(values) - known.keys():
        known[value] = parse(value)
    return [known[value] for value in values]


def _one_by_one(
    crm_object: CrmObject, records: Sequence[Mapping[str, object]]
) -> list[dict[str, object]]:
    rows = (_usable(crm_object, record) for record in records)
    return [row for row in rows if row is not None]


def _usable(crm_object: CrmObject, record: Mapping[str, object]) -> dict[str, object] | None:
    """Without the values that cannot be read; None where one of them is needed."""
    for _ in crm_object.columns:
        try:
            return mirror(crm_object, record)
        except UnusableRecord as error:
            lacking, is_left_out = error.column.field, error.column.is_required
            known = crm_object.unusable or Unusable(crm_object.sobject)
            known.note(lacking, error.reason, record.get("Id"), is_left_out=is_left_out)
            if is_left_out:
                return None
            record = {**record, lacking: None}
    return None


def soql(
    crm_object: CrmObject,
    fields: Sequence[str],
    *,
    since: datetime | None,
    until: datetime,
) -> str:
    """Select everything stamped at or after ``since`` and before ``until``, oldest first.

    "At or after", because stamps are whole seconds: a strict ``>`` would lose a record saved later
    in the very second the last pull ended. Reading a second twice is harmless.
    """
    cursor = crm_object.cursor
    return (
        f"SELECT {', '.join(fields)} FROM {crm_object.sobject} "  # noqa: S608 -- our own names, no input
        f"WHERE {stamped(crm_object, since=since, until=until)} ORDER BY {cursor}, Id"
    )


def stamped(crm_object: CrmObject, *, since: datetime | None, until: datetime) -> str:
    cursor = crm_object.cursor
    conditions = [f"{cursor} < {soql_instant(until)}"]
    if since is not None:
        conditions.insert(0, f"{cursor} >= {soql_instant(since)}")
    return " AND ".join((*conditions, *only_these(crm_object)))


def only_these(crm_object: CrmObject) -> tuple[str, ...]:
    """The condition for records that we have a use for; none where it is all of them."""
    return () if crm_object.only is None else ("{} = '{}'".format(*crm_object.only),)


def soql_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_fields(
    objects: Mapping[str, CrmObject], fields: Mapping[str, str]
) -> dict[str, CrmObject]:
    """The same objects, some columns ("TABLE.COLUMN") of which other fields fill."""
    return {
        table: replace(
            each,
            columns=tuple(
                replace(column, field=fields.get(f"{table}.{column.name}", column.field))
                for column in each.columns
            ),
        )
        for table, each in objects.items()
    }


def load_objects() -> dict[str, CrmObject]:
    """Every ``OBJECT`` in ``integrations/salesforce/objects`` by its mirror table, people first."""
    found: list[CrmObject] = []
    for module in pkgutil.iter_modules(objects.__path__):
        loaded = importlib.import_module(f"{objects.__name__}.{module.name}")
        found.append(loaded.OBJECT)
    found.sort(key=lambda each: (each.rank, each.table))
    return {each.table: each for each in found}
