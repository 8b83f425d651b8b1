"""What currencies are worth from a day on, where the org manages that (advanced currencies)."""

from integrations.salesforce.crm_object import CrmObject, required
from integrations.salesforce.parsing import (
    parse_currency,
    parse_day,
    parse_id,
    parse_instant,
    parse_number,
)

OBJECT = CrmObject(
    table="dated_conversion_rate",
    sobject="DatedConversionRate",
    is_optional=True,
    rank=0,
    columns=(
        required("id", "Id", parse_id),
        required("currency", "IsoCode", parse_currency),
        required("begins", "StartDate", parse_day),
        required("units", "ConversionRate", parse_number),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
