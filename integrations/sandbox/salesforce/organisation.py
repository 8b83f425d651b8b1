"""Which objects, fields and settings an organisation has, given what it is made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from integrations.sandbox.changes import Change
from integrations.sandbox.salesforce.derived import STANDARD_STAGES, Stage, ordered
from integrations.sandbox.salesforce.export_folder import ExportFile
from integrations.sandbox.salesforce.ids import IdMinter
from integrations.sandbox.salesforce.schema import Field, Schema, SObject, standard_objects
from integrations.sandbox.salesforce.values import Stored

if TYPE_CHECKING:  # the store is built by functions of this module
    from integrations.sandbox.salesforce.store import Store

#: These exist only in organisations that turned a feature on.
FEATURE_FIELDS = frozenset(
    {"CurrencyIsoCode", "DefaultCurrencyIsoCode", "IsPersonAccount", "RecordTypeId"}
)
SYSTEM_FIELDS = ("Id", "IsDeleted", "CreatedDate", "LastModifiedDate", "SystemModstamp")
ORGANIZATION_NAME = "Pacesetter Sandbox"
CUSTOM_TEXT_LENGTH = 255


def schema_for_changes(changes: Iterable[Change]) -> Schema:
    """Every usual object in full, plus whatever else the changes speak of."""
    seen: dict[str, dict[str, object]] = {}
    for change in changes:
        fields = seen.setdefault(change.sobject, {})
        for name, value in change.fields.items():
            if fields.get(name) is None:
                fields[name] = value
    standard = standard_objects()
    objects = {
        name: _without_features(entry.sobject, seen.get(name, {}))
        for name, entry in standard.items()
        if entry.always or name in seen
    }
    number = 0
    for name, fields in seen.items():
        if name not in objects:
            objects[name] = SObject(
                name=name,
                label=name.removesuffix("__c").replace("_", " "),
                prefix=f"a{number:02d}",
                fields=_system_fields(standard["Account"].sobject),
            )
            number += 1
        objects[name] = _with_fields(objects[name], fields)
    return Schema(objects.values())


def _without_features(sobject: SObject, seen: Mapping[str, object]) -> SObject:
    kept = tuple(
        field for field in sobject.fields if field.name not in FEATURE_FIELDS or field.name in seen
    )
    return replace(sobject, fields=kept)


def _system_fields(model: SObject) -> tuple[Field, ...]:
    return tuple(field for field in model.fields if field.name in SYSTEM_FIELDS)


def _with_fields(sobject: SObject, seen: Mapping[str, object]) -> SObject:
    extra = tuple(
        _field_for(name, value) for name, value in seen.items() if sobject.field(name) is None
    )
    return replace(sobject, fields=sobject.fields + extra)


def _field_for(name: str, value: object) -> Field:
    kind = "string"
    # The order matters: a bool is an int and a datetime is a date.
    for python_type, kind_of_type in (
        (bool, "boolean"),
        (datetime, "datetime"),
        (date, "date"),
        (int | float | Decimal, "double"),
    ):
        if isinstance(value, python_type):
            kind = kind_of_type
            break
    return Field(
        name=name,
        kind=kind,
        length=CUSTOM_TEXT_LENGTH if kind == "string" else 0,
        custom=name.endswith("__c"),
        external_id="external" in name.lower(),
    )


ACTIVITIES = frozenset({"Task", "Event"})


def schema_for_files(files: Sequence[ExportFile]) -> Schema:
    """Only what the files hold, system fields, and empty usual objects whose file is absent.

    Without their files, activities are not there at all: none were exported, which is not to say
    that there were none.
    """
    standard = standard_objects()
    objects: dict[str, SObject] = {}
    for file in files:
        entry = standard.get(file.sobject.name)
        model = entry.sobject if entry else standard["Account"].sobject
        absent = tuple(
            field for field in _system_fields(model) if file.sobject.field(field.name) is None
        )
        objects[file.sobject.name] = replace(file.sobject, fields=file.sobject.fields + absent)
    for name, entry in standard.items():
        if entry.always and name not in objects and name not in ACTIVITIES:
            objects[name] = _without_features(entry.sobject, {})
    return Schema(objects.values())


def add_organization(store: "Store") -> None:
    """The one row that every organisation has about itself."""
    sobject = store.schema.objects["Organization"]
    values: dict[str, Stored] = {
        "Name": ORGANIZATION_NAME,
        "TimeZoneSidKey": "America/Los_Angeles",
        "DefaultLocaleSidKey": "en_US",
        "LanguageLocaleKey": "en_US",
        "FiscalYearStartMonth": 1,
        "OrganizationType": "Enterprise Edition",
        "IsSandbox": 1,
        "InstanceName": "SBX1",
    }
    store.put(sobject, organization_id(), values, at=store.clock.now())


def organization_id() -> str:
    return IdMinter().mint("00D")


def add_stages(store: "Store", changes: Iterable[Change]) -> None:
    """Fill OpportunityStage from what opportunities show, unless it is given, and learn it."""
    sobject = store.schema.objects["OpportunityStage"]
    given = (*_stored_stages(store), *_changed_stages(changes))
    stages = given or _shown_stages(store, changes)
    store.stages = {stage.name.lower(): stage for stage in stages}
    if given:
        return
    for number, stage in enumerate(stages, start=1):
        values: dict[str, Stored] = {
            "MasterLabel": stage.name,
            "ApiName": stage.name,
            "IsActive": 1,
            "SortOrder": number,
            "IsClosed": int(stage.is_closed),
            "IsWon": int(stage.is_won),
            "ForecastCategory": stage.forecast_category,
            "ForecastCategoryName": stage.forecast_label,
            "DefaultProbability": stage.probability,
        }
        record_id = store.minter.mint(sobject.prefix)
        store.put(sobject, record_id, values, at=store.clock.now())


def _stored_stages(store: "Store") -> tuple[Stage, ...]:
    sobject = store.schema.objects["OpportunityStage"]
    ids = [str(row[0]) for row in store.database.rows("SELECT Id FROM OpportunityStage")]
    return tuple(_stage(store.record(sobject, record_id) or {}) for record_id in ids)


def _changed_stages(changes: Iterable[Change]) -> tuple[Stage, ...]:
    return tuple(
        _stage(change.fields) for change in changes if change.sobject == "OpportunityStage"
    )


def _stage(record: Mapping[str, object]) -> Stage:
    """A stage as far as its record tells."""
    return Stage(
        name=str(record.get("ApiName") or record.get("MasterLabel") or ""),
        is_closed=bool(record.get("IsClosed")),
        is_won=bool(record.get("IsWon")),
        forecast_category=str(record.get("ForecastCategory") or "Pipeline"),
        probability=float(str(record.get("DefaultProbability") or 0)),
    )


def _shown_stages(store: "Store", changes: Iterable[Change]) -> tuple[Stage, ...]:
    shown: dict[str, Stage] = {}
    for fields in (*_stored_opportunities(store), *_changed_opportunities(changes)):
        name = str(fields["StageName"])
        standard = next((stage for stage in STANDARD_STAGES if stage.name == name), None)
        probability = fields.get("Probability")
        default = standard.probability if standard else 0
        percent = float(str(probability)) if probability is not None else default
        won = bool(fields.get("IsWon", standard.is_won if standard else percent == 100))  # noqa: PLR2004 -- percent
        closed = bool(fields.get("IsClosed", standard.is_closed if standard else won))
        category = fields.get("ForecastCategory") or (
            standard.forecast_category if standard else _category(closed=closed, won=won)
        )
        shown.setdefault(
            name,
            Stage(
                name=name,
                is_closed=closed,
                is_won=won,
                forecast_category=str(category),
                probability=percent,
            ),
        )
    return ordered(shown.values()) if shown else STANDARD_STAGES


def _category(*, closed: bool, won: bool) -> str:
    if not closed:
        return "Pipeline"
    return "Closed" if won else "Omitted"


def _changed_opportunities(changes: Iterable[Change]) -> list[Mapping[str, object]]:
    return [
        change.fields
        for change in changes
        if change.sobject == "Opportunity" and change.fields.get("StageName")
    ]


def _stored_opportunities(store: "Store") -> list[Mapping[str, object]]:
    sobject = store.schema.objects["Opportunity"]
    if sobject.field("StageName") is None:
        return []
    names = [
        name
        for name in ("StageName", "IsClosed", "IsWon", "ForecastCategory", "Probability")
        if sobject.field(name)
    ]
    columns = ", ".join(names)
    rows = store.database.rows(
        f"SELECT {columns}, COUNT(*) FROM Opportunity WHERE StageName IS NOT NULL "  # noqa: S608 -- names come from the schema
        f"GROUP BY {columns} ORDER BY COUNT(*) DESC"
    )
    return [dict(zip(names, row[:-1], strict=True)) for row in rows]
