"""Which settings the derived tables were made with; others make every record stale."""

import hashlib
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, SQLModel

from bot.domain.organisation import Organisation
from bot.storage.mirror.account import LeadRow
from bot.storage.mirror.activity import CrmEventRow, CrmTaskRow
from bot.storage.mirror.email import EmailMessageRow
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.mirror.stale import StaleRecordRow

DERIVED_FROM = (OpportunityRow, CrmTaskRow, CrmEventRow, EmailMessageRow, LeadRow)
FACTS = "facts"


class DerivedWithRow(SQLModel, table=True):
    __tablename__ = "derived_with"

    what: str = Field(primary_key=True)
    settings: str


def make_stale_if_settings_changed(session: Session, organisation: Organisation) -> None:
    """The first time there is nothing that was made with other settings."""
    now = _fingerprint(organisation)
    before = session.get(DerivedWithRow, FACTS)
    if before is not None and before.settings == now:
        return
    if before is not None:
        for table in DERIVED_FROM:
            _make_stale(session, table)
    session.merge(DerivedWithRow(what=FACTS, settings=now))


def _make_stale(session: Session, table: type[SQLModel]) -> None:
    mirror: Any = table.__table__  # type: ignore[attr-defined]  # SQLModel adds __table__
    connection = session.connection()
    build = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    # SQLite reads "ON CONFLICT" after a bare SELECT as the start of a join.
    every = select(literal(mirror.name), mirror.c.id).where(mirror.c.id.is_not(None))
    statement = build(StaleRecordRow).from_select(["table_name", "record_id"], every)
    connection.execute(statement.on_conflict_do_nothing())


def _fingerprint(organisation: Organisation) -> str:
    choices = organisation.choices
    said = (
        organisation.zone.key,
        organisation.currency,
        organisation.qualified_stage,
        sorted(organisation.call_types),
        organisation.conversation_seconds,
        sorted(organisation.conversation_dispositions),
        sorted(organisation.missed_subjects),
        sorted(organisation.leave_subjects),
        sorted(organisation.automatic_subjects),
        choices.negative_amounts,
        choices.zero_amounts,
        choices.rates,
        choices.types_left_out,
        choices.names_left_out,
        choices.record_types_left_out,
        choices.lead_hours,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]
