"""Months, quarters and years as the org cuts them; its own where it has a custom fiscal year."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import parse_day, parse_id, parse_instant, parse_text

OBJECT = CrmObject(
    table="fiscal_period",
    sobject="Period",
    is_optional=True,
    rank=0,
    columns=(
        required("id", "Id", parse_id),
        column("kind", "Type", parse_text),
        required("starts_on", "StartDate", parse_day),
        required("ends_on", "EndDate", parse_day),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
