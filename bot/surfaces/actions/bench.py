"""What stands on a bench and beside an interview: every button opens a form."""

from bot.domain.hiring import ProspectState
from bot.domain.message import View
from bot.queries.hiring_access import require_hirer, require_prospect
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.surfaces.action import Action, Effect, Open, Press
from bot.surfaces.hiring_forms import number_in
from bot.surfaces.modals import interview_plan, prospect, scorecard

STATES = (
    ("were hired", ProspectState.HIRED),
    ("said no", ProspectState.DECLINED),
    ("were told no", ProspectState.REJECTED),
    ("are in a hiring process", ProspectState.ACTIVE),
    ("are back on the bench", ProspectState.BENCH),
)
FORMS = {
    "touch": "modals/prospect_touch.j2",
    "settle": "modals/prospect_settle.j2",
    "erase": "modals/prospect_erase.j2",
}
MOST_OPTIONS = 100


def add(press: Press, runtime: Runtime) -> Effect:
    return Open(prospect.form(runtime, asker=press.presser))


def plan(press: Press, runtime: Runtime) -> Effect:
    return Open(interview_plan.form(runtime, asker=press.presser, prospect=None))


def score(press: Press, runtime: Runtime) -> Effect:
    number = number_in(press.value) or 0
    return Open(scorecard.form(runtime, asker=press.presser, interview=number))


def debrief(press: Press, runtime: Runtime) -> Effect:
    number = number_in(press.value) or 0
    return Open(scorecard.debrief(runtime, asker=press.presser, prospect=number))


def menu(press: Press, runtime: Runtime) -> Effect:
    """A deed and whom it is about, such as ``touch:17``."""
    deed, _, number = press.value.partition(":")
    about = number_in(number) or 0
    match deed:
        case "plan":
            return Open(interview_plan.form(runtime, asker=press.presser, prospect=about))
        case "debrief":
            return Open(scorecard.debrief(runtime, asker=press.presser, prospect=about))
        case _:
            return Open(_about_one(press, runtime, deed, about))


def _about_one(press: Press, runtime: Runtime, deed: str, about: int) -> View:
    with reading(runtime.database) as session:
        hirer = require_hirer(session, runtime, press.presser)
        row = require_prospect(session, hirer, about)
    person = hirer.person
    reps = (rep for rep in hirer.roster.reps.values() if rep.is_active and rep.role == row.role)
    # A hire is new: whoever began last stands first.
    people = sorted(reps, key=lambda rep: (-rep.started_on.toordinal(), rep.name))
    view = {
        "prospect_id": about,
        "name": row.name,
        "today": runtime.clock.now().astimezone(person.zone).date().isoformat(),
        "states": [(label, str(state)) for label, state in STATES if state != row.state],
        "people": [(rep.name, rep.id) for rep in people[:MOST_OPTIONS]],
        "locale": person.locale,
        "zone": person.zone.key,
    }
    return runtime.renderer.render_view(FORMS[deed], view)


ACTIONS = (
    Action(key="bench.add", answer=add),
    Action(key="bench.plan", answer=plan),
    Action(key="bench.menu", answer=menu),
    Action(key="interview.score", answer=score),
    Action(key="interview.debrief", answer=debrief),
)
