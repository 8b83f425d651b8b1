"""The stages of the org; OpportunityHistory names them by MasterLabel."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_count,
    parse_id,
    parse_instant,
    parse_label,
    parse_number,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="opportunity_stage",
    sobject="OpportunityStage",
    is_optional=True,
    columns=(
        required("id", "Id", parse_id),
        required("name", "MasterLabel", parse_label),
        column("sort_order", "SortOrder", parse_count),
        column("is_closed", "IsClosed", parse_truth),
        column("is_won", "IsWon", parse_truth),
        column("is_active", "IsActive", parse_truth),
        column("forecast_category", "ForecastCategory", parse_text),
        column("probability", "DefaultProbability", parse_number),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
