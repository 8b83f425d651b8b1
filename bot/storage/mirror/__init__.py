"""Our copy of the CRM: one table for each mirrored object, and how rows get into it."""

from sqlmodel import SQLModel

from bot.storage.mirror.account import AccountRow, ContactRow, LeadRow
from bot.storage.mirror.activity import CrmEventRow, CrmTaskRow
from bot.storage.mirror.approval import ApprovalRow
from bot.storage.mirror.credit import OpportunityFieldHistoryRow, OpportunitySplitRow
from bot.storage.mirror.email import EmailMessageRow
from bot.storage.mirror.opportunity import (
    OpportunityContactRoleRow,
    OpportunityHistoryRow,
    OpportunityRow,
    OpportunityStageRow,
    QuotaRow,
)
from bot.storage.mirror.setup import (
    CurrencyTypeRow,
    DatedConversionRateRow,
    FiscalPeriodRow,
    OrganizationRow,
    RecordTypeRow,
    TaskStatusRow,
)
from bot.storage.mirror.user import CrmRoleRow, CrmUserRow

#: Mirror tables by name, in the order in which they are pulled: people first, since the days of
#: all else are their owners' days.
MIRROR_TABLES: dict[str, type[SQLModel]] = {
    "crm_role": CrmRoleRow,
    "crm_user": CrmUserRow,
    "account": AccountRow,
    "contact": ContactRow,
    "lead": LeadRow,
    "opportunity_stage": OpportunityStageRow,
    "opportunity": OpportunityRow,
    "opportunity_history": OpportunityHistoryRow,
    "opportunity_contact_role": OpportunityContactRoleRow,
    "crm_task": CrmTaskRow,
    "crm_event": CrmEventRow,
    "email_message": EmailMessageRow,
    "quota": QuotaRow,
    "approval": ApprovalRow,
    "opportunity_split": OpportunitySplitRow,
    "opportunity_field_history": OpportunityFieldHistoryRow,
    "record_type": RecordTypeRow,
    "currency_type": CurrencyTypeRow,
    "dated_conversion_rate": DatedConversionRateRow,
    "organization": OrganizationRow,
    "fiscal_period": FiscalPeriodRow,
    "task_status": TaskStatusRow,
}

#: Columns that many orgs do not have: app.yaml has to say which field fills them, or it comes with
#: several currencies, record types or person accounts.
UNMAPPED = frozenset(
    {
        ("opportunity", "discount"),
        ("opportunity", "margin"),
        ("opportunity", "loss_reason"),
        ("opportunity", "currency"),
        ("opportunity", "record_type_id"),
        ("quota", "currency"),
        ("account", "is_person"),
        ("account", "person_contact_id"),
    }
)

__all__ = [
    "MIRROR_TABLES",
    "UNMAPPED",
    "AccountRow",
    "ApprovalRow",
    "ContactRow",
    "CrmEventRow",
    "CrmRoleRow",
    "CrmTaskRow",
    "CrmUserRow",
    "CurrencyTypeRow",
    "DatedConversionRateRow",
    "EmailMessageRow",
    "FiscalPeriodRow",
    "LeadRow",
    "OpportunityContactRoleRow",
    "OpportunityFieldHistoryRow",
    "OpportunityHistoryRow",
    "OpportunityRow",
    "OpportunitySplitRow",
    "OpportunityStageRow",
    "OrganizationRow",
    "QuotaRow",
    "RecordTypeRow",
    "TaskStatusRow",
]
