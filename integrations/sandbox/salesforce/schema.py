"""Objects and fields of the simulated organisation: what describe tells and SOQL is checked by."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import resources

TEXT_TYPES = frozenset(
    {"string", "textarea", "picklist", "multipicklist", "email", "phone", "url", "combobox",
     "idtext", "address", "anyType"}
)  # fmt: skip
NUMBER_TYPES = frozenset({"int", "double", "currency", "percent"})
ID_TYPES = frozenset({"id", "reference"})
#: Neither filtered, sorted nor grouped, nor read in bulk.
UNREADABLE = frozenset({"address", "base64"})
UNGROUPABLE = frozenset({"double", "currency", "percent", "datetime", "textarea", "multipicklist"})
#: A text area longer than this can be read but neither filtered, sorted nor grouped.
FILTERABLE_LENGTH = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field. ``kind`` is the type that describe shows, in Salesforce's own words."""

    name: str
    kind: str
    length: int = 0
    required: bool = False
    read_only: bool = False
    custom: bool = False
    external_id: bool = False
    #: Objects that a reference may point to; more than one makes it polymorphic.
    targets: tuple[str, ...] = ()
    #: The name under which a target lists the records that point to it.
    children: str | None = None
    #: What it was called before an admin renamed it; records are kept under that name.
    first_name: str = ""

    @property
    def column(self) -> str:
        return self.first_name or self.name

    @property
    def is_text(self) -> bool:
        return self.kind in TEXT_TYPES

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBER_TYPES

    @property
    def is_id(self) -> bool:
        return self.kind in ID_TYPES

    @property
    def is_filterable(self) -> bool:
        return self.kind not in UNREADABLE and not self.is_long

    @property
    def is_long(self) -> bool:
        return self.kind == "textarea" and self.length > FILTERABLE_LENGTH

    @property
    def is_groupable(self) -> bool:
        return self.is_filterable and self.kind not in UNGROUPABLE

    @property
    def parent_name(self) -> str | None:
        """``OwnerId`` is followed as ``Owner``, ``Partner__c`` as ``Partner__r``."""
        if self.kind != "reference":
            return None
        if self.name.endswith("__c"):
            return self.name[:-1] + "r"
        return self.name.removesuffix("Id")


@dataclass(frozen=True, kw_only=True)
class SObject:
    name: str
    label: str
    prefix: str
    fields: tuple[Field, ...]
    deletable: bool = True
    writable: bool = True
    #: Whether getUpdated and getDeleted know it.
    replicated: bool = True

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name.lower(): field for field in self.fields}

    @cached_property
    def _by_parent(self) -> dict[str, Field]:
        return {f.parent_name.lower(): f for f in self.fields if f.parent_name is not None}

    def field(self, name: str) -> Field | None:
        return self._by_name.get(name.lower())

    def parent_field(self, relationship: str) -> Field | None:
        return self._by_parent.get(relationship.lower())

    @property
    def has_deleted_rows(self) -> bool:
        return self.field("IsDeleted") is not None


class Schema:
    """All objects of the organisation; names are found whatever their case."""

    def __init__(self, objects: Iterable[SObject]) -> None:
        self.objects: Mapping[str, SObject] = {item.name: item for item in objects}
        self._by_name = {name.lower(): item for name, item in self.objects.items()}
        self._by_prefix = {item.prefix: item for item in self.objects.values()}

    def find(self, name: str) -> SObject | None:
        return self._by_name.get(name.lower())

    def by_prefix(self, prefix: str) -> SObject | None:
        return self._by_prefix.get(prefix)

    def children(self, parent: SObject, relationship: str) -> tuple[SObject, Field] | None:
        for child in self.objects.values():
            for field in child.fields:
                if (
                    field.children is not None
                    and field.children.lower() == relationship.lower()
                    and parent.name in field.targets
                ):
                    return child, field
        return None

    def seen(
        self,
        *,
        hidden: Iterable[tuple[str, str]] = (),
        renamed: Iterable[tuple[str, str, str]] = (),
    ) -> "Schema":
        """The same schema for a user without access to these (object, field) pairs.

        Fields of ``renamed`` (object, field, other name) have another name for everybody.
        """
        unseen = {(sobject.lower(), field.lower()) for sobject, field in hidden}
        names = {(sobject.lower(), field.lower()): name for sobject, field, name in renamed}
        return Schema(
            replace(
                item,
                fields=tuple(
                    _renamed(field, names.get((item.name.lower(), field.name.lower())))
                    for field in item.fields
                    if (item.name.lower(), field.name.lower()) not in unseen
                ),
            )
            for item in self.objects.values()
        )


def _renamed(field: Field, name: str | None) -> Field:
    return field if name is None else replace(field, name=name, first_name=field.name)


_FIELD = re.compile(
    r"(?P<name>\w+)(?:>(?P<targets>[\w,]+)|:(?P<kind>\w+))(?:\((?P<length>\d+)\))?"
    r"(?P<mark>[!~]?)(?:/(?P<children>\w+))?"
)
_STAMPS = {
    "all": "Id:id~ IsDeleted:boolean~ CreatedDate:datetime~ LastModifiedDate:datetime~ "
    "SystemModstamp:datetime~",
    "created": "Id:id~ IsDeleted:boolean~ CreatedDate:datetime~ SystemModstamp:datetime~",
    "history": "Id:id~ IsDeleted:boolean~ CreatedDate:datetime~",
}
_DEFAULT_LENGTHS = {"picklist": 255, "id": 18, "reference": 18, "idtext": 18}


def field_from(text: str) -> Field:
    """A field in the notation that standard_objects.toml explains."""
    match = _FIELD.fullmatch(text)
    if match is None:
        raise ValueError(f"standard_objects.toml: cannot read the field {text!r}")
    kind = match["kind"] or "reference"
    return Field(
        name=match["name"],
        kind=kind,
        length=int(match["length"] or _DEFAULT_LENGTHS.get(kind, 0)),
        required=match["mark"] == "!",
        read_only=match["mark"] == "~",
        targets=tuple(match["targets"].split(",")) if match["targets"] else (),
        children=match["children"],
    )


@dataclass(frozen=True, kw_only=True)
class StandardObject:
    sobject: SObject
    #: Whether every organisation has it, with or without records.
    always: bool


def standard_objects() -> Mapping[str, StandardObject]:
    """The objects that this Salesforce knows by name, whether or not the organisation has them."""
    source = resources.files(__package__).joinpath("standard_objects.toml")
    known: dict[str, StandardObject] = {}
    for name, entry in tomllib.loads(source.read_text(encoding="utf-8")).items():
        deletable = bool(entry.get("deletable", True))
        texts = (_STAMPS[entry.get("stamps", "all")] + " " + entry["fields"]).split()
        fields = tuple(
            field for field in map(field_from, texts) if deletable or field.name != "IsDeleted"
        )
        known[name] = StandardObject(
            sobject=SObject(
                name=name,
                label=entry["label"],
                prefix=entry["prefix"],
                fields=fields,
                deletable=deletable,
                writable=bool(entry.get("writable", True)),
                replicated=bool(entry.get("replicated", True)),
            ),
            always=bool(entry.get("always", False)),
        )
    return known
