from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from bot.storage.cursors import mirrored_at, read_cursor
from bot.storage.database import reading, transaction
from bot.storage.mirror.owner_change import OpportunityOwnerChangeRow
from bot.storage.mirror.stale import take_stale
from integrations.sandbox.changes import Change

Rows = Callable[[Engine, str], dict[str, Mapping[str, Any]]]
DEAL_1, DEAL_2, DEAL_3 = (f"006{n:012d}AAA" for n in (1, 2, 3))
SAM = "005000000000002AAA"


def test_a_first_pull_fills_the_mirror(database: Engine, org: Any, rows_of: Rows) -> None:
    report = org.pull(database)
    assert (report.problems, report.stopped) == ({}, None)
    assert (report.rows["opportunity"], report.rows["crm_user"]) == (5, 2)
    deal = rows_of(database, "opportunity")[DEAL_1]
    assert (deal["amount_cents"], deal["stage_name"]) == (100007, "Prospecting")


def test_the_mirror_says_as_of_when_it_is_current(database: Engine, org: Any) -> None:
    with reading(database) as session:
        assert mirrored_at(session) is None
    assert org.pull(database).as_of == org.clock.now()
    org.later(minutes=10)
    assert org.pull(database).as_of == org.clock.now()
    with reading(database) as session:
        assert mirrored_at(session) == org.clock.now()


def test_nothing_new_is_no_change(database: Engine, org: Any) -> None:
    org.pull(database)
    with transaction(database) as session:
        take_stale(session)
    org.later(hours=1)
    report = org.pull(database)
    assert set(report.rows.values()) == {0}
    with transaction(database) as session:
        assert take_stale(session) == {}


def test_what_changed_is_pulled_alone(database: Engine, org: Any, rows_of: Rows) -> None:
    org.pull(database)
    with transaction(database) as session:
        take_stale(session)
    org.later(hours=1)
    org.set("Opportunity", DEAL_1, StageName="Qualification")
    report = org.pull(database)
    assert report.rows["opportunity"] == 1
    assert rows_of(database, "opportunity")[DEAL_1]["stage_name"] == "Qualification"
    with transaction(database) as session:
        assert take_stale(session)["opportunity"] == {DEAL_1}


def test_a_change_in_the_very_second_of_a_pull_is_not_lost(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.pull(database)
    org.set("Opportunity", DEAL_1, NextStep="in the same second")
    org.later(hours=1)
    org.pull(database)
    assert rows_of(database, "opportunity")[DEAL_1]["next_step"] == "in the same second"


def test_a_new_owner_is_remembered_with_the_old_one(database: Engine, org: Any) -> None:
    org.pull(database)
    org.later(hours=1)
    org.set("Opportunity", DEAL_1, OwnerId=SAM)
    org.pull(database)
    with reading(database) as session:
        change = session.exec(select(OpportunityOwnerChangeRow)).one()
        assert (change.opportunity_id, change.to_owner_id) == (DEAL_1, SAM)
        assert change.changed_at == org.clock.now()


def test_records_in_the_bin_are_marked_deleted(database: Engine, org: Any, rows_of: Rows) -> None:
    org.pull(database)
    org.later(minutes=5)
    org.delete("Opportunity", DEAL_1)
    org.pull(database)
    assert rows_of(database, "opportunity")[DEAL_1]["is_deleted"]


def test_records_gone_for_good_are_marked_deleted_at_the_next_pull(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.pull(database)
    org.later(minutes=5)
    for number in (1, 2, 3):
        org.delete("Opportunity", f"006{number:012d}AAA", hard=True)
    report = org.pull(database)
    assert report.deleted["opportunity"] == 3
    deleted = {key for key, row in rows_of(database, "opportunity").items() if row["is_deleted"]}
    assert deleted == {DEAL_1, DEAL_2, DEAL_3}


def test_a_restored_record_lives_again(database: Engine, org: Any, rows_of: Rows) -> None:
    org.pull(database)
    org.later(minutes=5)
    org.delete("Opportunity", DEAL_1)
    org.pull(database)
    org.later(minutes=5)
    org.undelete("Opportunity", DEAL_1)
    org.pull(database)
    assert not rows_of(database, "opportunity")[DEAL_1]["is_deleted"]


def test_a_transaction_that_commits_twenty_minutes_late_is_not_missed(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.pull(database)
    org.later(minutes=1)
    began = org.clock.now()
    late = Change(at=began, sobject="Opportunity", id=DEAL_1, fields={"NextStep": "late"})
    org.store.apply(late, visible_at=began + timedelta(minutes=20))
    for _ in range(3):
        org.later(minutes=9)
        org.pull(database)
    assert rows_of(database, "opportunity")[DEAL_1]["next_step"] == "late"


def test_a_stamp_older_than_salesforce_promised_is_not_missed(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.pull(database)
    promised = org.clock.now()
    org.later(minutes=5)
    org.store.apply(
        Change(
            at=promised - timedelta(minutes=8),
            sobject="Opportunity",
            id=DEAL_1,
            fields={"NextStep": "from before"},
        )
    )
    org.pull(database)
    assert rows_of(database, "opportunity")[DEAL_1]["next_step"] == "from before"


def test_a_record_that_came_back_lives_though_its_deletion_is_heard_of_later(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    deal = org.store.record(org.store.schema.objects["Opportunity"], DEAL_1)
    org.pull(database)
    before = org.clock.now()
    org.later(minutes=5)
    org.delete("Opportunity", DEAL_1, hard=True)
    org.later(minutes=1)
    fields = ("Name", "OwnerId", "StageName", "CloseDate")
    org.set("Opportunity", DEAL_1, **{name: deal[name] for name in fields})
    org.later(minutes=30)
    org.pull(database)
    with transaction(database) as session:
        # The log of deletions may lag far behind that of changes.
        read_cursor(session, "opportunity").deletions_until = before
    org.later(minutes=30)
    assert org.pull(database).deleted["opportunity"] == 1
    assert not rows_of(database, "opportunity")[DEAL_1]["is_deleted"]


def test_after_a_long_absence_what_is_gone_is_found_by_comparing(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.pull(database)
    org.later(days=2)
    org.delete("Opportunity", DEAL_1, hard=True)
    org.later(days=20)
    report = org.pull(database)
    assert report.deleted["opportunity"] == 1
    assert rows_of(database, "opportunity")[DEAL_1]["is_deleted"]
    org.later(hours=1)
    assert org.pull(database).deleted["opportunity"] == 0
