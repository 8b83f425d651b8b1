"""SOAP operations beyond reading and saving: what changed, the bin, merging, converting."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

from integrations.sandbox.salesforce import describe as described
from integrations.sandbox.salesforce import replication
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.merging import Conversion, convert, merge
from integrations.sandbox.salesforce.soap_elements import (
    Operation,
    errors,
    field_values,
    name_of,
    text,
    texts,
)
from integrations.sandbox.salesforce.values import instant_text
from integrations.sandbox.salesforce.wire import Call

MOST_RECORDS = 200


def soap_instant(stamp: object) -> str:
    return str(stamp).replace("+0000", "Z")


def _window(call: Call, body: ET.Element) -> tuple[Call, str]:
    query = {"start": text(body, "startDate"), "end": text(body, "endDate")}
    return replace(call, query=query), text(body, "sObjectType")


def _updated(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    told = replication.updated(instance, *_window(call, body), now=now).body
    ids = "".join(f"<ids>{each}</ids>" for each in told["ids"])
    covered = soap_instant(told["latestDateCovered"])
    return f"<result>{ids}<latestDateCovered>{covered}</latestDateCovered></result>"


def _deleted(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    told = replication.deleted(instance, *_window(call, body), now=now).body
    gone = "".join(
        f"<deletedRecords><deletedDate>{soap_instant(each['deletedDate'])}</deletedDate>"
        f"<id>{each['id']}</id></deletedRecords>"
        for each in told["deletedRecords"]
    )
    dates = "".join(
        f"<{name}>{soap_instant(told[name])}</{name}>"
        for name in ("earliestDateAvailable", "latestDateCovered")
    )
    return f"<result>{gone}{dates}</result>"


def _one_by_one(body: ET.Element, act: Callable[[str], None]) -> str:
    told = []
    for record_id in texts(body, "ids")[:MOST_RECORDS]:
        try:
            act(long_id(record_id))
        except ApiError as error:
            told.append(_failed(error))
        else:
            told.append(f"<result><id>{long_id(record_id)}</id><success>true</success></result>")
    return "".join(told)


def _failed(error: ApiError) -> str:
    return f'<result>{errors(error)}<id xsi:nil="true"/><success>false</success></result>'


def _undeleted(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del call

    def restore(record_id: str) -> None:
        sobject = instance.schema.by_prefix(record_id[:3])
        if (
            sobject is None
            or not sobject.has_deleted_rows
            or not instance.store.undelete(sobject, record_id, at=now)
        ):
            raise ApiError(400, "UNDELETE_FAILED", "Entity is not in the recycle bin")

    return _one_by_one(body, restore)


def _emptied(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del call

    def destroy(record_id: str) -> None:
        sobject = instance.schema.by_prefix(record_id[:3])
        record = sobject and instance.store.record(sobject, record_id)
        if sobject is None or not record or not record.get("IsDeleted"):
            raise ApiError(400, "INVALID_ID_FIELD", f"Invalid record id: {record_id}")
        instance.store.delete(sobject, record_id, at=now, hard=True)

    return _one_by_one(body, destroy)


def _merged(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del call
    told = []
    for request in body:
        # Its name is "request", though not to all clients.
        master = next((each for each in request if name_of(each) == "masterRecord"), request)
        others = texts(request, "recordToMergeIds")
        fields = dict(field_values(master))
        try:
            sobject = described.sobject_named(instance, text(master, "type"))
            moved = merge(instance, sobject, fields, others, now=now)
        except ApiError as error:
            told.append(_failed(error))
            continue
        told.append(
            f"<result><id>{long_id(str(fields['Id']))}</id>"
            + "".join(f"<mergedRecordIds>{long_id(each)}</mergedRecordIds>" for each in others)
            + "<success>true</success>"
            + "".join(f"<updatedRelatedIds>{each}</updatedRelatedIds>" for each in moved)
            + "</result>"
        )
    return "".join(told)


def _converted(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del call
    told = []
    for each in [each for each in body if name_of(each) == "leadConverts"]:
        asked = Conversion(
            lead_id=text(each, "leadId"),
            status=text(each, "convertedStatus"),
            account_id=text(each, "accountId"),
            contact_id=text(each, "contactId"),
            owner_id=text(each, "ownerId"),
            opportunity_name=text(each, "opportunityName"),
            has_opportunity=text(each, "doNotCreateOpportunity").lower() not in {"true", "1"},
        )
        nil = ' xsi:nil="true"'
        try:
            made = convert(instance, asked, now=now)
        except ApiError as error:
            ids = f"<accountId{nil}/><contactId{nil}/>{errors(error)}"
            ids += f"<leadId>{asked.lead_id}</leadId><opportunityId{nil}/>"
            told.append(f"<result>{ids}<success>false</success></result>")
            continue
        deal = made.opportunity_id
        told.append(
            f"<result><accountId>{made.account_id}</accountId>"
            f"<contactId>{made.contact_id}</contactId><leadId>{long_id(asked.lead_id)}</leadId>"
            + (f"<opportunityId>{deal}</opportunityId>" if deal else f"<opportunityId{nil}/>")
            + "<success>true</success></result>"
        )
    return "".join(told)


def _timestamp(instance: Instance, call: Call, body: ET.Element, now: datetime) -> str:
    del instance, call, body
    return f"<result><timestamp>{soap_instant(instant_text(now))}</timestamp></result>"


DEEDS: Mapping[str, Operation] = {
    "getUpdated": _updated,
    "getDeleted": _deleted,
    "getServerTimestamp": _timestamp,
    "undelete": _undeleted,
    "emptyRecycleBin": _emptied,
    "merge": _merged,
    "convertLead": _converted,
}
