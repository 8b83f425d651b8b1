"""How new hires stand against their ramp."""

from bot.queries import ramp
from bot.queries.charts import ramp_chart
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

SHARE = "share"


def answer(question: Question, runtime: Runtime) -> Reply:
    """``share`` shows the channel how long firsts take in the role, and nobody's name."""
    is_shared = SHARE in {word.lower() for word in question.words}
    words = " ".join(word for word in question.words if word.lower() != SHARE)
    found = ramp.ask(runtime, asker=question.asker, words=words)
    view = {
        "ramp": found,
        "curves": ramp_chart(found.cohorts),
        "is_shared": is_shared,
        "locale": found.locale,
        "zone": found.zone,
    }
    message = runtime.renderer.render("commands/ramp.j2", view)
    return Reply(message=message, is_shared=is_shared)


COMMAND = Command(
    name="/ramp",
    usage="[@rep] [share]",
    summary="How new hires stand against their ramp, and how long firsts take in their role.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
