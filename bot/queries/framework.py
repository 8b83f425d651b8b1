"""Whether a team is consistent, predictable and profitable, beside what it attained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.domain.ids import SlackUserId
from bot.domain.people import Team
from bot.domain.windows import Window
from bot.queries.asked_quarter import split_quarter
from bot.queries.figures.coached import coached
from bot.queries.figures.consistent import consistent
from bot.queries.figures.figure import Figure, Section
from bot.queries.figures.predictable import predictable
from bot.queries.figures.profitable import profitable
from bot.queries.manager_look import ManagerLook
from bot.queries.permissions import require_manager, require_person, require_team
from bot.queries.team_results import read_won_deals
from bot.queries.team_views import moment_on
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.roster import Roster, read_roster

TOO_FEW = "There are too few reps with a quota, or too few deals, to say whether the reps differ."


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    team_name: str
    #: The newest fiscal quarter that is over, or the one that was asked for.
    quarter: Window
    sections: tuple[tuple[Section, tuple[Figure, ...]], ...]
    headline: str
    as_of: datetime
    locale: str
    zone: str


def ask(
    runtime: Runtime, *, asker: SlackUserId, words: Sequence[str], is_shared: bool = False
) -> Framework:
    """Of the asker's own team, or one below. Raises UnknownPerson, NotAllowed or LeadsNoTeam.

    How a manager spends coaching time is for that manager alone.
    """
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        today = runtime.clock.now().astimezone(manager.zone).date()
        name, quarter = split_quarter(words, today=today, fiscal=runtime.organisation.fiscal)
        team = require_team(roster, manager, name)
        return read_framework(
            session,
            runtime,
            roster,
            team,
            today=today,
            quarter=quarter,
            with_coaching=team.id == manager.id and not is_shared,
        )


def require_reader(runtime: Runtime, *, asker: SlackUserId) -> None:
    """Raises UnknownPerson or NotAllowed for whoever leads nobody."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        require_manager(person)


def read_framework(
    session: Session,
    runtime: Runtime,
    roster: Roster,
    team: Team,
    *,
    today: date,
    quarter: Window | None = None,
    with_coaching: bool,
) -> Framework:
    look = ManagerLook(session, runtime, roster, team, moment_on(session, runtime, today), quarter)
    deals = read_won_deals(session, team, look.quarter, look.moment)
    figures = (*consistent(look, deals), *predictable(look, deals), *profitable(look, deals))
    if with_coaching:
        figures = (*figures, *coached(look))
    return Framework(
        team_name=team.name,
        quarter=look.quarter,
        sections=tuple(_sections(figures)),
        headline=next(each.verdict for each in figures if each.key == "by_chance") or TOO_FEW,
        as_of=look.moment.as_of,
        locale=team.manager.locale,
        zone=team.manager.zone.key,
    )


def _sections(
    figures: Sequence[Figure],
) -> Iterator[tuple[Section, tuple[Figure, ...]]]:
    for section in Section:
        found = tuple(line for line in figures if line.section is section)
        if found:
            yield section, found
