"""How it stands with a prospect: hired, declined, not now, or back on the bench."""

from functools import partial

from bot.flows.keep_bench import Settlement, settle_prospect
from bot.runtime import Runtime
from bot.surfaces.hiring_forms import day_in, number_in, settled
from bot.surfaces.modal import Modal, Outcome, Submission

DONE = "It is noted. What is learned from hires is under `/bench analysis`."


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    settle = partial(
        settle_prospect,
        runtime,
        by=submission.submitter,
        prospect=number_in(submission.carries) or 0,
        settlement=Settlement(
            state=submission.entered.get("state") or "",
            person=submission.entered.get("person"),
            hired_on=day_in(submission, "hired_on"),
        ),
    )
    return settled(runtime, submission, settle, field="state", title="Noted", words=DONE)


MODAL = Modal(callback="prospect.settle", answer=answer)
