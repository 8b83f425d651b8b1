"""Meetings; all-day events are days, given by Salesforce as midnights UTC."""

from datetime import datetime

from integrations.salesforce.crm_object import CrmObject, column, required, unstamped
from integrations.salesforce.parsing import (
    parse_day,
    parse_id,
    parse_instant,
    parse_text,
    parse_truth,
)


def _with_days(row: dict[str, object]) -> dict[str, object]:
    """The days of an all-day event, where the org's version has no field that says them."""
    if row.get("is_all_day"):
        for day, instant in (("activity_on", "starts_at"), ("ends_on", "ends_at")):
            midnight = row.get(instant)
            if row.get(day) is None and isinstance(midnight, datetime):
                row[day] = midnight.date()
    return row


OBJECT = CrmObject(
    table="crm_event",
    sobject="Event",
    complete=_with_days,
    columns=(
        required("id", "Id", parse_id),
        required("owner_id", "OwnerId", parse_id),
        column("who_id", "WhoId", parse_id),
        column("what_id", "WhatId", parse_id),
        column("account_id", "AccountId", parse_id),
        column("subject", "Subject", parse_text),
        column("type", "Type", parse_text),
        column("starts_at", "StartDateTime", parse_instant),
        column("ends_at", "EndDateTime", parse_instant),
        column("activity_on", "ActivityDate", parse_day),
        column("ends_on", "EndDate", parse_day),
        column("is_all_day", "IsAllDayEvent", parse_truth),
        column("show_as", "ShowAs", parse_text),
        column("is_child", "IsChild", parse_truth),
        column("is_recurrence", "IsRecurrence", parse_truth),
        unstamped("is_archived", "IsArchived", parse_truth),
        required("created_at", "CreatedDate", parse_instant),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
