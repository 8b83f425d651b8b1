"""The kinds of records that an org has made for itself; deals point to theirs."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_id,
    parse_instant,
    parse_label,
    parse_text,
)

OBJECT = CrmObject(
    table="record_type",
    sobject="RecordType",
    is_optional=True,
    rank=0,
    only=("SobjectType", "Opportunity"),
    columns=(
        required("id", "Id", parse_id),
        required("name", "Name", parse_label),
        column("developer_name", "DeveloperName", parse_text),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
