"""Fields that are renamed or calculated, and picklists that change, while we look on."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.metrics.catalog import load_metrics
from bot.queries.crm_doubts import crm_doubts
from bot.storage.availability import unavailable_metrics
from bot.storage.cursors import CursorRow, read_cursor
from bot.storage.database import reading
from bot.storage.mirror.stale import take_stale
from integrations.salesforce.crm_object import load_objects, with_fields
from integrations.sandbox.changes import Change
from integrations.sandbox.salesforce.faults import FaultKind

ROOT = Path(__file__).parents[3]
Rows = Callable[[Engine, str], dict[str, Mapping[str, Any]]]
KIM = "005000000000001AAA"
DEAL_1 = f"006{1:012d}AAA"
MAPPED = with_fields(load_objects(), {"opportunity.discount": "Discount__c"})
METRICS = load_metrics(ROOT / "playbooks" / "metrics")
CALLS = {"crm_task": {"type": frozenset({"Call"})}}


def cursor_of(database: Engine, table: str) -> CursorRow:
    with reading(database) as session:
        return read_cursor(session, table)


def unavailable(database: Engine) -> set[str]:
    with reading(database) as session:
        return {str(key) for key in unavailable_metrics(session, METRICS.values())}


@pytest.fixture
def discounted(make_org: Any, first_changes: list[Change]) -> Any:
    """An org with a discount under two names, and one call."""
    at = first_changes[0].at
    fields = {"Discount__c": 12.5, "Price_Off__c": 12.5}
    deal = Change(at=at, sobject="Opportunity", id=DEAL_1, fields=fields)
    call = {"Subject": "Call", "Status": "Completed", "Type": "Call", "OwnerId": KIM}
    other = {**call, "Type": "Other"}
    calls = [
        Change(at=at, sobject="Task", id=f"00T{n:012d}AAA", fields=each)
        for n, each in enumerate((call, other))
    ]
    changes = sorted([*first_changes, deal, *calls], key=lambda each: each.at)
    return make_org(changes)


def test_a_field_that_app_yaml_names_fills_its_column(
    database: Engine, discounted: Any, rows_of: Rows
) -> None:
    assert "discount" in discounted.pull(database).missing_columns["opportunity"]
    report = discounted.pull(database, discounted.crm(objects=MAPPED))
    assert "discount" not in report.missing_columns["opportunity"]
    # It was not there before, so it is read for records that never change again.
    assert rows_of(database, "opportunity")[DEAL_1]["discount"] == 12.5


def test_a_renamed_field_is_told_with_its_new_name(database: Engine, discounted: Any) -> None:
    crm = discounted.crm(objects=MAPPED)
    hidden = discounted.trouble(FaultKind.HIDDEN_FIELD, sobject="Opportunity", field="Price_Off__c")
    discounted.pull(database, crm)
    assert cursor_of(database, "opportunity").renamed == {}
    discounted.faults.clear(hidden)
    discounted.trouble(FaultKind.HIDDEN_FIELD, sobject="Opportunity", field="Discount__c")
    for _ in range(2):
        discounted.later(hours=2)
        discounted.pull(database, crm)
        cursor = cursor_of(database, "opportunity")
        assert "discount" in cursor.missing_columns
        [doubt] = crm_doubts(cursor)
        assert "opportunity.discount: Price_Off__c" in doubt.hint


def test_a_field_that_an_admin_renamed_is_filled_again_once_app_yaml_says_so(
    database: Engine, discounted: Any, rows_of: Rows
) -> None:
    discounted.pull(database, discounted.crm(objects=MAPPED))
    discounted.trouble(
        FaultKind.RENAMED_FIELD, sobject="Opportunity", field="Discount__c", value="Rebate__c"
    )
    discounted.later(hours=2)
    report = discounted.pull(database, discounted.crm(objects=MAPPED))
    assert report.problems == {}
    assert "discount" in report.missing_columns["opportunity"]
    [doubt] = crm_doubts(cursor_of(database, "opportunity"))
    assert "opportunity.discount: Rebate__c" in doubt.hint
    followed = with_fields(load_objects(), {"opportunity.discount": "Rebate__c"})
    discounted.later(hours=2)
    discounted.pull(database, discounted.crm(objects=followed))
    assert rows_of(database, "opportunity")[DEAL_1]["discount"] == 12.5
    assert list(crm_doubts(cursor_of(database, "opportunity"))) == []


def test_a_value_that_left_its_picklist_makes_what_needs_it_not_measurable(
    database: Engine, discounted: Any
) -> None:
    crm = discounted.crm()
    discounted.pull(database, crm, relied_on=CALLS)
    assert "calls_completed" not in unavailable(database)
    retired = discounted.trouble(
        FaultKind.RETIRED_VALUE, sobject="Task", field="Type", value="Call"
    )
    discounted.later(hours=2)
    discounted.pull(database, crm, relied_on=CALLS)
    [doubt] = crm_doubts(cursor_of(database, "crm_task"))
    assert "'Call' can no longer be chosen" in doubt.words
    assert "`activities: call_types:`" in doubt.hint
    lacking = unavailable(database)
    assert {"calls_completed", "conversation_rate"} <= lacking
    assert not {"activities_completed", "emails_sent", "meetings_held"} & lacking
    discounted.faults.clear(retired)
    discounted.later(hours=2)
    discounted.pull(database, crm, relied_on=CALLS)
    assert "calls_completed" not in unavailable(database)


def test_a_value_that_the_org_never_had_is_no_change(database: Engine, discounted: Any) -> None:
    discounted.needs_all = True
    discounted.pull(database, relied_on={"crm_task": {"type": frozenset({"Dial"})}})
    assert cursor_of(database, "crm_task").lost_values == {}


def test_what_changes_without_a_stamp_is_read_again_every_night(
    database: Engine, discounted: Any, rows_of: Rows
) -> None:
    crm = discounted.crm(objects=MAPPED)
    discounted.pull(database, crm)
    with reading(database) as session:
        take_stale(session)
    # As a roll-up over activities does it: the record is another, and its stamp the same.
    discounted.store.database.change(
        'UPDATE "Opportunity" SET "LastActivityDate" = ? WHERE "Id" = ?', ("2026-03-08", DEAL_1)
    )
    discounted.later(hours=2)
    discounted.pull(database, crm)
    assert rows_of(database, "opportunity")[DEAL_1]["last_activity_on"] is None
    discounted.later(days=1)
    assert discounted.pull(database, crm).rows["opportunity"] == 1
    assert str(rows_of(database, "opportunity")[DEAL_1]["last_activity_on"]) == "2026-03-08"
    discounted.later(days=1)
    assert discounted.pull(database, crm).rows["opportunity"] == 0
