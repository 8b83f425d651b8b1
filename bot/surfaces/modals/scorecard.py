"""The scorecard of one interview, filled in alone; then what the others saw."""

from bot.domain.errors import Refusal
from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.flows.interview import EVIDENCE, SCORE, Entry, save_draft, score_interview
from bot.hiring.scorecard import HIGHEST, LOWEST
from bot.queries import interviews
from bot.queries.reader import reader_of
from bot.runtime import Runtime
from bot.surfaces.hiring_forms import noted, number_in, one_line
from bot.surfaces.modal import Mistakes, Modal, Outcome, Submission

SCORES = tuple((str(score), score) for score in range(LOWEST, HIGHEST + 1))
DONE = "Yours is in, and stays as it is. `/interview` shows what the others saw."


def form(runtime: Runtime, *, asker: SlackUserId, interview: int) -> View:
    """Raises NotAllowed for anybody but the interviewer."""
    found = interviews.ask_score(runtime, asker=asker, interview=interview)
    questions = [
        {
            "key": key,
            "competency": competency,
            "score": found.draft.get(f"{SCORE}{key}"),
            "evidence": found.draft.get(f"{EVIDENCE}{key}"),
        }
        for key, competency in found.card.competencies.items()
    ]
    view = {"form": found, "questions": questions, "scores": SCORES, **reader_of(runtime, asker)}
    return runtime.renderer.render_view("modals/scorecard.j2", view)


def debrief(runtime: Runtime, *, asker: SlackUserId, prospect: int) -> View:
    """Raises NotAllowed for whoever neither hires for the role nor meets the prospect."""
    found = interviews.ask_debrief(runtime, asker=asker, prospect=prospect)
    view = {"debrief": found, **reader_of(runtime, asker)}
    return runtime.renderer.render_view("modals/debrief.j2", view)


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    entry, interview = _entry(submission), number_in(submission.carries) or 0
    by = submission.submitter
    try:
        mistakes = score_interview(runtime, by=by, interview=interview, entry=entry)
    except Refusal as refusal:
        return noted(runtime, submission, "Not handed in", refusal.message)
    if mistakes:
        keep(submission, runtime)
        return Mistakes(mistakes)
    return noted(runtime, submission, "Handed in", DONE)


def keep(submission: Submission, runtime: Runtime) -> None:
    """What was begun comes back when the scorecard is opened again, on whatever instance."""
    entered = {name: value for name, value in submission.entered.items() if value}
    interview = number_in(submission.carries)
    if entered and interview is not None:
        save_draft(runtime, by=submission.submitter, interview=interview, entered=entered)


def _entry(submission: Submission) -> Entry:
    entered = submission.entered
    scores = {
        name.removeprefix(SCORE): number
        for name, value in entered.items()
        if name.startswith(SCORE) and (number := number_in(value)) in range(LOWEST, HIGHEST + 1)
        if number is not None
    }
    evidence = {
        name.removeprefix(EVIDENCE): one_line(value)
        for name, value in entered.items()
        if name.startswith(EVIDENCE)
    }
    return Entry(scores=scores, evidence=evidence)


MODAL = Modal(callback="interview.score", answer=answer, keep=keep)
