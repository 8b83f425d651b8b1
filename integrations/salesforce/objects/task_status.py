"""What a task's status may be, and which of them mean that it is done."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_count,
    parse_id,
    parse_instant,
    parse_label,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="task_status",
    sobject="TaskStatus",
    is_optional=True,
    rank=0,
    columns=(
        required("id", "Id", parse_id),
        required("label", "MasterLabel", parse_label),
        column("name", "ApiName", parse_text),
        column("sort_order", "SortOrder", parse_count),
        column("is_closed", "IsClosed", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
