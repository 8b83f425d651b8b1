"""What stands beside a 1:1: read the brief, write it down, and what the rep may see of it."""

from collections.abc import Callable
from functools import partial

from bot.domain.ids import RepId
from bot.domain.message import View
from bot.queries import one_on_one_brief
from bot.queries.one_on_one_brief import Brief
from bot.queries.permissions import person_of
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.surfaces.action import Action, Effect, Open, OpenLater, Press
from bot.surfaces.modals import one_on_one


def write(press: Press, runtime: Runtime) -> Effect:
    return Open(one_on_one.form(runtime, asker=press.presser, rep=RepId(press.value)))


def menu(press: Press, runtime: Runtime) -> Effect:
    """``brief:`` or ``write:`` and whom it is about."""
    deed, _, rep = press.value.partition(":")
    if deed == "write":
        return Open(one_on_one.form(runtime, asker=press.presser, rep=RepId(rep)))
    ask = partial(one_on_one_brief.ask_by_id, runtime, asker=press.presser, rep=RepId(rep))
    return OpenLater("1:1", partial(_shown, press, runtime, "modals/brief.j2", ask))


def manager_sees(press: Press, runtime: Runtime) -> Effect:
    """The very brief that the manager gets."""
    ask = partial(one_on_one_brief.ask_about_oneself, runtime, asker=press.presser)
    make = partial(_shown, press, runtime, "modals/manager_sees.j2", ask)
    return OpenLater("What my manager sees", make)


def _shown(press: Press, runtime: Runtime, template: str, ask: Callable[[], Brief]) -> View:
    with reading(runtime.database) as session:
        person = person_of(session, press.presser, runtime.organisation)
    view = {"brief": ask(), "locale": person.locale, "zone": person.zone.key}
    return runtime.renderer.render_view(template, view)


ACTIONS = (
    Action(key="one_on_one.write", answer=write),
    Action(key="one_on_one.menu", answer=menu),
    Action(key="home.manager_sees", answer=manager_sees),
)
