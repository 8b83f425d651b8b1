"""The people of the org; they are never deleted, only made inactive."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_id,
    parse_instant,
    parse_label,
    parse_text,
    parse_truth,
)

OBJECT = CrmObject(
    table="crm_user",
    sobject="User",
    rank=0,
    columns=(
        required("id", "Id", parse_id),
        required("name", "Name", parse_label),
        column("first_name", "FirstName", parse_text),
        column("last_name", "LastName", parse_text),
        column("email", "Email", parse_text),
        column("username", "Username", parse_text),
        column("title", "Title", parse_text),
        column("department", "Department", parse_text),
        column("is_active", "IsActive", parse_truth),
        column("manager_id", "ManagerId", parse_id),
        column("user_role_id", "UserRoleId", parse_id),
        column("user_type", "UserType", parse_text),
        column("time_zone", "TimeZoneSidKey", parse_text),
        column("locale", "LocaleSidKey", parse_text),
        column("created_at", "CreatedDate", parse_instant),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
