"""Days off: enter them, take them back, see what is on record."""

from bot.domain.message import Message
from bot.flows.take_leave import Entry, cancel_leave, split_mention, take_leave
from bot.queries import leave
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

LIST, CANCEL = "list", "cancel"


def answer(question: Question, runtime: Runtime) -> Reply:
    """``list`` or nothing shows, ``cancel`` takes back, anything else names days to enter."""
    words = list(question.words)
    deeds = [word for word in words if word.lower() in {LIST, CANCEL}]
    if deeds:
        words.remove(deeds[0])
    about, rest = split_mention(words)
    entry: Entry | None = None
    if deeds and deeds[0].lower() == CANCEL:
        entry = cancel_leave(runtime, by=question.asker, words=words)
    elif rest and not deeds:
        entry = take_leave(runtime, by=question.asker, words=words)
    is_cancelled = bool(deeds and deeds[0].lower() == CANCEL)
    found = leave.ask(runtime, asker=question.asker, about=about)
    return Reply(message=_shown(runtime, found, entry, is_cancelled=is_cancelled))


def _shown(
    runtime: Runtime, found: leave.LeaveOnRecord, entry: Entry | None, *, is_cancelled: bool
) -> Message:
    view = {
        "leave": found,
        "entry": entry,
        "is_cancelled": is_cancelled,
        "locale": found.person.locale,
        "zone": found.person.zone,
    }
    return runtime.renderer.render("commands/ooo.j2", view)


COMMAND = Command(
    name="/ooo",
    usage="[tomorrow | 24 dec - 2 jan | list | cancel 24 dec] [@report]",
    summary="Enter days off, so that nothing is expected of them; see what is on record.",
    audience=Audience.EVERYBODY,
    answer=answer,
)
