"""Enter days off from the list of them."""

from bot.queries.permissions import person_of
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.surfaces.action import Action, Effect, Open, Press


def enter(press: Press, runtime: Runtime) -> Effect:
    with reading(runtime.database) as session:
        person = person_of(session, press.presser, runtime.organisation)
    today = runtime.clock.now().astimezone(person.zone).date()
    view = {"today": today.isoformat(), "locale": person.locale, "zone": person.zone.key}
    return Open(runtime.renderer.render_view("modals/leave.j2", view))


ACTIONS = (Action(key="leave.enter", answer=enter),)
