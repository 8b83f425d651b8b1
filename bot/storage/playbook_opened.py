"""Who opened the playbook of their role, and when last; not how often, nor what they read."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.ids import RepId


class PlaybookOpenedRow(SQLModel, table=True):
    __tablename__ = "playbook_opened"

    rep_id: str = Field(primary_key=True, max_length=18)
    opened_on: date


def note_opened(session: Session, rep: RepId, day: date) -> None:
    row = session.get(PlaybookOpenedRow, rep)
    if row is None:
        session.add(PlaybookOpenedRow(rep_id=rep, opened_on=day))
    elif row.opened_on < day:
        row.opened_on = day


def count_opened(session: Session, reps: Iterable[RepId], *, since: date) -> int:
    row = PlaybookOpenedRow
    wanted = select(func.count()).where(
        col(row.rep_id).in_(sorted(reps)), col(row.opened_on) >= since
    )
    return session.exec(wanted).one()


def was_ever_opened(session: Session) -> bool:
    return session.exec(select(PlaybookOpenedRow).limit(1)).first() is not None
