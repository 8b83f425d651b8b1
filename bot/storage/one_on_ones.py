"""What a manager and a rep wrote down about their 1:1s; for the eyes of these two alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.commitment import CommitmentState
from bot.storage.columns import Instant, big_identity


class OneOnOneRow(SQLModel, table=True):
    """One 1:1; written again, it is the same one."""

    __tablename__ = "one_on_one"
    __table_args__ = (UniqueConstraint("manager_id", "rep_id", "held_on"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    manager_id: str = Field(max_length=18)
    rep_id: str = Field(index=True, max_length=18)
    held_on: date
    notes: str
    written_at: datetime = Field(sa_type=Instant)


class CommitmentRow(SQLModel, table=True):
    """The one measurable promise from a 1:1."""

    __tablename__ = "commitment"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    one_on_one_id: int = Field(unique=True, foreign_key="one_on_one.id")
    manager_id: str = Field(max_length=18)
    rep_id: str = Field(index=True, max_length=18)
    words: str
    metric: str | None = None
    due_on: date
    #: A CommitmentState.
    state: str = CommitmentState.OPEN
    made_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


def find_one_on_one(
    session: Session, *, manager: str, rep: str, held_on: date
) -> OneOnOneRow | None:
    row = OneOnOneRow
    wanted = select(row).where(
        col(row.manager_id) == manager, col(row.rep_id) == rep, col(row.held_on) == held_on
    )
    return session.exec(wanted).first()


def find_commitment(session: Session, one_on_one: int) -> CommitmentRow | None:
    row = CommitmentRow
    return session.exec(select(row).where(col(row.one_on_one_id) == one_on_one)).first()


def latest_one_on_ones(
    session: Session, *, manager: str, rep: str, most: int = 1
) -> Sequence[OneOnOneRow]:
    """The newest first."""
    row = OneOnOneRow
    wanted = select(row).where(col(row.manager_id) == manager, col(row.rep_id) == rep)
    return session.exec(wanted.order_by(col(row.held_on).desc()).limit(most)).all()


def last_held(session: Session, *, manager: str, reps: Iterable[str]) -> Mapping[str, date]:
    """Rep → the day of the last 1:1 with this manager; who had none is not in it."""
    row = OneOnOneRow
    wanted = (
        select(row.rep_id, func.max(col(row.held_on)))
        .where(col(row.manager_id) == manager, col(row.rep_id).in_(sorted(reps)))
        .group_by(col(row.rep_id))
    )
    return dict(session.exec(wanted).all())


def read_commitments(
    session: Session, *, manager: str | None = None, reps: Iterable[str]
) -> Sequence[CommitmentRow]:
    """The first due first."""
    row = CommitmentRow
    wanted = select(row).where(col(row.rep_id).in_(sorted(reps)))
    if manager is not None:
        wanted = wanted.where(col(row.manager_id) == manager)
    return session.exec(wanted.order_by(col(row.due_on), col(row.id))).all()
