"""Places in the role hierarchy (Salesforce's word for it, not our Role)."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_id,
    parse_instant,
    parse_label,
)

OBJECT = CrmObject(
    table="crm_role",
    sobject="UserRole",
    rank=0,
    columns=(
        required("id", "Id", parse_id),
        required("name", "Name", parse_label),
        column("parent_id", "ParentRoleId", parse_id),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
