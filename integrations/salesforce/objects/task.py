"""Calls, e-mails and to-dos; ActivityDate is a day, so no zone ever shifts it."""

from integrations.salesforce.crm_object import CrmObject, column, required, unstamped
from integrations.salesforce.parsing import (
    parse_count,
    parse_day,
    parse_id,
    parse_instant,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="crm_task",
    sobject="Task",
    columns=(
        required("id", "Id", parse_id),
        required("owner_id", "OwnerId", parse_id),
        column("who_id", "WhoId", parse_id),
        column("what_id", "WhatId", parse_id),
        column("account_id", "AccountId", parse_id),
        column("subject", "Subject", parse_text),
        column("subtype", "TaskSubtype", parse_text),
        column("type", "Type", parse_text),
        column("status", "Status", parse_text),
        column("is_closed", "IsClosed", parse_truth),
        column("activity_on", "ActivityDate", parse_day),
        column("completed_at", "CompletedDateTime", parse_instant),
        column("call_seconds", "CallDurationInSeconds", parse_count),
        column("call_disposition", "CallDisposition", parse_text),
        column("is_recurrence", "IsRecurrence", parse_truth),
        unstamped("is_archived", "IsArchived", parse_truth),
        required("created_at", "CreatedDate", parse_instant),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
