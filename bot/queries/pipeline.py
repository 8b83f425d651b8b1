"""How a manager's pipeline moved, in the deals that are to close by the end of the quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.ids import SlackUserId
from bot.domain.windows import Window
from bot.queries.over_window import within_reach
from bot.queries.permissions import require_manager, require_person, require_team
from bot.queries.pipeline_waterfall import Waterfall, read_waterfall
from bot.queries.spoken import split_words
from bot.queries.team_sales import quota_of
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.roster import read_roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    team_name: str
    window: Window
    #: The last day of the quarter in which the window ends.
    due_by: date
    waterfall: Waterfall
    #: The team's quota for that quarter; None where the CRM holds none.
    quota_cents: int | None
    currency: str
    as_of: datetime | None
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId, words: Sequence[str]) -> Pipeline:
    """The answer to `/pipeline [team] [window]`; without a window, the quarter so far.

    Raises UnknownPerson, NotAllowed, LeadsNoTeam or UnclearWords.
    """
    fiscal = runtime.organisation.fiscal
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        today = runtime.clock.now().astimezone(manager.zone).date()
        team_words, asked = split_words(words, today=today, fiscal=fiscal)
        team = require_team(roster, manager, team_words)
        so_far = Window(first=fiscal.quarter(today)[0], last=today, label="this quarter")
        window = within_reach(asked) if asked else so_far
        first, last = fiscal.quarter(window.last)
        return Pipeline(
            team_name=team.name,
            window=window,
            due_by=last,
            waterfall=read_waterfall(session, team, window, due_by=last),
            quota_cents=quota_of(session, team, first, last, choices=runtime.organisation.choices),
            currency=runtime.organisation.currency,
            as_of=mirrored_at(session),
            locale=manager.locale,
            zone=manager.zone.key,
        )
