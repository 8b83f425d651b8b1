"""Whom one is to meet, and the scorecards to fill in."""

from bot.domain.errors import UnclearWords
from bot.queries import calibration, interviews
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

CALIBRATION = "calibration"


def answer(question: Question, runtime: Runtime) -> Reply:
    if [word.lower() for word in question.words] == [CALIBRATION]:
        own = calibration.ask(runtime, asker=question.asker)
        view = {"found": own, "locale": own.locale, "zone": own.zone}
        return Reply(message=runtime.renderer.render("commands/calibration.j2", view))
    if question.words:
        said = " ".join(question.words)[:40]
        raise UnclearWords(
            f"I do not know what '{said}' is here.",
            hint="`/interview` shows your interviews, `/interview calibration` how you score; "
            "`/bench` plans them.",
        )
    found = interviews.ask(runtime, asker=question.asker)
    view = {"found": found, "locale": found.locale, "zone": found.zone}
    return Reply(message=runtime.renderer.render("commands/interview.j2", view))


COMMAND = Command(
    name="/interview",
    usage="[calibration]",
    summary="Whom you are to meet, what to ask, your scorecards, and how you score.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
