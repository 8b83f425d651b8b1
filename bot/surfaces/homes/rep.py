"""A person's own page: focus, progress, what is open, and what is kept and shown about them."""

from bot.domain.errors import NotAllowed
from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.queries import checklist, commitments, my_week, nudges
from bot.queries.my_week import MyWeek
from bot.runtime import Runtime
from bot.surfaces.home import Home


def view(visitor: SlackUserId, runtime: Runtime) -> View:
    found = nudges.ask(runtime, asker=visitor)
    week: MyWeek | None
    try:
        week = my_week.ask(runtime, asker=visitor)
    except NotAllowed:
        week = None
    return runtime.renderer.render_view(
        "home/rep.j2",
        {
            "nudges": found,
            "week": week,
            "commitments": commitments.ask(runtime, asker=visitor),
            "programme": checklist.ask(runtime, asker=visitor),
            "today": week.today if week else None,
            "currency": runtime.organisation.currency,
            "locale": found.locale,
            "zone": found.zone,
        },
    )


HOME = Home(rank=1, suits=lambda visitor: visitor.person is not None, view=view)
