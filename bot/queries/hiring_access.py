"""Who may see which bench: those who hire for a role; interviewers see whom they are to meet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.ids import RepId, RoleKey, SlackUserId, TeamId
from bot.domain.people import Manager
from bot.hiring.scorecard import Scorecard
from bot.queries.permissions import Person, require_person
from bot.runtime import Runtime
from bot.storage.hiring import InterviewRow, ProspectRow
from bot.storage.roster import Roster, read_roster

NOT_YOUR_BENCH = "A bench is seen by those who hire for the role."
HOW_TO_HIRE = (
    "Those who lead the role hire for it, and whom app.yaml names under `hiring: managers:`. "
    "`/interview` shows whom you are to meet."
)
NO_SCORECARD = "There is no scorecard yet for the roles that you hire for."
NOT_YOUR_INTERVIEW = "That interview is somebody else's."


@dataclass(frozen=True, slots=True, kw_only=True)
class Hirer:
    """Somebody who asks about hiring, and the roles they hire for; none for most people."""

    person: Person
    roster: Roster
    cards: Mapping[RoleKey, Scorecard]

    def name_of(self, person_id: str) -> str:
        return name_in(self.roster, person_id)


def name_in(roster: Roster, person_id: str) -> str:
    rep, team = RepId(person_id), TeamId(person_id)
    manager = roster.managers.get(team) or roster.former_managers.get(team)
    known = manager or roster.reps.get(rep) or roster.former_reps.get(rep)
    return known.name if known else "somebody who has left"


def read_hirer(session: Session, runtime: Runtime, asker: SlackUserId) -> Hirer:
    """Anybody we know, hiring or not. Raises UnknownPerson."""
    roster = read_roster(session, runtime.organisation)
    person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
    known = person.manager or person.rep
    roles = roles_hired_for(runtime, roster, person.manager, email=known.email if known else "")
    cards = {key: card for key, card in runtime.scorecards.items() if key in roles}
    return Hirer(person=person, roster=roster, cards=cards)


def roles_hired_for(
    runtime: Runtime, roster: Roster, manager: Manager | None, *, email: str
) -> Collection[RoleKey]:
    """The roles of those led, directly or below, and those that app.yaml names them for."""
    roles = {
        rep.role
        for rep in roster.reps.values()
        if manager is not None and rep.is_active and roster.reports_to(rep, manager.id)
    }
    named = runtime.organisation.hiring.managers.items()
    return roles | {role for role, emails in named if email.lower() in emails}


def require_hirer(session: Session, runtime: Runtime, asker: SlackUserId) -> Hirer:
    """Raises NotAllowed for whoever hires for no role that has a scorecard."""
    hirer = read_hirer(session, runtime, asker)
    if not hirer.cards:
        is_manager = hirer.person.manager is not None
        message = NO_SCORECARD if is_manager else NOT_YOUR_BENCH
        hint = "Write one into playbooks/hiring/; ours are there." if is_manager else HOW_TO_HIRE
        raise NotAllowed(message, hint=hint)
    return hirer


def require_role(hirer: Hirer, role: str) -> Scorecard:
    """Raises NotAllowed for a role that they do not hire for."""
    card = hirer.cards.get(RoleKey(role))
    if card is None:
        raise NotAllowed(NOT_YOUR_BENCH, hint=HOW_TO_HIRE)
    return card


def find_role(hirer: Hirer, words: str) -> Scorecard:
    """A role of theirs, by key or title. Raises UnclearWords with the roles there are."""
    wanted = " ".join(words.lower().replace("_", " ").split())
    if not wanted and len(hirer.cards) == 1:
        return next(iter(hirer.cards.values()))
    for key, card in hirer.cards.items():
        if wanted and wanted in {key.replace("_", " "), card.title.lower()}:
            return card
    known = ", ".join(f"`{key}`" for key in hirer.cards)
    said = f"You hire for no role called '{words.strip()[:40]}'." if wanted else "Which role?"
    raise UnclearWords(said, hint=f"You hire for: {known}")


def require_prospect(session: Session, hirer: Hirer, prospect: int) -> ProspectRow:
    """One on a bench of theirs. Raises NotAllowed, in the same words for one who does not exist."""
    row = session.get(ProspectRow, prospect)
    if row is None or RoleKey(row.role) not in hirer.cards or row.erased_at is not None:
        raise NotAllowed(NOT_YOUR_BENCH, hint=HOW_TO_HIRE)
    return row


def require_own_interview(
    session: Session, hirer: Hirer, interview: int
) -> tuple[InterviewRow, ProspectRow]:
    """Raises NotAllowed for anybody but the interviewer."""
    row = session.get(InterviewRow, interview)
    prospect = session.get(ProspectRow, row.prospect_id) if row is not None else None
    if row is None or prospect is None or row.interviewer_id != hirer.person.crm_id:
        raise NotAllowed(NOT_YOUR_INTERVIEW, hint="`/interview` shows yours.")
    return row, prospect
