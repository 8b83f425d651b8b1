"""What the forms of hiring share: reading what was entered, and saying how it went."""

from collections.abc import Callable, Mapping
from datetime import date

from bot.domain.errors import Refusal
from bot.queries.reader import reader_of
from bot.runtime import Runtime
from bot.surfaces.modal import Mistakes, Outcome, Submission, Turned


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def day_in(submission: Submission, field: str) -> date | None:
    text = submission.entered.get(field)
    return date.fromisoformat(text) if text else None


def number_in(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def settled(
    runtime: Runtime,
    submission: Submission,
    deed: Callable[[], Mapping[str, str]],
    *,
    field: str,
    title: str,
    words: str,
) -> Outcome:
    """Mistakes at their field, a refusal at ``field``, else the words that it is done."""
    try:
        mistakes = deed()
    except Refusal as refusal:
        return Mistakes({field: refusal.message})
    if mistakes:
        return Mistakes(mistakes)
    return noted(runtime, submission, title, words)


def noted(runtime: Runtime, submission: Submission, title: str, words: str) -> Turned:
    view = {"title": title, "words": words, **reader_of(runtime, submission.submitter)}
    return Turned(runtime.renderer.render_view("modals/noted.j2", view))
