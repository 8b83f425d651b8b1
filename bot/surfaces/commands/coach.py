"""The brief for a 1:1, and whom to talk to next."""

from bot.domain.errors import NotAllowed
from bot.queries import one_on_one_brief, one_on_one_queue
from bot.queries.permissions import person_of
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.surfaces.command import Audience, Command, Question, Reply

SHARE = "share"
NEVER_SHARED = "A 1:1 brief is for the two of you, so I do not share it."


def answer(question: Question, runtime: Runtime) -> Reply:
    """Without a name, the asker's own reps, the longest waiting first."""
    if SHARE in {word.lower() for word in question.words}:
        raise NotAllowed(NEVER_SHARED, hint="`/coach @rep` shows it to you alone.")
    with reading(runtime.database) as session:
        person = person_of(session, question.asker, runtime.organisation)
    reader = {"locale": person.locale, "zone": person.zone.key}
    if not question.words:
        queue = one_on_one_queue.ask(runtime, asker=question.asker)
        view = {"queue": queue, **reader}
        return Reply(message=runtime.renderer.render("commands/coach_queue.j2", view))
    brief = one_on_one_brief.ask(runtime, asker=question.asker, words=" ".join(question.words))
    view = {"brief": brief, **reader}
    return Reply(message=runtime.renderer.render("commands/coach.j2", view))


COMMAND = Command(
    name="/coach",
    usage="[@rep]",
    summary="The brief for your 1:1 with a rep, and a place to write it down.",
    audience=Audience.MANAGER,
    answer=answer,
)
