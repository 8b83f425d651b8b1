"""Quotas, where the org keeps them in its forecasts and lets us see them."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_cents,
    parse_currency,
    parse_day,
    parse_id,
    parse_instant,
)

OBJECT = CrmObject(
    table="quota",
    sobject="ForecastingQuota",
    is_optional=True,
    columns=(
        required("id", "Id", parse_id),
        required("owner_id", "QuotaOwnerId", parse_id),
        required("starts_on", "StartDate", parse_day),
        column("amount_cents", "QuotaAmount", parse_cents),
        column("currency", "CurrencyIsoCode", parse_currency),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
