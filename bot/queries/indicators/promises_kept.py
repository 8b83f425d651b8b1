"""What was promised and looked at again."""

from sqlmodel import col, select

from bot.domain.commitment import CommitmentState
from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook
from bot.storage.one_on_ones import CommitmentRow

FEWEST = 4
IN_PLACE, ON_THE_WAY = 0.7, 0.4


def read(look: ManagerLook) -> Sign:
    """Whether it was kept counts from the day it was closed; dropped ones were agreed upon."""
    row, names = CommitmentRow, {str(rep.id): rep.first_name for rep in look.reps}
    due = list(
        look.session.exec(
            select(row)
            .where(
                col(row.manager_id) == look.manager.id,
                col(row.rep_id).in_(sorted(names)),
                col(row.due_on).between(look.recent.first, look.recent.last),
                col(row.made_at) <= look.moment.knowledge.now,
                col(row.state) != CommitmentState.DROPPED,
            )
            .order_by(col(row.due_on), col(row.id))
        )
    )
    if len(due) < FEWEST:
        return unknown(f"{look.count(len(due), 'commitment')} due in 90 days, it takes {FEWEST}")
    now = look.moment.knowledge.now
    kept = [
        each
        for each in due
        if each.state == CommitmentState.KEPT
        and each.closed_at is not None
        and each.closed_at <= now
    ]
    return Sign(
        standing=standing_of(len(kept) / len(due), in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{len(kept)} of {len(due)}",
        facts=len(due),
        behind=tuple(
            f"{names[each.rep_id]}, {look.day(each.due_on)}: "
            f"{'kept' if each in kept else str(each.state).replace('_', ' ')}"
            for each in due
        ),
    )


INDICATOR = Indicator(
    key="promises_kept",
    duty=Duty.LEADING_METRICS,
    order=2,
    title="Commitments kept",
    because=(
        "Of the commitments from your 1:1s that were due in 90 days, those that were kept; what "
        "both of you dropped is left out. In place from seven in ten, on the way from four."
    ),
    source="/coach",
    next_step="open /coach and say of each overdue commitment how it went.",
    becomes_known="four commitments with a day, written down in 1:1s.",
    read=read,
)
