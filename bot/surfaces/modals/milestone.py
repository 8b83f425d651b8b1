"""A milestone was reached: when, how well where that is asked for, and a word about it."""

from contextlib import suppress
from datetime import date

from bot.domain.errors import NotAllowed
from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.flows.sign_off import SignOff, sign_off
from bot.queries import milestone_form
from bot.queries.reader import reader_of
from bot.runtime import Runtime
from bot.surfaces.modal import Mistakes, Modal, Outcome, Submission, Turned
from bot.surfaces.modals import milestone_undo

SCORE = "score_"


def form(runtime: Runtime, *, asker: SlackUserId, token: str) -> View:
    """Raises NotAllowed for anybody whose word it does not take."""
    found = milestone_form.ask(runtime, asker=asker, token=token)
    if found.reached_on is not None:
        return milestone_undo.form(runtime, found, asker=asker)
    view = {
        "token": found.token,
        "title": found.milestone.title,
        "how": found.milestone.how,
        "first_name": found.rep.first_name,
        "is_own": found.is_own,
        "comes_first": found.comes_first,
        "today": found.today.isoformat(),
        "rubric": found.milestone.rubric,
        "passes_at": found.milestone.passes_at,
        "scores": milestone_form.SCORES,
        **reader_of(runtime, asker),
    }
    return runtime.renderer.render_view("modals/milestone.j2", view)


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    by, token = submission.submitter, submission.carries
    try:
        found = milestone_form.ask(runtime, asker=by, token=token)
        entry = _entry(submission, found.milestone.rubric)
        done = sign_off(runtime, by=by, token=token, entry=entry)
    except NotAllowed as refusal:
        return Mistakes({"reached_on": refusal.message})
    if done.mistakes:
        return Mistakes(done.mistakes)
    view = {"title": "Milestone", "words": done.words, **reader_of(runtime, by)}
    return Turned(runtime.renderer.render_view("modals/noted.j2", view))


def _entry(submission: Submission, rubric: tuple[str, ...]) -> SignOff:
    entered = submission.entered
    day = entered.get("reached_on")
    scores: dict[str, int] = {}
    for number, name in enumerate(rubric):
        with suppress(ValueError):
            scores[name] = int(entered.get(f"{SCORE}{number}") or 0)
    return SignOff(
        reached_on=date.fromisoformat(day) if day else None,
        note=(entered.get("note") or "").strip(),
        scores=scores,
    )


MODAL = Modal(callback="milestone.reached", answer=answer)
