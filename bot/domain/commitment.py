"""One measurable promise from a 1:1, and how it stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CommitmentState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    #: Both agreed that it no longer matters.
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    id: int
    words: str
    due_on: date
    state: CommitmentState
    #: The title of the metric it should move, and where that stands now.
    metric: str | None = None
    now: str | None = None

    def is_overdue(self, today: date) -> bool:
        return self.state is CommitmentState.OPEN and self.due_on < today
