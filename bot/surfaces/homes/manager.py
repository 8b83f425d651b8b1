"""A manager's page: whom to talk to next, and how the team stands."""

from bot.domain.errors import LeadsNoTeam
from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.queries import nudges, one_on_one_queue, team_health, team_programmes
from bot.queries.permissions import Visitor
from bot.runtime import Runtime
from bot.surfaces.home import Home

MOST_IN_QUEUE = 8


def view(visitor: SlackUserId, runtime: Runtime) -> View:
    found = nudges.ask(runtime, asker=visitor)
    queue = one_on_one_queue.ask(runtime, asker=visitor).lines
    try:
        health = team_health.ask(runtime, asker=visitor, words=())
    except LeadsNoTeam:
        health = None
    return runtime.renderer.render_view(
        "home/manager.j2",
        {
            "nudges": found,
            "health": health,
            "programmes": team_programmes.ask(runtime, asker=visitor),
            "queue": queue[:MOST_IN_QUEUE],
            "more": max(0, len(queue) - MOST_IN_QUEUE),
            "locale": found.locale,
            "zone": found.zone,
        },
    )


def _leads(visitor: Visitor) -> bool:
    return visitor.person is not None and visitor.person.manager is not None


HOME = Home(rank=2, suits=_leads, view=view)
