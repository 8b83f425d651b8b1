"""Once a day counts and ids are compared, for what no log of changes told."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, text
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.flows import reconcile
from bot.storage.database import transaction
from integrations.salesforce.crm_object import load_objects
from integrations.sandbox.salesforce.faults import FaultKind

Rows = Callable[[Engine, str], dict[str, Mapping[str, Any]]]
DEAL_1, DEAL_2, DEAL_3 = (f"006{n:012d}AAA" for n in (1, 2, 3))


def alter(database: Engine, statement: str, **values: object) -> None:
    with transaction(database) as session:
        session.connection().execute(text(statement), values)


def queries(org: Any) -> list[str]:
    return [entry["query"] for entry in org.log.listing() if "queryAll" in entry["path"]]


def test_a_record_that_was_never_told_of_is_found(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.pull(database)
    alter(database, "DELETE FROM opportunity WHERE id = :id", id=DEAL_1)
    org.later(hours=12)
    org.pull(database)
    assert DEAL_1 not in rows_of(database, "opportunity")
    org.later(hours=12)
    assert org.pull(database).rows["opportunity"] == 1
    assert rows_of(database, "opportunity")[DEAL_1]["stage_name"] == "Prospecting"


def test_a_record_that_vanished_untold_is_marked_deleted(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.pull(database)
    sobject = org.store.schema.objects["Opportunity"]
    org.store.delete(sobject, DEAL_1, at=org.clock.now() - timedelta(days=3), hard=True)
    org.later(days=1)
    assert org.pull(database).deleted["opportunity"] == 1
    assert rows_of(database, "opportunity")[DEAL_1]["is_deleted"]


def test_a_deletion_log_that_begins_too_late_asks_for_a_comparison_of_all_ids(
    database: Engine, org: Any
) -> None:
    org.pull(database)
    sobject = org.store.schema.objects["Opportunity"]
    org.store.delete(sobject, DEAL_1, at=org.clock.now() - timedelta(days=3), hard=True)
    org.store.forget_deletions(org.clock.now() + timedelta(minutes=30))
    org.later(hours=1)
    assert org.pull(database).deleted["opportunity"] == 1
    org.log.clear()
    org.later(hours=1)
    org.pull(database)
    assert not any("COUNT" in query for query in queries(org))


def test_equal_counts_do_not_hide_two_mistakes_for_ever(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.pull(database)
    # One is missing, and one is there that nobody knows.
    alter(
        database, "UPDATE opportunity SET id = :no WHERE id = :id", id=DEAL_2, no="006" + 15 * "9"
    )
    # Four weeks of nights; the other tables would only take their time.
    deals_alone = {"opportunity": load_objects()["opportunity"]}
    for _ in range(reconcile.PARTS):
        org.later(days=1)
        org.pull(database, org.crm(objects=deals_alone))
    deals = rows_of(database, "opportunity")
    assert {key for key, deal in deals.items() if not deal["is_deleted"]} == {
        f"006{number:012d}AAA" for number in range(1, 6)
    }


def test_a_missed_change_is_found_by_its_stamp(database: Engine, org: Any, rows_of: Rows) -> None:
    org.pull(database)
    alter(
        database,
        "UPDATE opportunity SET next_step = 'old', stamp = created_at WHERE id = :id",
        id=DEAL_3,
    )
    org.set("Opportunity", DEAL_3, NextStep="new")
    org.later(hours=2)
    alter(
        database,
        "UPDATE cursor SET pulled_until = deletions_until, reconciled_at = NULL"
        " WHERE table_name = 'opportunity'",
    )
    org.pull(database)
    assert rows_of(database, "opportunity")[DEAL_3]["next_step"] == "new"


def test_differing_windows_are_halved_until_they_are_small(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    for number in (1, 2, 3):
        org.later(days=40)
        org.set("Account", f"001{number + 10:012d}AAA", Name=f"Account {number}", OwnerId=None)
    org.pull(database)
    alter(database, "DELETE FROM account WHERE id = :id", id=f"001{12:012d}AAA")
    org.log.clear()
    org.later(days=1)
    assert org.pull(database, ids_at_once=2).rows["account"] == 1
    listed = [query for query in queries(org) if "Id%2C+SystemModstamp+FROM+Account" in query]
    assert 1 <= len(listed) <= 2
    assert f"001{12:012d}AAA" in rows_of(database, "account")


def test_a_count_that_takes_too_long_is_halved(database: Engine, org: Any, rows_of: Rows) -> None:
    org.needs_all = True
    org.pull(database)
    alter(database, "DELETE FROM opportunity WHERE id = :id", id=DEAL_1)
    org.later(days=1)
    org.log.clear()
    # Twelve tables are read, the roles are listed, and then the people are counted.
    org.trouble(FaultKind.QUERY_TIMEOUT, path="/queryAll", after=13, times=1)
    assert org.pull(database).problems == {}
    [slow] = [each for each in org.log.listing() if each["verdict"] == "QUERY_TIMEOUT"]
    assert "COUNT" in slow["query"]
    assert DEAL_1 in rows_of(database, "opportunity")


def test_a_list_that_takes_too_long_is_halved(
    database: Engine, make_org: Any, rows_of: Rows
) -> None:
    slow = [b"Id%2C+SystemModstamp+FROM+Opportunity+WHERE"]

    def hurried(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if slow and slow[0] in scope.get("query_string", b""):
                slow.pop()
                late = JSONResponse([{"errorCode": "QUERY_TIMEOUT", "message": "too long"}], 400)
                await late(scope, receive, send)
            else:
                await app(scope, receive, send)

        return answer

    org = make_org(wrap=hurried)
    org.pull(database)
    alter(database, "DELETE FROM opportunity WHERE id = :id", id=DEAL_1)
    org.later(days=1)
    assert org.pull(database).problems == {}
    assert slow == []
    assert DEAL_1 in rows_of(database, "opportunity")
