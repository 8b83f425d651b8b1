"""Say that a milestone was reached: a new hire ticks off a task, a manager signs."""

from bot.runtime import Runtime
from bot.surfaces.action import Action, Effect, Open, Press
from bot.surfaces.modals import milestone


def reached(press: Press, runtime: Runtime) -> Effect:
    return Open(milestone.form(runtime, asker=press.presser, token=press.value))


ACTIONS = (Action(key="milestone.reached", answer=reached),)
