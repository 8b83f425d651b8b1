"""Every proposal and its verdict, kept so that every silence can say why."""

from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel, col

from bot.domain.ids import DecisionId
from bot.domain.nudge import Defer, Hold, Proposal, Send, Verdict
from bot.storage.columns import Instant, big_identity, json_column


class DecisionRow(SQLModel, table=True):
    """One proposal judged on one day; a nudge bears the id of the decision that sent it."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    decided_at: datetime = Field(sa_type=Instant)
    #: The rep's own day.
    day: date = Field(index=True)
    rule: str = Field(index=True)
    metric: str | None = None
    #: The days that the metric's number covers; None for a nudge about deals.
    first_day: date | None = None
    last_day: date | None = None
    to_id: str = Field(index=True, max_length=18)
    about_id: str = Field(index=True, max_length=18)
    subject: str
    tone: str
    is_urgent: bool = False
    verdict: str = Field(index=True)
    reason: str | None = None
    defer_until: datetime | None = Field(default=None, sa_type=Instant)
    priority: float
    #: Whether the message could have been sent, had the draw allowed it.
    is_eligible: bool
    #: The probability with which an eligible proposal was to be sent, and the number drawn.
    send_probability: float
    draw: float
    text: str | None = None
    records: list[str] = Field(sa_type=json_column())
    view: dict[str, object] = Field(sa_type=json_column())
    because: dict[str, str] = Field(sa_type=json_column())


class CoachedRow(SQLModel, table=True):
    """A person's proposals of one day were judged; a second run that day leaves them alone."""

    __tablename__ = "coached"

    person_id: str = Field(primary_key=True, max_length=18)
    day: date = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)


def begin_coaching(session: Session, person: str, day: date, *, at: datetime) -> bool:
    """Whether the person's day is ours to judge; of two who ask at once, one is told so.

    The other waits for the first one's transaction, and takes over if that is rolled back.
    """
    dialect = session.connection().dialect.name
    build = sqlite_insert if dialect == "sqlite" else postgresql_insert
    claim = build(CoachedRow).values(person_id=person, day=day, at=at).on_conflict_do_nothing()
    claimed = session.connection().execute(claim.returning(col(CoachedRow.person_id)))
    return claimed.first() is not None


class AnswerRow(SQLModel, table=True):
    """What a person did with a nudge; the latest answer stands."""

    __tablename__ = "answer"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    decision_id: int = Field(index=True, foreign_key="decision.id")
    answered_at: datetime = Field(sa_type=Instant)
    by_slack_id: str
    #: done · snooze · not_right · mute
    answer: str
    reason: str | None = None
    snoozed_until: date | None = None


def words_for(verdict: Verdict) -> tuple[str, str | None]:
    """The verdict as (word, reason)."""
    match verdict:
        case Send():
            return "send", None
        case Defer(reason=reason):
            return "defer", reason
        case Hold(reason=reason):
            return "hold", str(reason)


def record(
    session: Session,
    proposal: Proposal,
    verdict: Verdict,
    *,
    at: datetime,
    day: date,
    text: str | None,
    is_eligible: bool,
    send_probability: float,
    draw: float,
) -> DecisionId:
    word, reason = words_for(verdict)
    row = DecisionRow(
        first_day=proposal.window.first if proposal.window else None,
        last_day=proposal.window.last if proposal.window else None,
        decided_at=at,
        day=day,
        rule=proposal.rule,
        metric=proposal.metric,
        to_id=proposal.to,
        about_id=proposal.about,
        subject=proposal.subject,
        tone=proposal.tone,
        is_urgent=proposal.is_urgent,
        verdict=word,
        reason=reason,
        defer_until=verdict.until if isinstance(verdict, Defer) else None,
        priority=proposal.priority,
        is_eligible=is_eligible,
        send_probability=send_probability,
        draw=draw,
        text=text,
        records=list(proposal.records),
        view=dict(proposal.view),
        because=dict(proposal.because),
    )
    return _numbered(session, row)


def _numbered(session: Session, row: DecisionRow) -> DecisionId:
    session.add(row)
    session.flush()
    if row.id is None:
        raise RuntimeError("the database numbered no decision")
    return DecisionId(row.id)
