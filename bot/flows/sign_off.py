"""A milestone that a person tells of is written down, by whoever may tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from bot.domain.ids import SlackUserId
from bot.domain.programme import MilestoneKind
from bot.flows.tell_hire import tell_hire
from bot.queries.milestone_form import MilestoneForm, require_milestone
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.programmes import SAID_IN_SLACK, CertificationRow, MilestoneRow

HIGHEST_SCORE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    reached_on: date | None
    note: str = ""
    #: Dimension → 1 to 5.
    scores: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff:
    """What came of it: mistakes by field, or words for whoever told."""

    mistakes: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


def sign_off(runtime: Runtime, *, by: SlackUserId, token: str, entry: SignOff) -> SignedOff:
    """Write it down once, and tell the new hire when it was their manager who signed.

    Raises NotAllowed for anybody whose word it does not take.
    """
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        form = require_milestone(session, runtime, asker=by, token=token)
        if form.reached_on is not None:
            return SignedOff(words="It is written down already.")
        mistakes = mistakes_in(entry, form)
        if mistakes or entry.reached_on is None:
            return SignedOff(mistakes=mistakes)
        short = [name for name in form.milestone.rubric if _is_short(name, entry, form)]
        if form.milestone.kind is MilestoneKind.CERTIFICATION:
            _keep_try(session, form, entry, entry.reached_on, now, is_passed=not short)
        if not short:
            _write_down(session, form, entry, entry.reached_on, now)
        if not form.is_own:
            _tell(session, runtime, form, entry, short)
    if short:
        return SignedOff(
            words=f"The try is kept, and {form.rep.first_name} reads what to practise. "
            "It counts as soon as every part is there."
        )
    return SignedOff(
        words="It is on your checklist as done."
        if form.is_own
        else f"It is written down, and {form.rep.first_name} is told."
    )


def mistakes_in(entry: SignOff, form: MilestoneForm) -> Mapping[str, str]:
    """Field → what is wrong with it."""
    found: dict[str, str] = {}
    first = form.comes_first
    if entry.reached_on is None or not form.followed.started_on <= entry.reached_on <= form.today:
        found["reached_on"] = "Choose a day between the first one in the role and today."
    elif first is not None:
        found["reached_on"] = f"“{first}” comes first, and is still open."
    for number, name in enumerate(form.milestone.rubric):
        if not 1 <= entry.scores.get(name, 0) <= HIGHEST_SCORE:
            found[f"score_{number}"] = "Choose a number from 1 to 5."
    return found


def _is_short(name: str, entry: SignOff, form: MilestoneForm) -> bool:
    return entry.scores[name] < form.milestone.passes_at


def _keep_try(
    session: Session,
    form: MilestoneForm,
    entry: SignOff,
    held_on: date,
    now: datetime,
    *,
    is_passed: bool,
) -> None:
    session.add(
        CertificationRow(
            start_id=form.followed.id,
            milestone=form.milestone.key,
            held_on=held_on,
            scores=dict(entry.scores),
            is_passed=is_passed,
            manager_id=form.person.crm_id,
            note=entry.note,
            noted_at=now,
        )
    )


def _write_down(
    session: Session, form: MilestoneForm, entry: SignOff, reached_on: date, now: datetime
) -> None:
    session.add(
        MilestoneRow(
            start_id=form.followed.id,
            milestone=form.milestone.key,
            reached_on=reached_on,
            source=SAID_IN_SLACK,
            signed_by=form.person.crm_id,
            note=entry.note,
            noted_at=now,
        )
    )


def _tell(
    session: Session, runtime: Runtime, form: MilestoneForm, entry: SignOff, short: list[str]
) -> None:
    programme, reached = form.followed.programme, {*form.followed.reached, form.milestone.key}
    following = [each for each in programme.milestones if each.key not in reached]
    tell_hire(
        session,
        runtime,
        form,
        "messages/milestone.j2",
        what=f"{entry.reached_on}:{'practise' if short else 'reached'}",
        now=runtime.clock.now(),
        held_on=entry.reached_on,
        note=entry.note,
        practise=short,
        next=min(following, key=lambda each: each.day).title if following else None,
    )
