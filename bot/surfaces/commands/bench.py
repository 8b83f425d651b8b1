"""Whom one could hire tomorrow, and what past hires teach."""

from bot.flows.keep_bench import close_slot, open_slot
from bot.queries import bench, hiring_analysis
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

OPEN, CLOSE, ANALYSIS = "open", "close", "analysis"


def answer(question: Question, runtime: Runtime) -> Reply:
    """``open`` and ``close`` are about slots, ``analysis`` looks back; else it names a role."""
    first, *rest = [*question.words, ""]
    deed, words, done = first.lower(), " ".join(rest).strip(), ""
    if deed == ANALYSIS:
        return _analysis(question, runtime, words)
    if deed == OPEN:
        card = open_slot(runtime, by=question.asker, words=words)
        done = f"A slot is open for {card.title}."
    elif deed == CLOSE:
        card = close_slot(runtime, by=question.asker, words=words)
        done = f"A slot for {card.title} is closed."
    else:
        words = " ".join(question.words)
    found = bench.ask(runtime, asker=question.asker, words=words)
    view = {"bench": found, "done": done, "locale": found.locale, "zone": found.zone}
    return Reply(message=runtime.renderer.render("commands/bench.j2", view))


def _analysis(question: Question, runtime: Runtime, words: str) -> Reply:
    found = hiring_analysis.ask(runtime, asker=question.asker, words=words)
    view = {"found": found, "locale": found.locale, "zone": found.zone}
    return Reply(message=runtime.renderer.render("commands/hiring_analysis.j2", view))


COMMAND = Command(
    name="/bench",
    usage="[role | open role | close role | analysis]",
    summary="Whom you could hire tomorrow, for those who hire; and what past hires teach.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
