"""Activities and leads as facts."""

from sqlalchemy import or_
from sqlmodel import col

from bot.domain.choices import Choices
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import Knowledge, Source
from bot.storage.facts.tables import ActivityRow, LeadFactRow


def done_by(knowledge: Knowledge) -> list[Expression]:
    """An activity that was over and written down by then."""
    activity = ActivityRow
    return [
        col(activity.done_on) <= knowledge.day,
        col(activity.logged_on) <= knowledge.day,
        or_(col(activity.done_at).is_(None), col(activity.done_at) <= knowledge.now),
    ]


def activities(knowledge: Knowledge, choices: Choices) -> Source:
    _ = choices
    names = ActivityRow.model_fields
    return Source(
        columns={name: getattr(ActivityRow, name) for name in names},
        clause=ActivityRow.__table__,  # type: ignore[attr-defined]  # SQLModel adds __table__
        conditions=done_by(knowledge),
    )


def leads(knowledge: Knowledge, choices: Choices) -> Source:
    _ = choices
    names = LeadFactRow.model_fields
    return Source(
        columns={name: getattr(LeadFactRow, name) for name in names},
        clause=LeadFactRow.__table__,  # type: ignore[attr-defined]  # SQLModel adds __table__
        conditions=[col(LeadFactRow.created_on) <= knowledge.day],
    )
