"""What good looks like in a role, and how to get there."""

from bot.queries import playbook
from bot.queries.playbook import Play
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply


def answer(question: Question, runtime: Runtime) -> Reply:
    found = playbook.ask(runtime, asker=question.asker, words=" ".join(question.words))
    if isinstance(found, Play):
        message = runtime.renderer.render("commands/play.j2", {"play": found})
        return Reply(message=message)
    view = {
        "playbook": found,
        "currency": runtime.organisation.currency,
        "locale": found.locale,
    }
    return Reply(message=runtime.renderer.render("commands/playbook.j2", view))


COMMAND = Command(
    name="/playbook",
    usage="[role | play]",
    summary="What good looks like in your role, and plays that help to get there.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
