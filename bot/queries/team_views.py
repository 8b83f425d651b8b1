"""Views of one team as its manager may see them: each rep among the peers of their role."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session

from bot.coaching.rep_view import RepView
from bot.domain.ids import RepId
from bot.domain.people import Rep
from bot.queries.changes import read_changes, with_changes
from bot.queries.focus import read_focuses, with_focuses
from bot.queries.rep_views import Moment, read_rep_views
from bot.queries.yardstick import read_yardstick
from bot.runtime import Runtime
from bot.storage.current import as_filled
from bot.storage.cursors import mirrored_at
from bot.storage.facts.select import Knowledge
from bot.storage.roster import Roster


def moment_on(session: Session, runtime: Runtime, today: date) -> Moment:
    now = runtime.clock.now()
    knowledge = as_filled(session, Knowledge(day=today, now=now))
    return Moment(knowledge=knowledge, as_of=mirrored_at(session) or now)


def read_team_views(
    session: Session, runtime: Runtime, roster: Roster, reps: Iterable[Rep], moment: Moment
) -> Mapping[RepId, RepView]:
    """Of the reps, and of all whom they are compared with, so that both are told the same."""
    wanted = list(reps)
    roles, teams = {rep.role for rep in wanted}, {rep.team for rep in wanted}
    people = [
        rep
        for rep in roster.reps.values()
        if rep.is_active and (rep.role in roles or rep.team in teams)
    ]
    yardstick = read_yardstick(session, runtime, roster)
    views = read_rep_views(
        session,
        people,
        yardstick=yardstick,
        organisation=runtime.organisation,
        plays=runtime.plays,
        moment=moment,
    )
    changes = read_changes(session, moment.today)
    views = with_changes(views, changes, yardstick=yardstick, plays=runtime.plays)
    return with_focuses(views, read_focuses(session, moment.today))
