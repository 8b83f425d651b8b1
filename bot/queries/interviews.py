"""Whom one is to meet, which scorecards are missing, and what the interviewers made of somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.errors import NotAllowed
from bot.domain.hiring import ON_THE_BENCH
from bot.domain.ids import RoleKey, SlackUserId
from bot.hiring.debrief import may_see_scores
from bot.hiring.scorecard import Competency, Scorecard
from bot.queries.bench import prospects_on, sittings_of
from bot.queries.hiring_access import (
    NOT_YOUR_BENCH,
    NOT_YOUR_INTERVIEW,
    Hirer,
    read_hirer,
    require_hirer,
    require_own_interview,
    require_prospect,
)
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.drafts import read_draft
from bot.storage.hiring import (
    InterviewRow,
    ProspectRow,
    ScoreRow,
    draft_key,
    interviews_of,
    open_slots,
    read_interviews,
    read_prospects,
    read_scores,
)

MOST_SHOWN = 10
MOST_OPTIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewLine:
    id: int
    prospect_id: int
    prospect: str
    role: str
    held_on: date
    interviewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interviews:
    to_score: tuple[InterviewLine, ...]
    ahead: tuple[InterviewLine, ...]
    #: Scored by the asker: the others' scores are open to them.
    scored: tuple[InterviewLine, ...]
    #: Scorecards of others that are missing, for whoever hires for the role.
    missing: tuple[InterviewLine, ...]
    hires: bool
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId) -> Interviews:
    """Raises UnknownPerson."""
    with reading(runtime.database) as session:
        hirer = read_hirer(session, runtime, asker)
        today = runtime.clock.now().astimezone(hirer.person.zone).date()
        own = [
            (row, prospect)
            for row, prospect in interviews_of(session, hirer.person.crm_id)
            if RoleKey(prospect.role) in runtime.scorecards
        ]
        lines = {row.id: _line(runtime, hirer, row, prospect) for row, prospect in own}
        scored = [(row, prospect) for row, prospect in own if row.scored_at is not None]
        return Interviews(
            to_score=tuple(
                lines[row.id] for row, _ in own if row.scored_at is None and row.held_on <= today
            )[:MOST_SHOWN],
            ahead=tuple(lines[row.id] for row, _ in own if row.held_on > today)[:MOST_SHOWN],
            scored=tuple(
                lines[row.id] for row, prospect in scored if prospect.state in ON_THE_BENCH
            )[-MOST_SHOWN:],
            missing=_missing(session, runtime, hirer, today),
            hires=bool(hirer.cards),
            locale=hirer.person.locale,
            zone=hirer.person.zone.key,
        )


def _missing(
    session: Session, runtime: Runtime, hirer: Hirer, today: date
) -> tuple[InterviewLine, ...]:
    rows = read_prospects(session, hirer.cards, states=ON_THE_BENCH)
    prospects = {row.id: row for row in rows if row.erased_at is None}
    return tuple(
        _line(runtime, hirer, row, prospects[row.prospect_id])
        for row in read_interviews(session, [key for key in prospects if key is not None])
        if row.scored_at is None
        and row.held_on < today
        and row.interviewer_id != hirer.person.crm_id
    )[:MOST_SHOWN]


def _line(
    runtime: Runtime, hirer: Hirer, row: InterviewRow, prospect: ProspectRow
) -> InterviewLine:
    return InterviewLine(
        id=row.id or 0,
        prospect_id=row.prospect_id,
        prospect=prospect.name or "",
        role=runtime.scorecards[RoleKey(prospect.role)].title,
        held_on=row.held_on,
        interviewer=hirer.name_of(row.interviewer_id),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm:
    prospects: Sequence[tuple[str, int]]
    interviewers: Sequence[tuple[str, str]]
    slots: Sequence[tuple[str, int]]
    chosen: int | None
    today: date


def ask_plan(runtime: Runtime, *, asker: SlackUserId, prospect: int | None) -> PlanForm:
    """Raises NotAllowed."""
    with reading(runtime.database) as session:
        hirer = require_hirer(session, runtime, asker)
        roles = list(hirer.cards)
        if prospect is not None:
            roles = [RoleKey(require_prospect(session, hirer, prospect).role)]
        return PlanForm(
            prospects=prospects_on(session, hirer, roles)[:MOST_OPTIONS],
            interviewers=_colleagues(hirer),
            slots=[
                (f"{hirer.cards[RoleKey(slot.role)].title}, open since {slot.opened_on}", slot.id)
                for slot in open_slots(session, roles)
                if slot.id is not None
            ],
            chosen=prospect,
            today=runtime.clock.now().astimezone(hirer.person.zone).date(),
        )


def _colleagues(hirer: Hirer) -> Sequence[tuple[str, str]]:
    """The asker, their own people, other managers, everybody else; Slack shows a hundred."""
    roster, asker = hirer.roster, hirer.person.crm_id
    people = [(each.name, str(each.id), 2) for each in roster.managers.values() if each.is_active]
    people += [
        (each.name, str(each.id), 1 if each.team == asker else 3)
        for each in roster.reps.values()
        if each.is_active
    ]
    ordered = sorted(people, key=lambda each: (each[1] != asker, each[2], each[0]))
    return [(name, person) for name, person, _ in ordered[:MOST_OPTIONS]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreForm:
    interview: int
    prospect: str
    card: Scorecard
    held_on: date
    is_in: bool
    is_ahead: bool
    draft: Mapping[str, str]


def ask_score(runtime: Runtime, *, asker: SlackUserId, interview: int) -> ScoreForm:
    """Raises NotAllowed for anybody but the interviewer."""
    with reading(runtime.database) as session:
        hirer = read_hirer(session, runtime, asker)
        row, prospect = require_own_interview(session, hirer, interview)
        card = runtime.scorecards.get(RoleKey(prospect.role))
        if card is None or prospect.name is None:
            raise NotAllowed(NOT_YOUR_INTERVIEW, hint="`/interview` shows yours.")
        return ScoreForm(
            interview=interview,
            prospect=prospect.name,
            card=card,
            held_on=row.held_on,
            is_in=row.scored_at is not None,
            is_ahead=row.held_on > runtime.clock.now().astimezone(hirer.person.zone).date(),
            draft=read_draft(session, asker, draft_key(interview)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one interviewer gave for one competency."""

    interviewer: str
    score: int
    evidence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debrief:
    prospect_id: int
    prospect: str
    role: str
    #: (Competency, what each gave), in the order of the scorecard; empty while hidden.
    competencies: tuple[tuple[Competency, tuple[Given, ...]], ...]
    #: Scorecards that are in, and interviews in all.
    scored: int
    interviews: int
    is_open: bool
    #: The asker's own interview that is to be scored first.
    own: int | None


def ask_debrief(runtime: Runtime, *, asker: SlackUserId, prospect: int) -> Debrief:
    """Scores of others are not in it before the asker's own are in.

    Raises NotAllowed for whoever neither hires for the role nor meets the prospect.
    """
    with reading(runtime.database) as session:
        hirer = read_hirer(session, runtime, asker)
        row = session.get(ProspectRow, prospect)
        rows = read_interviews(session, [prospect])
        own = [each for each in rows if each.interviewer_id == hirer.person.crm_id]
        hires = row is not None and RoleKey(row.role) in hirer.cards
        card = runtime.scorecards.get(RoleKey(row.role)) if row is not None else None
        if row is None or row.name is None or card is None or not (own or hires):
            raise NotAllowed(NOT_YOUR_BENCH, hint="`/interview` shows whom you are to meet.")
        is_open = may_see_scores(hirer.person.crm_id, sittings_of(rows), hires=hires)
        scores = read_scores(session, [each.id or 0 for each in rows]) if is_open else {}
        missing = [each.id for each in own if each.scored_at is None]
        return Debrief(
            prospect_id=prospect,
            prospect=row.name,
            role=card.title,
            competencies=_given(hirer, card, rows, scores) if is_open else (),
            scored=sum(each.scored_at is not None for each in rows),
            interviews=len(rows),
            is_open=is_open,
            own=missing[0] if missing else None,
        )


def _given(
    hirer: Hirer,
    card: Scorecard,
    rows: Sequence[InterviewRow],
    scores: Mapping[int, Mapping[str, ScoreRow]],
) -> tuple[tuple[Competency, tuple[Given, ...]], ...]:
    return tuple(
        (
            competency,
            tuple(
                Given(
                    interviewer=hirer.name_of(row.interviewer_id),
                    score=found.score,
                    evidence=found.evidence,
                )
                for row in rows
                if (found := scores.get(row.id or 0, {}).get(key)) is not None
            ),
        )
        for key, competency in card.competencies.items()
    )
