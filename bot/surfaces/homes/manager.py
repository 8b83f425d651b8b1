"""A manager's page: how the team stands."""

from bot.domain.errors import LeadsNoTeam
from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.queries import nudges, team_health
from bot.runtime import Runtime
from bot.surfaces.home import Home


def view(visitor: SlackUserId, runtime: Runtime) -> View:
    found = nudges.ask(runtime, asker=visitor)
    try:
        health = team_health.ask(runtime, asker=visitor, words=())
    except LeadsNoTeam:
        health = None
    return runtime.renderer.render_view(
        "home/manager.j2",
        {"nudges": found, "health": health, "locale": found.locale, "zone": found.zone},
    )


HOME = Home(rank=2, suits=lambda person: person.manager is not None, view=view)
