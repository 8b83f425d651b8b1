"""An interview to come, or one that was held: who meets whom, when, and whether for a slot."""

from functools import partial

from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.flows.interview import Plan, plan_interview
from bot.queries import interviews
from bot.queries.reader import reader_of
from bot.runtime import Runtime
from bot.surfaces.hiring_forms import day_in, number_in, settled
from bot.surfaces.modal import Modal, Outcome, Submission

DONE = "It is noted. Whoever meets them finds the scorecard under `/interview`."


def form(runtime: Runtime, *, asker: SlackUserId, prospect: int | None) -> View:
    """Raises NotAllowed for whoever hires for no role."""
    found = interviews.ask_plan(runtime, asker=asker, prospect=prospect)
    view = {
        "prospects": found.prospects,
        "interviewers": found.interviewers,
        "slots": found.slots,
        "chosen": found.chosen,
        "today": found.today.isoformat(),
        **reader_of(runtime, asker),
    }
    return runtime.renderer.render_view("modals/interview_plan.j2", view)


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    entered = submission.entered
    planned = Plan(
        prospect=number_in(entered.get("prospect")),
        interviewer=entered.get("interviewer"),
        held_on=day_in(submission, "held_on"),
        slot=number_in(entered.get("slot")),
    )
    plan = partial(plan_interview, runtime, by=submission.submitter, plan=planned)
    return settled(runtime, submission, plan, field="prospect", title="Noted", words=DONE)


MODAL = Modal(callback="interview.plan", answer=answer)
