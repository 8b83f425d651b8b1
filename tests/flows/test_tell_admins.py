"""Whoever may edit app.yaml hears that Salesforce changed under it, once."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.flows.tell_admins import tell_admins
from bot.storage.cursors import CursorRow
from bot.storage.database import transaction
from tests.coached_team import MORNING, Team, coached_team
from tests.flows.test_shadow import ADMIN, WATCHED, Office


@pytest.fixture
def team(sqlite: Engine) -> Team:
    return coached_team(sqlite)


def change(team: Team, table: str, **fields: object) -> None:
    with transaction(team.at().database) as session:
        row = session.get(CursorRow, table)
        assert row is not None
        for name, value in fields.items():
            setattr(row, name, value)
        session.add(row)


def test_each_change_is_told_once_with_what_to_write(team: Team) -> None:
    runtime = team.at(MORNING, organisation=WATCHED)
    assert tell_admins(runtime, Office()) == 0
    change(team, "crm_task", lost_values={"type": ["Call"]})
    assert [tell_admins(runtime, Office()) for _ in range(2)] == [1, 0]
    change(team, "opportunity", renamed={"discount": "Rebate__c"})
    later = team.at(MORNING + timedelta(days=1), organisation=WATCHED)
    assert tell_admins(later, Office()) == 1
    first, second = team.outbox("crm_changed")
    assert {first.recipient, second.recipient} == {ADMIN}
    assert "activities: call_types:" in str(first.blocks)
    assert "opportunity.discount: Rebate" in str(second.blocks)
