"""Whom one is to meet, and the scorecards to fill in."""

from bot.domain.errors import UnclearWords
from bot.queries import interviews
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply


def answer(question: Question, runtime: Runtime) -> Reply:
    if question.words:
        said = " ".join(question.words)[:40]
        raise UnclearWords(
            f"I do not know what '{said}' is here.",
            hint="`/interview` alone shows your interviews; `/bench` plans them.",
        )
    found = interviews.ask(runtime, asker=question.asker)
    view = {"found": found, "locale": found.locale, "zone": found.zone}
    return Reply(message=runtime.renderer.render("commands/interview.j2", view))


COMMAND = Command(
    name="/interview",
    usage="",
    summary="Whom you are to meet, what to ask, and your scorecards to fill in.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
