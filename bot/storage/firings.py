"""Every firing of a job: who inserts the row owns the due instant, who claims it works it off.

A row is unique by job and due instant, so however many instances see that a job is due, one row is
written. Only a job's newest firing is worth working off, because every job catches up on all that
is left to do; an older one that is still open is superseded.

    waiting -> claimed -> done | failed
       ^          |
       +- retry --+        superseded (by a newer firing of the same job)

Whether the owner of a claimed firing is alive shows in its ``beats`` rather than in an instant: the
clock may be a sandbox's, wound forward by a week between two beats.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint, delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from bot.storage.columns import Instant, big_identity


class FiringState(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"
    SUPERSEDED = "superseded"


OPEN = (FiringState.WAITING, FiringState.CLAIMED)


class FiringRow(SQLModel, table=True):
    __tablename__ = "firing"
    __table_args__ = (UniqueConstraint("job", "due_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    job: str = Field(max_length=64)
    due_at: datetime = Field(sa_type=Instant)
    state: str = Field(default=FiringState.WAITING, index=True)
    #: Not to be claimed before; later than ``due_at`` once an attempt is to be repeated.
    not_before: datetime = Field(sa_type=Instant)
    attempt: int = 0
    #: Raised by every claim; a beat or settle with an older fence changes nothing.
    fence: int = 0
    #: Raised by the living owner about once a second.
    beats: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    #: Why the last attempt did not succeed.
    error: str | None = None


def insert_firing(session: Session, job: str, due_at: datetime, now: datetime) -> FiringRow | None:
    """The new row, or None when somebody has seen to this due instant already.

    Older firings of the job that nobody works on are superseded.
    """
    row = FiringRow(job=job, due_at=due_at, not_before=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    older = (
        update(FiringRow)
        .where(
            col(FiringRow.job) == job,
            col(FiringRow.state) == FiringState.WAITING,
            col(FiringRow.due_at) < due_at,
        )
        .values(state=FiringState.SUPERSEDED, finished_at=now)
    )
    session.connection().execute(older)
    return row


def newest_due_by_job(session: Session) -> Mapping[str, datetime]:
    """Job → the newest due instant that was ever fired."""
    newest = select(FiringRow.job, func.max(col(FiringRow.due_at))).group_by(FiringRow.job)
    return dict(session.exec(newest).all())


def read_open_firings(session: Session, jobs: Collection[str]) -> Mapping[str, Sequence[FiringRow]]:
    """Job → its firings that are waiting or claimed, oldest first."""
    is_open = col(FiringRow.state).in_(OPEN) & col(FiringRow.job).in_(list(jobs))
    rows_by_job: dict[str, list[FiringRow]] = {}
    for row in session.exec(select(FiringRow).where(is_open).order_by(col(FiringRow.due_at))):
        rows_by_job.setdefault(row.job, []).append(row)
    return rows_by_job


def has_newer(session: Session, firing: FiringRow) -> bool:
    newer = select(FiringRow.id).where(
        FiringRow.job == firing.job, col(FiringRow.due_at) > firing.due_at
    )
    return session.exec(newer.limit(1)).first() is not None


def claim_firing(session: Session, firing: FiringRow, *, now: datetime) -> bool:
    """Take a firing, from nobody or from an owner who died; False when somebody was quicker."""
    values = {
        "state": FiringState.CLAIMED,
        "claimed_at": now,
        "fence": firing.fence + 1,
        "attempt": firing.attempt + 1,
        "beats": 0,
    }
    if not _change(session, firing, values):
        return False
    session.refresh(firing)
    return True


def beat(session: Session, firings: Collection[FiringRow]) -> None:
    """Show that the owner of these firings is alive."""
    for firing in firings:
        _change(session, firing, {"beats": FiringRow.beats + 1})


def settle_firing(
    session: Session,
    firing: FiringRow,
    state: FiringState,
    *,
    now: datetime,
    error: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Write down how an attempt ended; False when another process took the firing over.

    WAITING asks for another attempt, at ``not_before``.
    """
    values: dict[str, object] = {"state": state, "error": error}
    if state in OPEN:
        values["not_before"] = not_before or now
    else:
        values["finished_at"] = now
    return _change(session, firing, values)


def prune_firings(session: Session, job: str, *, before: datetime) -> None:
    """Forget firings that were due before an instant, but never the newest of the job."""
    newest = select(func.max(col(FiringRow.due_at))).where(FiringRow.job == job).scalar_subquery()
    session.connection().execute(
        delete(FiringRow).where(
            col(FiringRow.job) == job,
            col(FiringRow.due_at) < before,
            col(FiringRow.due_at) < newest,
        )
    )


def _change(session: Session, firing: FiringRow, values: Mapping[str, object]) -> bool:
    mine = (
        update(FiringRow)
        .where(
            col(FiringRow.id) == firing.id,
            col(FiringRow.fence) == firing.fence,
            col(FiringRow.state).in_(OPEN),
        )
        .values(**values)
    )
    return session.connection().execute(mine).rowcount == 1
