"""What good looks like in a role, and how to get there."""

from bot.flows.open_playbook import open_playbook
from bot.queries import playbook
from bot.queries.playbook import Play
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

SHARE = "share"


def answer(question: Question, runtime: Runtime) -> Reply:
    """It holds what a role asks for and nobody's numbers, so ``share`` leaves nothing out."""
    is_shared = SHARE in {word.lower() for word in question.words}
    words = " ".join(word for word in question.words if word.lower() != SHARE)
    found = playbook.ask(runtime, asker=question.asker, words=words)
    if isinstance(found, Play):
        message = runtime.renderer.render(
            "commands/play.j2", {"play": found, "locale": found.locale}
        )
        return Reply(message=message, is_shared=is_shared)
    open_playbook(runtime, by=question.asker)
    view = {
        "playbook": found,
        "currency": runtime.organisation.currency,
        "locale": found.locale,
    }
    message = runtime.renderer.render("commands/playbook.j2", view)
    return Reply(message=message, is_shared=is_shared)


COMMAND = Command(
    name="/playbook",
    usage="[role | play] [share]",
    summary="What good looks like in your role, and plays that help to get there.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
