"""Who shares the credit for a deal, where the org has switched splits on."""

from integrations.salesforce.crm_object import CrmObject, column, required
from integrations.salesforce.parsing import (
    parse_id,
    parse_instant,
    parse_number,
    parse_truth,
)

OBJECT = CrmObject(
    table="opportunity_split",
    sobject="OpportunitySplit",
    is_optional=True,
    columns=(
        required("id", "Id", parse_id),
        required("opportunity_id", "OpportunityId", parse_id),
        required("owner_id", "SplitOwnerId", parse_id),
        column("split_type_id", "SplitTypeId", parse_id),
        column("percentage", "SplitPercentage", parse_number),
        column("is_deleted", "IsDeleted", parse_truth),
        required("stamp", "SystemModstamp", parse_instant),
    ),
)
