"""Deals as they stand; how they came to stand so is in OpportunityHistory."""

from integrations.salesforce.crm_object import UNMAPPED, CrmObject, column, required, unstamped
from integrations.salesforce.parsing import (
    parse_cents,
    parse_count,
    parse_currency,
    parse_day,
    parse_id,
    parse_instant,
    parse_label,
    parse_number,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="opportunity",
    sobject="Opportunity",
    columns=(
        required("id", "Id", parse_id),
        required("name", "Name", parse_label),
        column("account_id", "AccountId", parse_id),
        required("owner_id", "OwnerId", parse_id),
        column("amount_cents", "Amount", parse_cents),
        # Only orgs with several currencies have it.
        column("currency", "CurrencyIsoCode", parse_currency),
        required("stage_name", "StageName", parse_text),
        required("close_on", "CloseDate", parse_day),
        column("is_won", "IsWon", parse_truth),
        column("is_closed", "IsClosed", parse_truth),
        column("probability", "Probability", parse_number),
        column("forecast_category", "ForecastCategory", parse_text),
        column("type", "Type", parse_text),
        column("record_type_id", "RecordTypeId", parse_id),
        column("lead_source", "LeadSource", parse_text),
        column("next_step", "NextStep", parse_text),
        # No fields of Salesforce's own: app.yaml says where an org keeps them.
        column("discount", UNMAPPED, parse_number),
        column("margin", UNMAPPED, parse_number),
        column("loss_reason", UNMAPPED, parse_text),
        unstamped("last_activity_on", "LastActivityDate", parse_day),
        column("last_stage_change_at", "LastStageChangeDate", parse_instant),
        column("push_count", "PushCount", parse_count),
        required("created_at", "CreatedDate", parse_instant),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
