"""What the numbers of a team's framework mean and rest on, section by section."""

from functools import partial

from bot.domain.errors import UnclearWords
from bot.domain.message import View
from bot.queries import framework
from bot.queries.figures.figure import Section
from bot.runtime import Runtime
from bot.surfaces.action import Action, Effect, OpenLater, Press

TITLE = "What it rests on"


def show(press: Press, runtime: Runtime) -> Effect:
    """Of the team and the quarter that were asked about, as the presser may see them."""
    name, _, words = press.value.partition("|")
    if name not in list(Section):
        raise UnclearWords("I do not know that section.", hint="`/team-health framework` has all.")
    framework.require_reader(runtime, asker=press.presser)
    return OpenLater(TITLE, partial(_shown, press, runtime, Section(name), words))


def _shown(press: Press, runtime: Runtime, section: Section, words: str) -> View:
    found = framework.ask(runtime, asker=press.presser, words=words.split())
    view = {
        "heading": section.value,
        "figures": dict(found.sections).get(section, ()),
        "as_of": found.as_of,
        "locale": found.locale,
        "zone": found.zone,
    }
    return runtime.renderer.render_view("modals/framework.j2", view)


ACTIONS = (Action(key="framework.section", answer=show),)
