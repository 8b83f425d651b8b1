"""A rep's own numbers, for nobody else's eyes."""

from bot.queries import my_week
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply


def answer(question: Question, runtime: Runtime) -> Reply:
    week = my_week.ask(runtime, asker=question.asker)
    view = {
        "week": week,
        "currency": runtime.organisation.currency,
        "locale": week.locale,
        "zone": week.zone,
    }
    return Reply(message=runtime.renderer.render("commands/my_week.j2", view))


COMMAND = Command(
    name="/my-week",
    usage="",
    summary="Your own numbers against your role's ranges and your own past; only you see them.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
