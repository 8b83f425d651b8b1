"""A milestone that was told of by mistake is taken back."""

from bot.domain.errors import NotAllowed
from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.flows.undo_sign_off import undo_sign_off
from bot.queries.milestone_form import MilestoneForm
from bot.queries.reader import reader_of
from bot.runtime import Runtime
from bot.surfaces.modal import Mistakes, Modal, Outcome, Submission, Turned


def form(runtime: Runtime, found: MilestoneForm, *, asker: SlackUserId) -> View:
    view = {
        "token": found.token,
        "title": found.milestone.title,
        "first_name": found.rep.first_name,
        "is_own": found.is_own,
        "reached_on": found.reached_on,
        **reader_of(runtime, asker),
    }
    return runtime.renderer.render_view("modals/milestone_undo.j2", view)


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    by, because = submission.submitter, submission.entered.get("because") or ""
    try:
        words = undo_sign_off(runtime, by=by, token=submission.carries, because=because.strip())
    except NotAllowed as refusal:
        return Mistakes({"because": refusal.message})
    view = {"title": "Milestone", "words": words, **reader_of(runtime, by)}
    return Turned(runtime.renderer.render_view("modals/noted.j2", view))


MODAL = Modal(callback="milestone.undo", answer=answer)
