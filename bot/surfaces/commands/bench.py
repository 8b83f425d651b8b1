"""Whom one could hire tomorrow, and what past hires teach."""

from bot.flows.keep_bench import close_slot, open_slot
from bot.queries import bench
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

OPEN, CLOSE = "open", "close"


def answer(question: Question, runtime: Runtime) -> Reply:
    """``open`` and ``close`` are about slots; anything else names a role."""
    first, *rest = [*question.words, ""]
    deed, words, done = first.lower(), " ".join(rest).strip(), ""
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


COMMAND = Command(
    name="/bench",
    usage="[role | open role | close role]",
    summary="Whom you could hire tomorrow, for those who hire: add, meet, keep in touch.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
