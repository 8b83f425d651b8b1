"""What has changed in Salesforce is told to whoever reads numbers, blaming nobody."""

from dataclasses import replace

import pytest

from bot.domain.fiscal import FollowedYear
from bot.queries.crm_doubts import changed_in_crm
from bot.runtime import Runtime
from bot.storage.cursors import CursorRow
from bot.storage.database import reading, transaction
from bot.storage.mirror.upsert import upsert
from tests.office import asked

pytestmark = pytest.mark.slow


def change(office: Runtime, table: str, **fields: object) -> None:
    with transaction(office.database) as session:
        row = session.get(CursorRow, table)
        now = office.clock.now()
        row = row or CursorRow(table_name=table, deletions_until=now, as_of=now)
        for name, value in fields.items():
            setattr(row, name, value)
        session.add(row)


def test_a_lost_value_and_a_renamed_field_are_told_where_the_numbers_are(office: Runtime) -> None:
    before = asked(office, "/team-health", by="maria")
    assert "Salesforce has changed" not in before
    change(office, "crm_task", lost_values={"type": ["Call"]})
    renamed = {"missing_columns": ["next_step"], "renamed": {"next_step": "Next__c"}}
    change(office, "opportunity", **renamed)
    text = asked(office, "/team-health", by="maria")
    assert "“type” can no longer be 'Call'" in text.replace("\\'", "'")
    assert "its field for “next step” is gone, or has another name now" in text
    assert "held against nobody" in text
    assert "app.yaml" not in text
    with reading(office.database) as session:
        assert len(changed_in_crm(session)) == 2


def test_a_metric_that_cannot_be_measured_says_so_and_is_zero_for_nobody(office: Runtime) -> None:
    assert "Not measurable here" not in asked(office, "/metric calls completed")
    change(office, "crm_task", lost_values={"type": ["Call"]})
    text = asked(office, "/metric calls completed")
    assert "Not measurable here" in text
    assert "last 4 weeks:*" not in text


def test_admins_see_which_values_nobody_can_read(office: Runtime) -> None:
    words = "Task.OwnerId: is empty, so the record is left out (00T000000000001AAA)"
    change(office, "crm_task", unusable={"OwnerId": ["00T000000000001AAA", words]})
    admins = frozenset({"maria@acme.example"})
    trusting = replace(office, organisation=replace(office.organisation, admins=admins))
    assert words in asked(trusting, "/coach-admin sync", by="maria")


def test_team_health_says_which_fiscal_year_applies_where_it_is_not_the_calendars(
    office: Runtime,
) -> None:
    assert "fiscal year" not in asked(office, "/team-health", by="maria")
    own = replace(office.organisation, fiscal=FollowedYear())
    row = {"id": "00D000000000001AAA", "name": "Acme", "fiscal_start_month": 2}
    with transaction(office.database) as session:
        upsert(session, "organization", [{**row, "stamp": office.clock.now()}])
    text = asked(replace(office, organisation=own), "/team-health", by="maria")
    assert "The fiscal year runs" in text
    told = text.partition("The fiscal year runs")[2].partition("Salesforce")[0]
    assert [word for word in ("2026", "2027", "as in") if word in told] == [
        "2026",
        "2027",
        "as in",
    ], told
