"""Days off, entered in a form."""

from datetime import date

from bot.domain.errors import UnclearWords
from bot.flows.take_leave import take_leave
from bot.runtime import Runtime
from bot.surfaces.modal import Mistakes, Modal, Outcome, Submission, Turned


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    first, last = submission.entered.get("first"), submission.entered.get("last")
    if first is None:
        return Mistakes({"first": "Choose the first day off."})
    if last is not None and date.fromisoformat(last) < date.fromisoformat(first):
        return Mistakes({"last": "That lies before the first day."})
    words = [first, last] if last is not None else [first]
    try:
        entry = take_leave(runtime, by=submission.submitter, words=words)
    except UnclearWords as refusal:
        return Mistakes({"last" if "year." in refusal.message else "first": refusal.message})
    view = {"entry": entry, "locale": entry.person.locale, "zone": entry.person.zone}
    return Turned(runtime.renderer.render_view("modals/leave_noted.j2", view))


MODAL = Modal(callback="leave.enter", answer=answer)
