"""A team that fell silent together: one cause that its members share, and nobody's fault."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.rep_view import RepView

#: The newest working days are held against as many before them.
DAYS = 5
#: At this share of the days before a team is quiet; half of its members silent for so long is, too.
QUIET_AT = 0.6
SILENT_DAYS = 2
#: Fewer activities, or fewer people, do not say what is usual.
FEWEST_USUAL, FEWEST_PEOPLE = 20, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lull:
    """Activities of a team on its members' last working days, and on as many before."""

    lately: int
    before: int


def find_lull(views: Sequence[RepView]) -> Lull | None:
    """What the people who are present did, when most of them did far less than the week before."""
    present = [view for view in views if view.is_present]
    days = [view.activities_by_working_day for view in present]
    lately, before = (
        sum(sum(counts[part]) for counts in days) for part in (slice(DAYS), slice(DAYS, 2 * DAYS))
    )
    fell = sum(sum(counts[:DAYS]) < sum(counts[DAYS : 2 * DAYS]) for counts in days)
    is_telling = len(present) >= FEWEST_PEOPLE and before >= FEWEST_USUAL
    if is_telling and lately <= QUIET_AT * before and 2 * fell > len(present):
        return Lull(lately=lately, before=before)
    return None


def is_silent_together(views: Sequence[RepView]) -> bool:
    """Whether half of the people who are present logged nothing at all on their last days."""
    present = [view for view in views if view.is_present]
    silent = [view for view in present if not any(view.activities_by_working_day[:SILENT_DAYS])]
    return len(present) >= FEWEST_PEOPLE and 2 * len(silent) >= len(present)
