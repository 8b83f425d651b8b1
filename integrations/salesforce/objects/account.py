"""Companies; a person account is an Account whose Name is the person's."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_id,
    parse_instant,
    parse_label,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="account",
    sobject="Account",
    columns=(
        required("id", "Id", parse_id),
        required("name", "Name", parse_label),
        column("owner_id", "OwnerId", parse_id),
        column("industry", "Industry", parse_text),
        column("type", "Type", parse_text),
        # Only orgs that sell to persons have them.
        column("is_person", "IsPersonAccount", parse_truth),
        column("person_contact_id", "PersonContactId", parse_id),
        column("created_at", "CreatedDate", parse_instant),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
