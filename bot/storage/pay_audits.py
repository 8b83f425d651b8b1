"""Audits of pay plans: when, by whom, and what was found. About plans, never about a person."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select

from bot.storage.columns import Instant, big_identity


class PayAuditRow(SQLModel, table=True):
    """One audit of one plan."""

    __tablename__ = "pay_audit"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    plan: str = Field(index=True)
    #: The first day of the version that was audited.
    version: date
    #: Of the file of this version, which should not change any more.
    fingerprint: str
    day: date
    at: datetime = Field(sa_type=Instant)
    by_slack_id: str
    #: How many people have the plan.
    people: int
    #: Checks that could say nothing.
    not_measurable: int
    #: Shares that would have to move between what is wanted, paid for and done; None: not known.
    wanted_to_paid: float | None = None
    paid_to_done: float | None = None
    wanted_to_done: float | None = None


class PayFindingRow(SQLModel, table=True):
    __tablename__ = "pay_finding"

    audit_id: int = Field(primary_key=True, foreign_key="pay_audit.id")
    check_id: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    severity: str
    what: str


def latest_audits(session: Session, *, until: date | None = None) -> Sequence[PayAuditRow]:
    """The newest of each plan, up to a day if one is given."""
    row = PayAuditRow
    newest = select(func.max(col(row.id))).group_by(col(row.plan))
    if until is not None:
        newest = newest.where(col(row.day) <= until)
    return session.exec(select(row).where(col(row.id).in_(newest)).order_by(col(row.plan))).all()


def findings_of(session: Session, audits: Sequence[PayAuditRow]) -> Sequence[PayFindingRow]:
    row = PayFindingRow
    ids = [each.id for each in audits]
    wanted = select(row).where(col(row.audit_id).in_(ids))
    return session.exec(
        wanted.order_by(col(row.audit_id), col(row.check_id), col(row.subject))
    ).all()
