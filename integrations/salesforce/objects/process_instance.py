"""Requests for an approval, where the org has approval processes and lets us see them."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_id,
    parse_instant,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="approval",
    sobject="ProcessInstance",
    is_optional=True,
    columns=(
        required("id", "Id", parse_id),
        required("target_id", "TargetObjectId", parse_id),
        required("status", "Status", parse_text),
        column("submitted_by_id", "SubmittedById", parse_id),
        required("created_at", "CreatedDate", parse_instant),
        column("completed_at", "CompletedDate", parse_instant),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
