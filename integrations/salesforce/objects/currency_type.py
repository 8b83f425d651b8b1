"""What an org's currencies are worth when no dated rate says otherwise."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_currency,
    parse_id,
    parse_instant,
    parse_number,
    parse_truth,
)

OBJECT = CrmObject(
    table="currency_type",
    sobject="CurrencyType",
    is_optional=True,
    rank=0,
    columns=(
        required("id", "Id", parse_id),
        required("currency", "IsoCode", parse_currency),
        required("units", "ConversionRate", parse_number),
        column("is_corporate", "IsCorporate", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
