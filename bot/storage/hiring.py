"""The bench: prospects, open slots, interviews and their scores.

A prospect's personal data (name, contact, who referred them, words of evidence) can be erased; the
numbers stay and belong to nobody then. So does the number in the applicant system, or else the next
import would bring back whoever asked to be forgotten.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import UniqueConstraint, update
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.hiring import ProspectState
from bot.storage.columns import Instant, big_identity
from bot.storage.drafts import drop_drafts


class ProspectRow(SQLModel, table=True):
    """A person we may hire."""

    __tablename__ = "prospect"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    #: A RoleKey.
    role: str = Field(index=True)
    #: None once it was erased.
    name: str | None = None
    #: An e-mail, a number or a profile's address.
    contact: str | None = None
    #: A key of SOURCES.
    source: str
    referrer: str | None = None
    #: A ProspectState.
    state: str = Field(default=ProspectState.BENCH, index=True)
    added_on: date
    #: CRM user id of whoever added them; None for an import.
    added_by: str | None = Field(default=None, max_length=18)
    last_touch_on: date = Field(index=True)
    next_touch_on: date | None = None
    #: The CRM user that a hire became.
    person_id: str | None = Field(default=None, unique=True, max_length=18)
    hired_on: date | None = None
    #: What a file told, for hires who began before the records of the CRM do.
    first_deal_on: date | None = None
    #: The id in the applicant system that they were imported from.
    external_id: str | None = Field(default=None, unique=True, max_length=80)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)


class SlotRow(SQLModel, table=True):
    """A seat that is to be filled."""

    __tablename__ = "hiring_slot"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    role: str = Field(index=True)
    opened_on: date
    opened_by: str = Field(max_length=18)
    closed_on: date | None = None


class InterviewRow(SQLModel, table=True):
    """One interviewer meets one prospect; several on a day are several rows."""

    __tablename__ = "interview"
    __table_args__ = (UniqueConstraint("prospect_id", "interviewer_id", "held_on"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    prospect_id: int = Field(index=True, foreign_key="prospect.id")
    #: A CRM user id.
    interviewer_id: str = Field(index=True, max_length=18)
    held_on: date
    #: None for an interview without an open slot.
    slot_id: int | None = Field(default=None, foreign_key="hiring_slot.id")
    planned_at: datetime = Field(sa_type=Instant)
    #: None while the scorecard is missing.
    scored_at: datetime | None = Field(default=None, sa_type=Instant)
    #: Whether no score of another could have been seen before; None where nobody knows.
    is_independent: bool | None = None


class ScoreRow(SQLModel, table=True):
    """One competency in one interview."""

    __tablename__ = "interview_score"

    interview_id: int = Field(primary_key=True, foreign_key="interview.id")
    competency: str = Field(primary_key=True, max_length=40)
    #: 1 to 5.
    score: int
    #: What was seen or heard; None once it was erased.
    evidence: str | None = None


def draft_key(interview: int) -> str:
    return f"interview:{interview}"


def read_prospects(
    session: Session, roles: Collection[str], *, states: Collection[str] = ()
) -> Sequence[ProspectRow]:
    """By name; of all states when none is named."""
    row = ProspectRow
    wanted = select(row).where(col(row.role).in_(sorted(roles)))
    if states:
        wanted = wanted.where(col(row.state).in_(sorted(states)))
    return session.exec(wanted.order_by(col(row.name), col(row.id))).all()


def read_interviews(session: Session, prospects: Iterable[int]) -> Sequence[InterviewRow]:
    """The oldest first."""
    row = InterviewRow
    wanted = select(row).where(col(row.prospect_id).in_(sorted(prospects)))
    return session.exec(wanted.order_by(col(row.held_on), col(row.id))).all()


def interviews_of(session: Session, interviewer: str) -> Sequence[tuple[InterviewRow, ProspectRow]]:
    """Whom somebody met or is to meet, the oldest first; erased prospects are left out."""
    row, who = InterviewRow, ProspectRow
    wanted = (
        select(row, who)
        .join(who, col(who.id) == col(row.prospect_id))
        .where(col(row.interviewer_id) == interviewer, col(who.erased_at).is_(None))
    )
    return session.exec(wanted.order_by(col(row.held_on), col(row.id))).all()


def read_scores(
    session: Session, interviews: Iterable[int]
) -> Mapping[int, Mapping[str, ScoreRow]]:
    """Interview → competency → its score."""
    row = ScoreRow
    found: dict[int, dict[str, ScoreRow]] = {}
    wanted = select(row).where(col(row.interview_id).in_(sorted(interviews)))
    for each in session.exec(wanted):
        found.setdefault(each.interview_id, {})[each.competency] = each
    return found


def open_slots(session: Session, roles: Collection[str]) -> Sequence[SlotRow]:
    row = SlotRow
    wanted = select(row).where(col(row.role).in_(sorted(roles)), col(row.closed_on).is_(None))
    return session.exec(wanted.order_by(col(row.id))).all()


def find_interview(
    session: Session, *, prospect: int, interviewer: str, held_on: date
) -> InterviewRow | None:
    row = InterviewRow
    wanted = select(row).where(
        col(row.prospect_id) == prospect,
        col(row.interviewer_id) == interviewer,
        col(row.held_on) == held_on,
    )
    return session.exec(wanted).first()


def erase_words(session: Session, prospects: Collection[int], *, now: datetime) -> None:
    """Whoever they were is gone; role, source, state and numbers stay."""
    row, score = ProspectRow, ScoreRow
    theirs = [each.id or 0 for each in read_interviews(session, prospects)]
    drop_drafts(session, [draft_key(each) for each in theirs])
    connection = session.connection()
    connection.execute(
        update(score).where(col(score.interview_id).in_(theirs)).values(evidence=None)
    )
    connection.execute(
        update(row)
        .where(col(row.id).in_(sorted(prospects)))
        .values(
            name=None,
            contact=None,
            referrer=None,
            next_touch_on=None,
            erased_at=now,
        )
    )


def read_sources(session: Session) -> Mapping[str, str]:
    """Who was hired from the bench, by CRM user id, and the key of SOURCES they came from."""
    row = ProspectRow
    wanted = select(row.person_id, row.source).where(col(row.person_id).is_not(None))
    return {str(person): source for person, source in session.exec(wanted)}
