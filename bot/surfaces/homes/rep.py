"""A person's own page: what is open, what was held back, and what is kept about them."""

from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.queries import nudges
from bot.runtime import Runtime
from bot.surfaces.home import Home


def view(visitor: SlackUserId, runtime: Runtime) -> View:
    found = nudges.ask(runtime, asker=visitor)
    return runtime.renderer.render_view(
        "home/rep.j2", {"nudges": found, "locale": found.locale, "zone": found.zone}
    )


HOME = Home(rank=1, suits=lambda _person: True, view=view)
