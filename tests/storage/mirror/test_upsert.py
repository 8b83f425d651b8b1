from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, select

from bot.storage.database import reading, transaction
from bot.storage.mirror import AccountRow, OpportunityRow
from bot.storage.mirror.owner_change import OpportunityOwnerChangeRow
from bot.storage.mirror.stale import StaleRecordRow, take_stale
from bot.storage.mirror.upsert import mark_deleted, upsert

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
SOON = NOON + timedelta(minutes=5)
Row = TypeVar("Row", bound=SQLModel)
KIM, SAM = "005000000000001AAA", "005000000000002AAA"


def account(number: int, **columns: object) -> dict[str, object]:
    return {"id": f"001{number:012d}AAA", "name": "Acme", "stamp": NOON, **columns}


def deal(**columns: object) -> dict[str, object]:
    return {
        "id": "006000000000001AAA",
        "name": "Acme renewal",
        "owner_id": KIM,
        "stage_name": "Engaging",
        "close_on": date(2026, 4, 1),
        "amount_cents": 9_007_199_254_740_993,
        "created_at": NOON,
        "stamp": NOON,
        **columns,
    }


def store(database: Engine, table: str, *rows: Mapping[str, object]) -> int:
    with transaction(database) as session:
        return upsert(session, table, rows)


def forget_stale(database: Engine) -> dict[str, set[str]]:
    with transaction(database) as session:
        return take_stale(session)


def only(database: Engine, row: type[Row]) -> Row:
    with reading(database) as session:
        found = session.exec(select(row)).one()
        session.expunge(found)
    return found


def the_account(database: Engine) -> AccountRow:
    return only(database, AccountRow)


def test_a_new_record_arrives_as_it_is_and_is_stale(database: Engine) -> None:
    assert store(database, "opportunity", deal()) == 1
    row = only(database, OpportunityRow)
    assert (row.amount_cents, row.close_on, row.stamp) == (
        9_007_199_254_740_993,
        date(2026, 4, 1),
        NOON,
    )
    assert forget_stale(database) == {"opportunity": {"006000000000001AAA"}}


def test_columns_that_a_new_record_lacks_take_their_defaults(database: Engine) -> None:
    store(database, "opportunity", deal())
    row = only(database, OpportunityRow)
    assert (row.is_won, row.is_deleted, row.next_step) == (False, False, None)


def test_a_newer_state_replaces_an_older_one(database: Engine) -> None:
    store(database, "account", account(1))
    forget_stale(database)
    assert store(database, "account", account(1, name="Acme & Sons", stamp=SOON)) == 1
    assert the_account(database).name == "Acme & Sons"
    assert forget_stale(database) == {"account": {account(1)["id"]}}


def test_an_older_state_changes_nothing(database: Engine) -> None:
    store(database, "account", account(1, stamp=SOON))
    forget_stale(database)
    assert store(database, "account", account(1, name="Acme of old", stamp=NOON)) == 0
    assert the_account(database).name == "Acme"
    assert forget_stale(database) == {}


def test_the_same_state_again_is_no_change(database: Engine) -> None:
    store(database, "account", account(1, industry=None))
    forget_stale(database)
    assert store(database, "account", account(1, industry=None)) == 0
    assert forget_stale(database) == {}


def test_the_same_stamp_with_other_words_is_a_change(database: Engine) -> None:
    store(database, "account", account(1, industry=None))
    assert store(database, "account", account(1, industry="Toys")) == 1
    assert the_account(database).industry == "Toys"


def test_a_column_absent_from_a_row_keeps_what_is_there(database: Engine) -> None:
    store(database, "account", account(1, industry="Toys"))
    store(database, "account", account(1, name="Acme & Sons", stamp=SOON))
    assert the_account(database).industry == "Toys"


def test_of_two_states_in_one_batch_the_newer_stands_whatever_their_order(
    database: Engine,
) -> None:
    newer, older = account(1, name="new", stamp=SOON), account(1, name="old")
    assert store(database, "account", newer, older) == 1
    assert the_account(database).name == "new"


def test_rows_with_different_columns_go_in_together(database: Engine) -> None:
    assert store(database, "account", account(1), account(2, industry="Toys")) == 2


def test_no_rows_are_no_change(database: Engine) -> None:
    assert store(database, "account") == 0


def test_a_column_the_mirror_lacks_is_refused_by_name(database: Engine) -> None:
    with pytest.raises(ValueError, match="account has no column colour"):
        store(database, "account", account(1, colour="red"))


def test_hostile_words_arrive_as_they_are(database: Engine) -> None:
    name = "Robert'); DROP TABLE account;--\t\\N \\. \"\u2603\n"
    store(database, "account", account(1, name=name))
    assert the_account(database).name == name


def test_a_deal_that_changes_hands_leaves_word_of_it(database: Engine) -> None:
    store(database, "opportunity", deal())
    store(database, "opportunity", deal(stage_name="Proposal", stamp=NOON + timedelta(minutes=1)))
    store(database, "opportunity", deal(owner_id=SAM, stamp=SOON))
    store(database, "opportunity", deal(owner_id=SAM, stamp=SOON))
    store(database, "opportunity", deal(owner_id=KIM, stamp=NOON))
    change = only(database, OpportunityOwnerChangeRow)
    assert (change.from_owner_id, change.to_owner_id, change.changed_at) == (KIM, SAM, SOON)


def test_what_is_gone_for_good_stays_marked_and_becomes_stale(database: Engine) -> None:
    store(database, "account", account(1))
    forget_stale(database)
    gone = [str(account(n)["id"]) for n in (1, 1, 9)]
    with transaction(database) as session:
        assert mark_deleted(session, "account", gone) == 1
        assert mark_deleted(session, "account", gone) == 0
        assert mark_deleted(session, "account", []) == 0
    assert the_account(database).is_deleted
    assert forget_stale(database) == {"account": {account(1)["id"]}}


def test_what_comes_back_lives_again(database: Engine) -> None:
    store(database, "account", account(1, is_deleted=False))
    with transaction(database) as session:
        mark_deleted(session, "account", [str(account(1)["id"])])
    assert store(database, "account", account(1, is_deleted=False)) == 1
    assert not the_account(database).is_deleted


def test_nothing_of_a_transaction_that_fails_remains(database: Engine) -> None:
    def fails() -> None:
        with transaction(database) as session:
            upsert(session, "account", [account(1)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails()
    with reading(database) as session:
        assert session.exec(select(AccountRow)).all() == []
        assert session.exec(select(StaleRecordRow)).all() == []
    assert store(database, "account", account(1)) == 1


def test_a_change_made_while_facts_are_derived_is_listed_anew(postgres_url: str) -> None:
    from threading import Thread  # noqa: PLC0415 -- only this test has two sides

    from bot.storage.database import open_database  # noqa: PLC0415 -- as above

    database = open_database(postgres_url)
    store(database, "account", account(1))
    with transaction(database) as session:
        assert take_stale(session) == {"account": {account(1)["id"]}}
        # PostgreSQL lets both run at once; SQLite takes turns by itself.
        writer = Thread(
            target=store, args=(database, "account", account(1, name="Newer", stamp=SOON))
        )
        writer.start()
        writer.join(0.3)
    writer.join(10)
    assert forget_stale(database) == {"account": {account(1)["id"]}}
    database.dispose()
