"""How new hires stand against their ramp and programme, and how cohorts did."""

from bot.queries import ramp, ramp_cohorts
from bot.queries.charts import ramp_chart
from bot.queries.cohort_chart import cohort_chart
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

SHARE = "share"
COHORT = frozenset({"cohort", "cohorts"})


def answer(question: Question, runtime: Runtime) -> Reply:
    """``share`` shows the channel how long firsts take in the role, and nobody's name."""
    is_shared = SHARE in {word.lower() for word in question.words}
    said = [word for word in question.words if word.lower() != SHARE]
    if said and said[0].lower() in COHORT:
        return _cohorts(question, runtime, said[1:], is_shared=is_shared)
    words = " ".join(said)
    found = ramp.ask(runtime, asker=question.asker, words=words)
    # Of a whole team the picture says nothing about anybody, and before a channel of nobody.
    one = found.hires[0] if len(found.hires) == 1 and (words or found.is_own) else None
    view = {
        "ramp": found,
        "curves": ramp_chart(found.cohorts, None if is_shared else one),
        "is_shared": is_shared,
        "locale": found.locale,
        "zone": found.zone,
    }
    message = runtime.renderer.render("commands/ramp.j2", view)
    return Reply(message=message, is_shared=is_shared)


def _cohorts(question: Question, runtime: Runtime, words: list[str], *, is_shared: bool) -> Reply:
    """Nobody is named here, so anybody may ask."""
    found = ramp_cohorts.ask(runtime, asker=question.asker, words=words)
    view = {
        "cohorts": found,
        "curves": cohort_chart(found),
        "is_shared": is_shared,
        "locale": found.locale,
        "zone": found.zone,
    }
    message = runtime.renderer.render("commands/ramp_cohort.j2", view)
    return Reply(message=message, is_shared=is_shared)


COMMAND = Command(
    name="/ramp",
    usage="[@rep | cohort [by version|quarter|source] [role]] [share]",
    summary="How new hires stand against their ramp and programme, and how their cohort did.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
