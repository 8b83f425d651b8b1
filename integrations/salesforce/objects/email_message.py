"""E-mails, where the org keeps them as records of their own; most have a Task as well."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import parse_id, parse_instant, parse_text, parse_truth

OBJECT = CrmObject(
    table="email_message",
    sobject="EmailMessage",
    is_optional=True,
    columns=(
        required("id", "Id", parse_id),
        column("activity_id", "ActivityId", parse_id),
        column("related_to_id", "RelatedToId", parse_id),
        column("thread_id", "ThreadIdentifier", parse_text),
        column("reply_to_id", "ReplyToEmailMessageId", parse_id),
        column("subject", "Subject", parse_text),
        column("is_incoming", "Incoming", parse_truth),
        column("status", "Status", parse_text),
        column("sent_at", "MessageDate", parse_instant),
        column("created_by_id", "CreatedById", parse_id),
        required("created_at", "CreatedDate", parse_instant),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
