"""Deeds on several records at once: merge twins into one, convert a lead into a customer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.salesforce.database import quoted
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.values import Stored
from integrations.sandbox.salesforce.writing import create, delete, find_record, update

MERGED = frozenset({"Account", "Contact", "Lead", "Case"})
MOST_MERGED = 2
MASTER = "MasterRecordId"
#: How far ahead a converted lead's opportunity closes.
SALES_TIME = timedelta(days=90)


def merge(
    instance: Instance,
    sobject: SObject,
    fields: Mapping[str, Any],
    others: list[str],
    *,
    now: datetime,
) -> list[str]:
    """Twins go to the bin, and what hung on them hangs on the master: the ids of the latter.

    Raises ApiError, and then nothing has happened.
    """
    values = dict(fields)
    master_id = long_id(str(values.pop("Id", "")))
    if sobject.name not in MERGED:
        raise ApiError(400, "INVALID_TYPE", f"{sobject.name} records cannot be merged")
    if not others or len(others) > MOST_MERGED or master_id in map(long_id, others):
        raise ApiError(
            400, "INVALID_ID_FIELD", "merge takes one master and one or two other records"
        )
    moved: list[str] = []
    with instance.store.transaction():
        find_record(instance, sobject, master_id)
        if values:
            update(instance, sobject, master_id, values, now=now)
        for other in map(long_id, others):
            find_record(instance, sobject, other)
            moved += _moved(instance, sobject, other, master_id, now=now)
            delete(instance, sobject, other, now=now)
            if sobject.field(MASTER):
                instance.store.put(sobject, other, {MASTER: master_id}, at=now)
    return moved


def _moved(
    instance: Instance, sobject: SObject, old: str, new: str, *, now: datetime
) -> Iterator[str]:
    """Everything that points to the old record points to the new one."""
    for child in instance.store.schema.objects.values():
        links = [
            each.column
            for each in child.fields
            if sobject.name in each.targets and each.name != MASTER
        ]
        for link in links:
            found = instance.store.database.rows(
                f"SELECT Id FROM {quoted(child.name)} WHERE {quoted(link)} = ?",  # noqa: S608 -- names come from the schema
                (old,),
            )
            for (record_id,) in found:
                instance.store.put(child, str(record_id), {link: new}, at=now)
                yield str(record_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What a client asks to become of a lead; empty texts stand for new records."""

    lead_id: str
    status: str
    account_id: str = ""
    contact_id: str = ""
    owner_id: str = ""
    opportunity_name: str = ""
    has_opportunity: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    account_id: str
    contact_id: str
    opportunity_id: str | None


def convert(instance: Instance, asked: Conversion, *, now: datetime) -> Converted:
    """Raises ApiError, and then nothing has happened."""
    leads = instance.store.schema.objects["Lead"]
    lead = find_record(instance, leads, asked.lead_id)
    if lead.get("IsConverted"):
        raise ApiError(400, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    with instance.store.transaction():
        converted = _made(instance, asked, lead, now=now)
        values: dict[str, Stored] = {
            "IsConverted": 1,
            "ConvertedDate": now.date().isoformat(),
            "ConvertedAccountId": converted.account_id,
            "ConvertedContactId": converted.contact_id,
            "ConvertedOpportunityId": converted.opportunity_id,
        }
        if asked.status:
            values["Status"] = asked.status
        instance.store.put(leads, str(lead["Id"]), values, at=now)
        for name in ("Task", "Event"):
            _follow(instance, name, str(lead["Id"]), converted, now=now)
    return converted


def _made(
    instance: Instance, asked: Conversion, lead: Mapping[str, Stored], *, now: datetime
) -> Converted:
    objects = instance.schema.objects
    owner = {"OwnerId": asked.owner_id or lead.get("OwnerId")}
    account, contact, opportunity = long_id(asked.account_id), long_id(asked.contact_id), None
    if not account:
        fields = {"Name": lead.get("Company"), **owner}
        account = create(instance, objects["Account"], fields, now=now)
    else:
        find_record(instance, objects["Account"], account)
    if not contact:
        names = ("FirstName", "LastName", "Title", "Phone", "MobilePhone", "Email", "LeadSource")
        fields = {name: lead[name] for name in names if lead.get(name) is not None}
        known = {**fields, **owner, "AccountId": account}
        contact = create(instance, objects["Contact"], known, now=now)
    if asked.has_opportunity:
        stages = iter(instance.store.stages.values())
        opportunity = create(
            instance,
            objects["Opportunity"],
            {
                "Name": asked.opportunity_name or f"{lead.get('Company')}-",
                "AccountId": account,
                "StageName": next(stages).name,
                "CloseDate": (now + SALES_TIME).date().isoformat(),
                **owner,
            },
            now=now,
        )
    return Converted(account_id=account, contact_id=contact, opportunity_id=opportunity)


def _follow(
    instance: Instance, name: str, lead_id: str, converted: Converted, *, now: datetime
) -> None:
    """Activities with the lead are with the contact from now on, and about the new deal."""
    sobject = instance.store.schema.find(name)
    if sobject is None or sobject.field("WhoId") is None:
        return
    about: dict[str, Stored] = {"WhoId": converted.contact_id}
    if sobject.field("WhatId"):
        about["WhatId"] = converted.opportunity_id or converted.account_id
    found = instance.store.database.rows(
        f"SELECT Id FROM {quoted(name)} WHERE WhoId = ?",  # noqa: S608 -- the name comes from the schema
        (lead_id,),
    )
    for (record_id,) in found:
        instance.store.put(sobject, str(record_id), about, at=now)
