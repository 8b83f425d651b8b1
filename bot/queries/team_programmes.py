"""A manager's new hires on their programmes, for the Home tab."""

from bot.domain.errors import LeadsNoTeam
from bot.domain.ids import SlackUserId
from bot.queries.digest import last_full_week
from bot.queries.digest_programmes import ProgrammeNote, note_of
from bot.queries.permissions import require_manager, require_person, require_team
from bot.queries.programmes import read_progress
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.roster import read_roster


def ask(runtime: Runtime, *, asker: SlackUserId) -> ProgrammeNote | None:
    """None where nobody in the asker's team is on a running programme."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        try:
            reps = require_team(roster, manager).reps
        except LeadsNoTeam:
            return None
        today = runtime.clock.now().astimezone(person.zone).date()
        progress = read_progress(session, runtime, reps, today)
        found = [(rep, progress[rep.id]) for rep in reps if rep.id in progress]
    return note_of(found, last_full_week(today))
