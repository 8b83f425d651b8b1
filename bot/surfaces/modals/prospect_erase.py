"""Somebody asks to be forgotten."""

from bot.domain.errors import Refusal
from bot.flows.forget_prospects import forget_prospect
from bot.runtime import Runtime
from bot.surfaces.hiring_forms import noted, number_in
from bot.surfaces.modal import Modal, Outcome, Submission

DONE = (
    "Nothing here says any more who they were. If your applicant system knows them, erase it there."
)


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    """There is no field that a refusal could stand at, so it takes the form's place."""
    try:
        prospect = number_in(submission.carries) or 0
        forget_prospect(runtime, by=submission.submitter, prospect=prospect)
    except Refusal as refusal:
        return noted(runtime, submission, "Not erased", refusal.message)
    return noted(runtime, submission, "Erased", DONE)


MODAL = Modal(callback="prospect.erase", answer=answer)
