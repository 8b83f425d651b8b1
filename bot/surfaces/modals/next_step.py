"""Log a next step: in which deal, what, and until when."""

from datetime import date

from bot.domain.message import Message
from bot.flows.log_next_step import NextStep, log_next_step
from bot.queries.next_step_form import NOTHING
from bot.runtime import Runtime
from bot.surfaces.modal import Finished, Mistakes, Modal, Outcome, Submission
from bot.surfaces.nudge_slip import unfolded


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    entered, slip = submission.entered, unfolded(submission.carries)
    due_on, close_on = entered.get("due_on"), entered.get("close_on")
    step = NextStep(
        deal=entered.get("deal") or "",
        words=" ".join((entered.get("step") or "").split()),
        due_on=date.fromisoformat(due_on) if due_on else None,
        close_on=date.fromisoformat(close_on) if close_on else None,
        done=" ".join((entered.get("done") or "").split()),
        target=entered.get("target") or NOTHING,
    )
    outcome = log_next_step(runtime, nudge=slip.nudge, by=submission.submitter, step=step)
    return Finished(slip.receipt, outcome) if isinstance(outcome, Message) else Mistakes(outcome)


MODAL = Modal(callback="nudge.next_step", answer=answer)
