"""Who follows which programme in which version since when, and what they have reached."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.ids import RepId, RoleKey
from bot.domain.programme import Programme, as_plain, from_plain
from bot.storage.columns import Instant, big_identity, json_column

#: What is told tonight counts today wherever somebody lives.
BEHIND_UTC = timedelta(hours=12)
SEEN_IN_CRM, SAID_IN_SLACK = "crm", "slack"


class ProgrammeVersionRow(SQLModel, table=True):
    """A version as it stood when somebody first began with it; it does not change any more."""

    __tablename__ = "programme_version"

    programme: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    role: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_type=json_column())
    kept_at: datetime = Field(sa_type=Instant)


class ProgrammeStartRow(SQLModel, table=True):
    """A rep who began in a role with a version; it stays theirs under whatever manager."""

    __tablename__ = "programme_start"
    __table_args__ = (UniqueConstraint("rep_id", "started_on"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    rep_id: str = Field(max_length=18)
    #: The first day in the role.
    started_on: date
    role: str
    programme: str
    version: int
    #: From this day on somebody asked for what no record tells of.
    asked_from: date
    assigned_at: datetime = Field(sa_type=Instant)


class MilestoneRow(SQLModel, table=True):
    """A milestone reached: when it happened, and who told."""

    __tablename__ = "milestone_reached"

    start_id: int = Field(primary_key=True, foreign_key="programme_start.id")
    milestone: str = Field(primary_key=True)
    reached_on: date
    #: crm · slack
    source: str
    #: CRM user id of whoever signed it off.
    signed_by: str | None = Field(default=None, max_length=18)
    note: str = ""
    noted_at: datetime = Field(sa_type=Instant)


class MilestoneUndoneRow(SQLModel, table=True):
    """A milestone that was told of by mistake: what was said, and who took it back."""

    __tablename__ = "milestone_undone"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    start_id: int = Field(foreign_key="programme_start.id", index=True)
    milestone: str
    reached_on: date
    signed_by: str | None = Field(default=None, max_length=18)
    note: str = ""
    noted_at: datetime = Field(sa_type=Instant)
    #: CRM user id.
    undone_by: str = Field(max_length=18)
    because: str = ""
    undone_at: datetime = Field(sa_type=Instant)


class CertificationRow(SQLModel, table=True):
    """One try at a certification, passed or not; for the eyes of the rep and their manager."""

    __tablename__ = "certification"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    start_id: int = Field(foreign_key="programme_start.id", index=True)
    milestone: str
    held_on: date
    #: Dimension → 1 to 5.
    scores: dict[str, Any] = Field(sa_type=json_column())
    is_passed: bool
    manager_id: str = Field(max_length=18)
    note: str = ""
    noted_at: datetime = Field(sa_type=Instant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One start with its version and what was reached since."""

    id: int
    rep: RepId
    role: RoleKey
    started_on: date
    asked_from: date
    programme: Programme
    reached: Mapping[str, date]
    #: Milestone to the day from which it was known, for what a person told of afterwards.
    told: Mapping[str, date] = field(default_factory=dict)

    def reached_by(self, day: date) -> Mapping[str, date]:
        """As it was known on that day."""
        return {
            key: on for key, on in self.reached.items() if max(on, self.told.get(key, on)) <= day
        }


def read_versions(session: Session) -> Mapping[tuple[str, int, str], Programme]:
    return {
        (row.programme, row.version, row.role): from_plain(row.content)
        for row in session.exec(select(ProgrammeVersionRow))
    }


def keep_version(session: Session, programme: Programme, *, at: datetime) -> None:
    """Once; what the file says later is for a later version."""
    key = (programme.key, programme.version, programme.role)
    if session.get(ProgrammeVersionRow, key) is None:
        session.add(
            ProgrammeVersionRow(
                programme=programme.key,
                version=programme.version,
                role=programme.role,
                content=dict(as_plain(programme)),
                kept_at=at,
            )
        )
        session.flush()


def read_starts(
    session: Session, reps: Iterable[RepId] | None = None
) -> Sequence[ProgrammeStartRow]:
    """Everybody's, or those of ``reps``; the oldest first."""
    row = ProgrammeStartRow
    wanted = select(row).order_by(col(row.rep_id), col(row.started_on))
    if reps is not None:
        wanted = wanted.where(col(row.rep_id).in_(sorted(reps)))
    return session.exec(wanted).all()


def read_followed(session: Session, reps: Iterable[RepId] | None = None) -> Sequence[Followed]:
    rows = read_starts(session, reps)
    versions = read_versions(session) if rows else {}
    reached: dict[int, dict[str, date]] = defaultdict(dict)
    told: dict[int, dict[str, date]] = defaultdict(dict)
    for each in session.exec(select(MilestoneRow)) if rows else ():
        reached[each.start_id][each.milestone] = each.reached_on
        if each.source == SAID_IN_SLACK:
            told[each.start_id][each.milestone] = (each.noted_at - BEHIND_UTC).date()
    return [
        Followed(
            id=row.id or 0,
            rep=RepId(row.rep_id),
            role=RoleKey(row.role),
            started_on=row.started_on,
            asked_from=row.asked_from,
            programme=versions[row.programme, row.version, row.role],
            reached=reached[row.id or 0],
            told=told[row.id or 0],
        )
        for row in rows
    ]


def newest_by_rep(followed: Iterable[Followed], day: date) -> Mapping[RepId, Followed]:
    """The programme that each follows on a day: the one that they began last."""
    return {each.rep: each for each in followed if each.started_on <= day}
