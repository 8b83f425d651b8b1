"""Somebody of the office on a programme, with what they have reached."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete
from sqlmodel import col, select

from bot.domain.programme import Programme
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.programmes import (
    CertificationRow,
    MilestoneRow,
    MilestoneUndoneRow,
    ProgrammeStartRow,
    keep_version,
)
from tests.slack_world import CRM_IDS

BEGAN = date(2026, 11, 2)


def given_programme(
    runtime: Runtime,
    programme: Programme,
    *,
    rep: str = "kim",
    began: date = BEGAN,
    reached: Mapping[str, date] | None = None,
) -> int:
    """The number of the start; given again, what was reached is as it is said now."""
    now = runtime.clock.now()
    row = ProgrammeStartRow
    with transaction(runtime.database) as session:
        keep_version(session, programme, at=now)
        start = session.exec(select(row).where(col(row.rep_id) == CRM_IDS[rep])).first() or row(
            rep_id=CRM_IDS[rep],
            started_on=began,
            role=programme.role,
            programme=programme.key,
            version=programme.version,
            asked_from=began,
            assigned_at=now,
        )
        session.add(start)
        session.flush()
        number = start.id or 0
        for each in (MilestoneRow, MilestoneUndoneRow, CertificationRow):
            session.connection().execute(delete(each).where(col(each.start_id) == number))
        for key, day in (reached or {}).items():
            session.add(
                MilestoneRow(
                    start_id=number, milestone=key, reached_on=day, source="crm", noted_at=now
                )
            )
    return number
