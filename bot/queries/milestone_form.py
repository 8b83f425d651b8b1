"""Which milestone somebody wants to say was reached, and whether it is theirs to say."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.ids import SlackUserId
from bot.domain.people import Manager, Rep
from bot.domain.programme import Milestone, MilestoneKind
from bot.queries.permissions import Person, require_person
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.programmes import Followed, read_followed
from bot.storage.roster import read_roster

SCORES = tuple((str(score), str(score)) for score in range(1, 6))
GONE = "I do not know that milestone any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneForm:
    token: str
    rep: Rep
    person: Person
    #: Who signs; None where the new hire ticks it off.
    manager: Manager | None
    milestone: Milestone
    followed: Followed
    today: date

    @property
    def is_own(self) -> bool:
        return self.manager is None

    @property
    def reached_on(self) -> date | None:
        return self.followed.reached.get(self.milestone.key)

    @property
    def comes_first(self) -> str | None:
        """The title of what must be reached before, and was asked for, and is not."""
        for key in self.milestone.needs:
            first = self.followed.programme.milestone(key)
            is_open = first is not None and key not in self.followed.reached
            if is_open and self.followed.asked_from <= self.followed.started_on:
                return first.title if first else None
        return None


def ask(runtime: Runtime, *, asker: SlackUserId, token: str) -> MilestoneForm:
    with reading(runtime.database) as session:
        return require_milestone(session, runtime, asker=asker, token=token)


def require_milestone(
    session: Session, runtime: Runtime, *, asker: SlackUserId, token: str
) -> MilestoneForm:
    """Raises NotAllowed for anybody whose word it does not take, UnclearWords for what is gone."""
    roster = read_roster(session, runtime.organisation)
    person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
    number, _, key = token.partition(":")
    followed = next((each for each in read_followed(session) if str(each.id) == number), None)
    rep = roster.reps.get(followed.rep) if followed else None
    milestone = followed.programme.milestone(key) if followed else None
    if followed is None or rep is None or milestone is None:
        raise UnclearWords(GONE, hint="Open your Home tab anew.")
    is_manager = person.manager is not None and rep.team == person.manager.id
    is_own = person.rep is not None and person.rep.id == rep.id
    _require_right_person(milestone, is_own=is_own, is_manager=is_manager)
    return MilestoneForm(
        token=token,
        rep=rep,
        person=person,
        manager=person.manager if is_manager else None,
        milestone=milestone,
        followed=followed,
        today=runtime.clock.now().astimezone(rep.zone).date(),
    )


def _require_right_person(milestone: Milestone, *, is_own: bool, is_manager: bool) -> None:
    """The new hire and their manager, each for what is theirs; nobody else learns whose it is."""
    if not (is_own or is_manager):
        raise NotAllowed(
            "A milestone is between a new hire and the manager they report to in the CRM.",
            hint="`/ramp` shows what is yours to see.",
        )
    if milestone.kind is MilestoneKind.MEASURED:
        raise NotAllowed(
            "The CRM tells when this one is reached.",
            hint="Log what was done there; it is noted on the day it happened.",
        )
    if milestone.is_signed_by_manager and not is_manager:
        raise NotAllowed(
            "Your manager signs this one off.", hint="Ask them when you feel ready for it."
        )
