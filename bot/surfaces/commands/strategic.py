"""A manager's own scorecard: six duties, shown by evidence."""

from bot.queries import strategic
from bot.queries.strategic_view import chart_of, view_of
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

SHARE = "share"


def answer(question: Question, runtime: Runtime) -> Reply:
    """``share`` shows it to the channel; its lines hold counts of the team and no names."""
    is_shared = SHARE in {word.lower() for word in question.words}
    words = tuple(word for word in question.words if word.lower() != SHARE)
    found = strategic.ask(runtime, asker=question.asker, words=words)
    view = {**view_of(found), "chart_of_duties": chart_of(found), "is_shared": is_shared}
    message = runtime.renderer.render("commands/strategic.j2", view)
    return Reply(message=message, is_shared=is_shared)


COMMAND = Command(
    name="/strategic",
    usage="[share]",
    summary="Your six duties as a sales manager, by evidence, and the one thing to do next.",
    audience=Audience.MANAGER,
    answer=answer,
)
