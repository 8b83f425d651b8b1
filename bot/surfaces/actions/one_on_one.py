"""What stands beside a 1:1: write it down."""

from bot.domain.ids import RepId
from bot.runtime import Runtime
from bot.surfaces.action import Action, Effect, Open, Press
from bot.surfaces.modals import one_on_one


def write(press: Press, runtime: Runtime) -> Effect:
    return Open(one_on_one.form(runtime, asker=press.presser, rep=RepId(press.value)))


ACTIONS = (Action(key="one_on_one.write", answer=write),)
