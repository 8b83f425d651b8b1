"""A person's own pay under their plan: earned, on pace, and what the next deal is worth."""

from bot.queries import my_pay
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply


def answer(question: Question, runtime: Runtime) -> Reply:
    """Never to a channel: there is no ``share``."""
    pay = my_pay.ask(runtime, asker=question.asker, words=" ".join(question.words))
    view = {
        "pay": pay,
        "currency": pay.currency,
        "crm_currency": runtime.organisation.currency,
        "locale": pay.locale,
        "zone": pay.zone,
    }
    return Reply(message=runtime.renderer.render("commands/pay.j2", view))


COMMAND = Command(
    name="/pay",
    usage="",
    summary="What you have earned under your plan, line by line, and what the next deal is worth.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
