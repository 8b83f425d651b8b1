"""A talk with a prospect, and when to talk again."""

from functools import partial

from bot.flows.keep_bench import note_touch
from bot.runtime import Runtime
from bot.surfaces.hiring_forms import day_in, number_in, settled
from bot.surfaces.modal import Modal, Outcome, Submission

DONE = "It is noted. `/bench` brings them back when it is time."


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    note = partial(
        note_touch,
        runtime,
        by=submission.submitter,
        prospect=number_in(submission.carries) or 0,
        on=day_in(submission, "touched_on"),
        next_on=day_in(submission, "next_touch_on"),
    )
    return settled(runtime, submission, note, field="touched_on", title="Noted", words=DONE)


MODAL = Modal(callback="prospect.touch", answer=answer)
