"""Interviews are planned or logged, and scored: by each interviewer alone, before any debrief."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import Session

from bot.domain.day_words import MOST_DAYS_AHEAD
from bot.domain.errors import NotAllowed
from bot.domain.ids import RepId, RoleKey, SlackUserId, TeamId
from bot.domain.people import Manager, Rep
from bot.flows.keep_bench import today_of
from bot.hiring.debrief import Sitting, is_independent
from bot.hiring.scorecard import HIGHEST, LOWEST, Scorecard
from bot.queries.hiring_access import (
    Hirer,
    read_hirer,
    require_hirer,
    require_own_interview,
    require_prospect,
)
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.drafts import drop_draft, keep_draft
from bot.storage.hiring import (
    InterviewRow,
    ProspectRow,
    ScoreRow,
    draft_key,
    find_interview,
    open_slots,
    read_interviews,
)
from bot.storage.outbox import enqueue
from bot.storage.people import SlackMatchRow

MOST_DAYS_BACK = 90
ERASED = "What is known of this person was erased meanwhile, so nothing of this is kept."
#: The form's fields: a score, and what it rests on.
SCORE, EVIDENCE = "score_", "evidence_"
#: Whoever gives one of these says what they saw; the middle explains itself.
EXTREMES = frozenset({LOWEST, HIGHEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    prospect: int | None
    interviewer: str | None
    held_on: date | None
    #: None for an interview without an open slot.
    slot: int | None = None


def plan_interview(runtime: Runtime, *, by: SlackUserId, plan: Plan) -> Mapping[str, str]:
    """The mistakes by field; without any it stands, and the interviewer is told, once.

    Raises NotAllowed for whoever does not hire for the role.
    """
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        hirer = require_hirer(session, runtime, by)
        if plan.prospect is None:
            return {"prospect": "Choose whom to meet."}
        prospect = require_prospect(session, hirer, plan.prospect)
        mistakes = _mistakes_in(session, hirer, prospect, plan, today=today_of(runtime, hirer))
        if mistakes or plan.held_on is None or plan.interviewer is None:
            return mistakes
        row = InterviewRow(
            prospect_id=plan.prospect,
            interviewer_id=plan.interviewer,
            held_on=plan.held_on,
            slot_id=plan.slot,
            planned_at=now,
        )
        session.add(row)
        session.flush()
        met_on = min(plan.held_on, today_of(runtime, hirer))
        prospect.last_touch_on = max(prospect.last_touch_on, met_on)
        session.add(prospect)
        if plan.interviewer != hirer.person.crm_id:
            _tell(session, runtime, hirer, prospect, row)
    return {}


def _mistakes_in(
    session: Session, hirer: Hirer, prospect: ProspectRow, plan: Plan, *, today: date
) -> Mapping[str, str]:
    first, last = today - timedelta(days=MOST_DAYS_BACK), today + timedelta(days=MOST_DAYS_AHEAD)
    if plan.interviewer is None or _known(hirer, plan.interviewer) is None:
        return {"interviewer": "Choose who meets them."}
    if plan.held_on is None or not first <= plan.held_on <= last:
        return {"held_on": f"Choose a day from {MOST_DAYS_BACK} days ago on."}
    slots = {slot.id for slot in open_slots(session, [prospect.role])}
    if plan.slot is not None and plan.slot not in slots:
        return {"slot": "That slot is closed by now; leave it empty, or choose another."}
    found = find_interview(
        session,
        prospect=prospect.id or 0,
        interviewer=plan.interviewer,
        held_on=plan.held_on,
    )
    return {"held_on": "This interview is on record already."} if found else {}


def _known(hirer: Hirer, person: str) -> Rep | Manager | None:
    return hirer.roster.managers.get(TeamId(person)) or hirer.roster.reps.get(RepId(person))


def _tell(
    session: Session, runtime: Runtime, hirer: Hirer, prospect: ProspectRow, row: InterviewRow
) -> None:
    """Without the prospect's name: what stands in Slack, no retention of ours can erase."""
    match, known = session.get(SlackMatchRow, row.interviewer_id), _known(hirer, row.interviewer_id)
    if match is None or match.slack_id is None or known is None:
        return
    now, card = runtime.clock.now(), hirer.cards[RoleKey(prospect.role)]
    view = {
        "asked_by": hirer.person.first_name,
        "card": card,
        "held_on": row.held_on,
        "interview": row.id,
        "locale": known.locale,
        "zone": known.zone.key,
    }
    enqueue(
        session,
        dedupe_key=f"interview:{row.id}",
        kind="interview",
        recipient=match.slack_id,
        message=runtime.renderer.render("messages/interview_planned.j2", view),
        not_before=runtime.policy.quiet_hours.over_at(now, known.zone),
        now=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    #: Competency → 1 to 5; what was not tested is not in it.
    scores: Mapping[str, int] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)


def save_draft(
    runtime: Runtime, *, by: SlackUserId, interview: int, entered: Mapping[str, str]
) -> None:
    """Nothing is kept for anybody but the interviewer, nor once the scores are in."""
    with transaction(runtime.database) as session:
        hirer = read_hirer(session, runtime, by)
        row, prospect = require_own_interview(session, hirer, interview)
        if row.scored_at is None and prospect.erased_at is None:
            keep_draft(session, by, draft_key(interview), entered, now=runtime.clock.now())


def score_interview(
    runtime: Runtime, *, by: SlackUserId, interview: int, entry: Entry
) -> Mapping[str, str]:
    """The mistakes by field; without any the scores are in and stay as they are.

    Submitted again, nothing changes: whoever has seen the others' scores keeps theirs. Raises
    NotAllowed for anybody but the interviewer.
    """
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        hirer = read_hirer(session, runtime, by)
        row, prospect = require_own_interview(session, hirer, interview)
        if row.scored_at is not None:
            return {}
        if prospect.erased_at is not None:
            raise NotAllowed(ERASED, hint="`/interview` shows whom you are still to score.")
        card = runtime.scorecards.get(RoleKey(prospect.role))
        entry = _of(card, entry)
        mistakes = mistakes_in(entry, card)
        if row.held_on > today_of(runtime, hirer) and card is not None:
            first = next(iter(card.competencies))
            mistakes = {f"{SCORE}{first}": "The interview is still to come; score it afterwards."}
        if mistakes:
            return mistakes
        for competency, score in entry.scores.items():
            words = entry.evidence.get(competency) or None
            session.add(
                ScoreRow(interview_id=interview, competency=competency, score=score, evidence=words)
            )
        others = [each for each in read_interviews(session, [prospect.id or 0]) if each is not row]
        hires = RoleKey(prospect.role) in hirer.cards
        row.is_independent = is_independent(sitting_of(row), _sittings(others), hires=hires)
        row.scored_at = now
        session.add(row)
        drop_draft(session, by, draft_key(interview))
    return {}


def _of(card: Scorecard | None, entry: Entry) -> Entry:
    """Without what the scorecard has lost since the form was opened."""
    if card is None:
        return entry
    return Entry(
        scores={key: score for key, score in entry.scores.items() if key in card.competencies},
        evidence={key: words for key, words in entry.evidence.items() if key in card.competencies},
    )


def mistakes_in(entry: Entry, card: Scorecard | None) -> Mapping[str, str]:
    """Field → what is wrong with it."""
    if card is None:
        return {}
    known = card.competencies
    found = {
        f"{EVIDENCE}{name}": "Say in a few words what you saw or heard."
        for name, score in entry.scores.items()
        if name in known and score in EXTREMES and not entry.evidence.get(name)
    }
    for name, words in entry.evidence.items():
        if words and name in known and name not in entry.scores:
            found[f"{SCORE}{name}"] = "Choose a score, or clear the words below."
    if not entry.scores and not found:
        found[f"{SCORE}{next(iter(known))}"] = "Score at least one competency."
    return found


def sitting_of(row: InterviewRow) -> Sitting:
    return Sitting(
        interviewer=row.interviewer_id, planned_at=row.planned_at, scored_at=row.scored_at
    )


def _sittings(rows: Sequence[InterviewRow]) -> Sequence[Sitting]:
    return [sitting_of(row) for row in rows]
