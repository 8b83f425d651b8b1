"""One record for each change of a deal's amount, probability, stage or close date."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_cents,
    parse_day,
    parse_id,
    parse_instant,
    parse_number,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="opportunity_history",
    sobject="OpportunityHistory",
    columns=(
        required("id", "Id", parse_id),
        required("opportunity_id", "OpportunityId", parse_id),
        column("created_by_id", "CreatedById", parse_id),
        required("created_at", "CreatedDate", parse_instant),
        required("stage_name", "StageName", parse_text),
        column("amount_cents", "Amount", parse_cents),
        column("close_on", "CloseDate", parse_day),
        column("probability", "Probability", parse_number),
        column("forecast_category", "ForecastCategory", parse_text),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
