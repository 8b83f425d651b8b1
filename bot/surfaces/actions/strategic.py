"""What one duty of the scorecard rests on, for the manager alone."""

from functools import partial

from bot.domain.duty import Duty
from bot.domain.errors import UnclearWords
from bot.domain.message import View
from bot.queries import strategic
from bot.queries.strategic_view import view_of_bar
from bot.runtime import Runtime
from bot.surfaces.action import Action, Effect, OpenLater, Press


def show(press: Press, runtime: Runtime) -> Effect:
    """The presser's own, whoever's message the button stands in."""
    duty = Duty.by_code(press.value)
    if duty is None:
        raise UnclearWords("I do not know that duty.", hint="`/strategic` shows all six.")
    strategic.require_reader(runtime, asker=press.presser)
    return OpenLater("What it rests on", partial(_shown, press, runtime, duty))


def _shown(press: Press, runtime: Runtime, duty: Duty) -> View:
    found = strategic.ask(runtime, asker=press.presser)
    [bar] = [bar for bar in found.bars if bar.duty is duty]
    view = {
        "bar": view_of_bar(bar),
        "since": found.since,
        "as_of": found.as_of,
        "locale": found.locale,
        "zone": found.zone,
    }
    return runtime.renderer.render_view("modals/duty.j2", view)


ACTIONS = (Action(key="strategic.duty", answer=show),)
