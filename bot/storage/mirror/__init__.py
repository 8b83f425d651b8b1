"""Our copy of the CRM: one table for each mirrored object, and how rows get into it."""

from sqlmodel import SQLModel

from bot.storage.mirror.account import AccountRow, ContactRow, LeadRow
from bot.storage.mirror.activity import CrmEventRow, CrmTaskRow
from bot.storage.mirror.opportunity import (
    OpportunityContactRoleRow,
    OpportunityHistoryRow,
    OpportunityRow,
    OpportunityStageRow,
    QuotaRow,
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
    "quota": QuotaRow,
}

#: Columns that no org fills before app.yaml says which of its fields does.
UNMAPPED = frozenset({("opportunity", "discount"), ("opportunity", "margin")})

__all__ = [
    "MIRROR_TABLES",
    "UNMAPPED",
    "AccountRow",
    "ContactRow",
    "CrmEventRow",
    "CrmRoleRow",
    "CrmTaskRow",
    "CrmUserRow",
    "LeadRow",
    "OpportunityContactRoleRow",
    "OpportunityHistoryRow",
    "OpportunityRow",
    "OpportunityStageRow",
    "QuotaRow",
]
