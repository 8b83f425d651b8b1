"""A person's own pay in a few lines, at the foot of their page; only they see it."""

from bot.domain.errors import NotAllowed
from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.queries import my_pay
from bot.queries.permissions import Visitor
from bot.runtime import Runtime
from bot.surfaces.home import Home


def view(visitor: SlackUserId, runtime: Runtime) -> View:
    """Nothing at all for whoever has no plan."""
    try:
        pay = my_pay.ask(runtime, asker=visitor)
    except NotAllowed:
        return runtime.renderer.render_view("home/pay.j2", {"pay": None})
    return runtime.renderer.render_view(
        "home/pay.j2",
        {
            "pay": pay,
            "currency": pay.currency,
            "crm_currency": runtime.organisation.currency,
            "locale": pay.locale,
            "zone": pay.zone,
        },
    )


def _is_known(visitor: Visitor) -> bool:
    return visitor.person is not None


HOME = Home(rank=0, suits=_is_known, view=view, is_below=True)
