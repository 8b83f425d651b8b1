"""The strategic manager's scorecard: six duties, each shown by evidence, none added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.domain.duty import Duty, Sign, Standing
from bot.domain.errors import LeadsNoTeam, UnclearWords
from bot.domain.ids import SlackUserId
from bot.domain.people import Manager, Team
from bot.queries.indicator import Indicator, load_indicators
from bot.queries.manager_look import ManagerLook, quarter_before
from bot.queries.metric_readings import end_of
from bot.queries.permissions import require_manager, require_person
from bot.queries.rep_views import Moment
from bot.queries.team_views import moment_on
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import Roster, read_roster

#: What is done about first.
ORDER = (Standing.TO_DO, Standing.ON_THE_WAY, Standing.UNKNOWN, Standing.IN_PLACE)
RANK = {Standing.TO_DO: 0, Standing.ON_THE_WAY: 1, Standing.IN_PLACE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorLine:
    indicator: Indicator
    now: Sign
    #: As it stood at the end of the quarter before; None where that cannot be known.
    before: Sign | None

    @property
    def change(self) -> str:
        """One of better, worse, same, not known."""
        if self.before is None or Standing.UNKNOWN in {self.now.standing, self.before.standing}:
            return "not known"
        step = RANK[self.now.standing] - RANK[self.before.standing]
        return "same" if step == 0 else "better" if step > 0 else "worse"


def _haste(sign: Sign) -> int:
    """The less, the sooner it is done about."""
    return len(ORDER) if sign.can_wait else ORDER.index(sign.standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyBar:
    duty: Duty
    lines: tuple[IndicatorLine, ...]

    @property
    def next_step(self) -> str:
        """One thing: of the first indicator that is furthest from being in place."""
        line = min(self.lines, key=lambda each: _haste(each.now))
        match line.now.standing:
            case Standing.UNKNOWN if line.now.can_wait:
                return f"nothing for now: {line.now.told}."
            case Standing.UNKNOWN:
                return line.now.next_step or f"make it known: {line.indicator.becomes_known}"
            case Standing.IN_PLACE:
                return "keep it up, and tell another manager how."
            case _:
                return line.indicator.next_step

    @property
    def counts(self) -> Mapping[Standing, int]:
        return {
            standing: sum(line.now.standing is standing for line in self.lines)
            for standing in Standing
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategic:
    manager: str
    bars: tuple[DutyBar, ...]
    today: date
    #: The last day of the quarter before, which changes are told against.
    since: date
    as_of: datetime
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId, words: Sequence[str] = ()) -> Strategic:
    """The asker's own, and nobody else's. Raises UnknownPerson, NotAllowed or LeadsNoTeam."""
    if words:
        raise UnclearWords(
            "A scorecard is its manager's own: I show it to nobody else, so there is no name to "
            "give.",
            hint="`/strategic` shows yours, and `/strategic share` shows it to the channel.",
        )
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        return read_strategic(session, runtime, roster, require_reps(roster, manager))


def require_reader(runtime: Runtime, *, asker: SlackUserId) -> None:
    """Raises UnknownPerson, NotAllowed or LeadsNoTeam for whoever has no scorecard."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        require_reps(roster, require_manager(person))


def require_reps(roster: Roster, manager: Manager) -> Team:
    """Raises LeadsNoTeam for whoever leads managers only."""
    team = roster.team(manager.id)
    if not team.reps:
        raise LeadsNoTeam(
            "The scorecard is about coaching reps, and none reports to you directly.",
            hint="`/team-health NAME` shows the team of a manager who reports to you.",
        )
    return team


def read_strategic(session: Session, runtime: Runtime, roster: Roster, team: Team) -> Strategic:
    today = runtime.clock.now().astimezone(team.manager.zone).date()
    moment = moment_on(session, runtime, today)
    then = quarter_before(runtime.organisation.fiscal, today).last
    now = ManagerLook(session, runtime, roster, team, moment)
    before = _look_on(session, runtime, roster, team.manager, then, moment)
    lines = [
        IndicatorLine(
            indicator=each,
            now=each.read(now),
            before=each.read(before) if before is not None and each.has_past else None,
        )
        for each in load_indicators().values()
    ]
    ordered = sorted(lines, key=lambda each: each.indicator.order)
    return Strategic(
        manager=team.manager.first_name,
        bars=tuple(
            DutyBar(duty=duty, lines=tuple(each for each in ordered if each.indicator.duty is duty))
            for duty in Duty
        ),
        today=today,
        since=then,
        as_of=moment.as_of,
        locale=team.manager.locale,
        zone=team.manager.zone.key,
    )


def _look_on(
    session: Session,
    runtime: Runtime,
    roster: Roster,
    manager: Manager,
    day: date,
    moment: Moment,
) -> ManagerLook | None:
    """The same manager on an earlier day; None where they led nobody then."""
    then = roster.on(day)
    if manager.id not in then.managers:
        return None
    team = then.team(manager.id)
    if not team.reps:
        return None
    knowledge = Knowledge(day=day, now=min(end_of(day), moment.knowledge.now))
    earlier = Moment(knowledge=knowledge, as_of=moment.as_of)
    return ManagerLook(session, runtime, then, team, earlier)
