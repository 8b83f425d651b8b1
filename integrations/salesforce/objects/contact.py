"""People at accounts."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_id,
    parse_instant,
    parse_label,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="contact",
    sobject="Contact",
    columns=(
        required("id", "Id", parse_id),
        required("name", "Name", parse_label),
        column("account_id", "AccountId", parse_id),
        column("owner_id", "OwnerId", parse_id),
        column("title", "Title", parse_text),
        column("created_at", "CreatedDate", parse_instant),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
