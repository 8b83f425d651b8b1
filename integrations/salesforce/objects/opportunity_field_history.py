"""Who owned a deal before we looked, where the org tracks the owner; Salesforce keeps two years."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_id,
    parse_instant,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="opportunity_field_history",
    sobject="OpportunityFieldHistory",
    is_optional=True,
    # Of other fields OpportunityHistory tells, and each deal may have dozens of rows.
    only=("Field", "Owner"),
    cursor="CreatedDate",
    columns=(
        required("id", "Id", parse_id),
        required("opportunity_id", "OpportunityId", parse_id),
        column("field", "Field", parse_text),
        column("old_value", "OldValue", parse_text),
        column("new_value", "NewValue", parse_text),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "CreatedDate", parse_instant),
    ),
)
