"""Which contacts take part in which deal."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_id,
    parse_instant,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="opportunity_contact_role",
    sobject="OpportunityContactRole",
    columns=(
        required("id", "Id", parse_id),
        required("opportunity_id", "OpportunityId", parse_id),
        required("contact_id", "ContactId", parse_id),
        column("role", "Role", parse_text),
        column("is_primary", "IsPrimary", parse_truth),
        column("created_at", "CreatedDate", parse_instant),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
