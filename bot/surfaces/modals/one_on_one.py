"""A 1:1 written down: notes, one commitment, and how earlier commitments went."""

from contextlib import suppress
from datetime import date

from bot.domain.commitment import CommitmentState
from bot.domain.errors import NotAllowed
from bot.domain.ids import RepId, SlackUserId
from bot.domain.message import View
from bot.flows.note_one_on_one import Entry, note_one_on_one, save_draft
from bot.queries import one_on_one_form
from bot.queries.reader import reader_of
from bot.runtime import Runtime
from bot.surfaces.modal import Mistakes, Modal, Outcome, Submission, Turned

OUTCOMES = (
    ("Kept", CommitmentState.KEPT),
    ("Not kept", CommitmentState.NOT_KEPT),
    ("No longer matters", CommitmentState.DROPPED),
)
OUTCOME = "outcome_"


def form(runtime: Runtime, *, asker: SlackUserId, rep: RepId) -> View:
    """Raises NotAllowed for anybody but the rep's manager."""
    found = one_on_one_form.ask(runtime, asker=asker, rep=rep)
    view = {
        "rep_id": found.rep_id,
        "first_name": found.first_name,
        "today": found.today.isoformat(),
        "commitments": found.commitments,
        "outcomes": OUTCOMES,
        "metrics": found.metrics,
        "draft": {"held_on": "", "notes": "", "commitment": "", "due_on": "", "metric": ""}
        | dict(found.draft),
        **reader_of(runtime, asker),
    }
    return runtime.renderer.render_view("modals/one_on_one.j2", view)


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    entry, rep = _entry(submission), RepId(submission.carries)
    try:
        mistakes = note_one_on_one(runtime, by=submission.submitter, rep=rep, entry=entry)
    except NotAllowed as refusal:
        return Mistakes({"held_on": refusal.message})
    if mistakes:
        keep(submission, runtime)
        return Mistakes(mistakes)
    words = "It is written down, and they can read it. Your next brief brings it back."
    view = {"title": "Written down", "words": words, **reader_of(runtime, submission.submitter)}
    return Turned(runtime.renderer.render_view("modals/noted.j2", view))


def keep(submission: Submission, runtime: Runtime) -> None:
    """What was begun comes back when the modal is opened again, on whatever instance."""
    entered = {
        name: value
        for name, value in submission.entered.items()
        if value and not name.startswith(OUTCOME)
    }
    if entered.keys() & {"notes", "commitment", "due_on", "metric"}:
        rep = RepId(submission.carries)
        save_draft(runtime, by=submission.submitter, rep=rep, entered=entered)


def _entry(submission: Submission) -> Entry:
    entered = submission.entered
    outcomes: dict[int, CommitmentState] = {}
    for name, value in entered.items():
        if name.startswith(OUTCOME) and value:
            with suppress(ValueError):
                outcomes[int(name.removeprefix(OUTCOME))] = CommitmentState(value)
    return Entry(
        held_on=_day(entered.get("held_on")),
        notes=(entered.get("notes") or "").strip(),
        commitment=" ".join((entered.get("commitment") or "").split()),
        due_on=_day(entered.get("due_on")),
        metric=entered.get("metric"),
        outcomes=outcomes,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


MODAL = Modal(callback="one_on_one.write", answer=answer, keep=keep)
