"""People who are not yet at an account; conversion says what became of them."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_day,
    parse_id,
    parse_instant,
    parse_label,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="lead",
    sobject="Lead",
    columns=(
        required("id", "Id", parse_id),
        required("name", "Name", parse_label),
        column("company", "Company", parse_text),
        column("owner_id", "OwnerId", parse_id),
        column("status", "Status", parse_text),
        column("lead_source", "LeadSource", parse_text),
        column("is_converted", "IsConverted", parse_truth),
        column("converted_on", "ConvertedDate", parse_day),
        column("converted_account_id", "ConvertedAccountId", parse_id),
        column("converted_contact_id", "ConvertedContactId", parse_id),
        column("converted_opportunity_id", "ConvertedOpportunityId", parse_id),
        column("created_at", "CreatedDate", parse_instant),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
