"""The org itself: where its fiscal year begins and what it is called after."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_count,
    parse_id,
    parse_instant,
    parse_label,
    parse_truth,
)

OBJECT = CrmObject(
    table="organization",
    sobject="Organization",
    is_optional=True,
    rank=0,
    columns=(
        required("id", "Id", parse_id),
        required("name", "Name", parse_label),
        column("fiscal_start_month", "FiscalYearStartMonth", parse_count),
        column("year_is_named_by_start", "UsesStartDateAsFiscalYearName", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
