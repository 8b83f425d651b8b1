"""The organisation changes as the clock is wound."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.store import Store

Ask = Callable[..., httpx.Response]
START = datetime(2026, 1, 1, tzinfo=UTC)
DEAL = "006000000000001AAA"


def _change(days: float, *, deletion: bool = False, **fields: object) -> Change:
    return Change(
        at=START + timedelta(days=days),
        sobject="Opportunity",
        id=DEAL,
        fields=fields,
        is_deletion=deletion,
    )


def _clock() -> SandboxClock:
    return SandboxClock(starts_at=START, frozen=True)


def test_changes_happen_when_the_clock_reaches_them() -> None:
    clock = _clock()
    changes = [
        _change(1, Name="Deal", StageName="Prospecting", Amount=5),
        _change(2, Amount=7),
        _change(3, deletion=True),
    ]
    store = Store.from_changes(changes, clock=clock)
    deal = store.schema.objects["Opportunity"]
    assert store.record(deal, DEAL) is None
    clock.wind(timedelta(days=1))
    store.advance()
    assert (store.record(deal, DEAL) or {})["Amount"] == 5.0
    clock.wind(timedelta(days=1))
    store.advance()
    record = store.record(deal, DEAL) or {}
    assert (record["Amount"], record["Name"]) == (7.0, "Deal")
    assert record["CreatedDate"] == "2026-01-02T00:00:00.000+0000"
    assert record["SystemModstamp"] == "2026-01-03T00:00:00.000+0000"
    clock.wind(timedelta(days=1))
    store.advance()
    assert (store.record(deal, DEAL) or {})["IsDeleted"] == 1


def test_an_imported_record_keeps_its_own_created_date() -> None:
    created = datetime(2020, 5, 5, tzinfo=UTC)
    store = Store.from_changes([_change(0, Name="Old", CreatedDate=created)], clock=_clock())
    record = store.record(store.schema.objects["Opportunity"], DEAL) or {}
    assert record["CreatedDate"] == "2020-05-05T00:00:00.000+0000"
    assert record["SystemModstamp"] == "2026-01-01T00:00:00.000+0000"


def test_a_late_commit_appears_with_an_old_stamp_and_holds_back_what_is_covered(
    sf: Any, store: Store, clock: SandboxClock, ids: dict[str, str]
) -> None:
    now = clock.wind(timedelta(minutes=20))
    begun = now - timedelta(minutes=15)
    change = Change(at=begun, sobject="Opportunity", id=ids["Beta"], fields={"NextStep": "Late"})
    store.apply(change, visible_at=now + timedelta(minutes=5))
    statement = "SELECT SystemModstamp FROM Opportunity WHERE NextStep = 'Late'"
    assert sf.query(statement)["totalSize"] == 0
    covered = sf.Opportunity.updated(now - timedelta(hours=1), now)["latestDateCovered"]
    assert covered == "2026-03-11T10:05:00.000+0000"
    clock.wind(timedelta(minutes=5))
    [record] = sf.query(statement)["records"]
    assert record["SystemModstamp"] == "2026-03-11T10:05:00.000+0000"
    covered = sf.Opportunity.updated(now - timedelta(hours=1), now)["latestDateCovered"]
    assert covered == "2026-03-11T10:20:00.000+0000"


def test_the_bin_is_emptied_after_fifteen_days(
    sf: Any, store: Store, later: Callable[..., datetime], ids: dict[str, str]
) -> None:
    deals = store.schema.objects["Opportunity"]
    store.delete(deals, ids["Alpha"], at=store.clock.now())

    def total() -> int:
        statement = "SELECT COUNT() FROM Opportunity"
        size: int = sf.query(statement, include_deleted=True)["totalSize"]
        return size

    later(days=14, hours=23)
    assert total() == 4
    now = store.clock.now()
    listed = sf.Opportunity.deleted(now - timedelta(days=15), now)["deletedRecords"]
    assert [entry["id"] for entry in listed] == [ids["Alpha"]]
    later(hours=1)
    assert total() == 3


def test_a_restored_record_is_no_longer_deleted(
    sf: Any, store: Store, later: Callable[..., datetime], ids: dict[str, str]
) -> None:
    deals = store.schema.objects["Opportunity"]
    store.delete(deals, ids["Alpha"], at=store.clock.now())
    now = later(minutes=2)
    assert store.undelete(deals, ids["Alpha"], at=now)
    assert not store.undelete(deals, ids["Alpha"], at=now)
    record = sf.Opportunity.get(ids["Alpha"])
    assert record["SystemModstamp"] == "2026-03-11T10:02:00.000+0000"
    now = later(minutes=1)
    assert sf.Opportunity.deleted(now - timedelta(hours=1), now)["deletedRecords"] == []


def test_activities_are_archived_a_year_on(
    ask: Ask, later: Callable[..., datetime], login: Callable[[], dict[str, str]]
) -> None:
    statement = "SELECT COUNT() FROM Task WHERE Subject = 'Call Ann'"
    later(days=363)
    assert ask(statement, **login()).json()["totalSize"] == 1
    later(days=1)
    assert ask(statement, **login()).json()["totalSize"] == 0
    assert ask(statement, resource="queryAll", **login()).json()["totalSize"] == 1


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (timedelta(days=-31), timedelta(0), "INVALID_REPLICATION_DATE"),
        (timedelta(0), timedelta(0), "INVALID_REPLICATION_DATE"),
        (timedelta(hours=1), timedelta(0), "INVALID_REPLICATION_DATE"),
        (timedelta(days=-30), timedelta(0), None),
        (timedelta(seconds=-61), timedelta(0), None),
    ],
)
def test_windows_of_updates_have_limits(
    http: httpx.Client, start: timedelta, end: timedelta, code: str | None
) -> None:
    now = datetime(2026, 3, 11, 10, tzinfo=UTC)
    window = {"start": (now + start).isoformat(), "end": (now + end).isoformat()}
    reply = http.get("/sobjects/Opportunity/updated/", params=window)
    assert (reply.json()[0]["errorCode"] if code else reply.status_code) == (code or 200)


def test_windows_of_deletes_reach_back_fifteen_days(http: httpx.Client) -> None:
    window = {"start": "2026-02-23T10:00:00Z", "end": "2026-03-11T10:00:00Z"}
    reply = http.get("/sobjects/Opportunity/deleted", params=window)
    assert reply.json()[0]["errorCode"] == "INVALID_REPLICATION_DATE"
    users = http.get("/sobjects/User/deleted", params=window)
    assert users.json()[0]["errorCode"] == "INVALID_TYPE"


def test_a_window_is_needed_and_seconds_do_not_count(
    http: httpx.Client, ids: dict[str, str]
) -> None:
    path = "/sobjects/Opportunity/updated"
    assert http.get(path).json()[0]["errorCode"] == "MISSING_ARGUMENT"
    nonsense = http.get(path, params={"start": "x", "end": "y"})
    assert nonsense.json()[0]["errorCode"] == "INVALID_REPLICATION_DATE"
    # Alpha was changed at 09:30:00, before this start but in its minute.
    window = {"start": "2026-03-11T09:30:59+00:00", "end": "2026-03-11T09:31:59+00:00"}
    assert http.get(path, params=window).json()["ids"] == [ids["Alpha"]]
    unescaped = f"{path}?start=2026-03-11T09:30:00+00:00&end=2026-03-11T09:31:00+00:00"
    assert http.get(unescaped).json()["ids"] == [ids["Alpha"]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(at=START, sobject="Nope", id="a", fields={}), "no object 'Nope'"),
        (Change(at=START, sobject="User", id="a", is_deletion=True), "cannot be deleted"),
        (Change(at=START, sobject="Account", id="a", fields={"Nope": 1}), "no field Nope"),
    ],
)
def test_a_change_that_cannot_be_is_refused(store: Store, change: Change, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        store.apply(change)


def test_a_feed_with_an_impossible_value_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="Opportunity 006000000000001AAA, CloseDate: 'soon'"):
        Store.from_changes([_change(400, Name="A", CloseDate="soon")], clock=_clock())


def test_stages_that_the_feed_sets_up_decide_what_is_won() -> None:
    stage = Change(
        at=START,
        sobject="OpportunityStage",
        id="01J000000000001AAA",
        fields={"ApiName": "Signed", "IsClosed": True, "IsWon": True, "ForecastCategory": "Closed"},
    )
    store = Store.from_changes([stage, _change(0, Name="A", StageName="Signed")], clock=_clock())
    record = store.record(store.schema.objects["Opportunity"], DEAL) or {}
    assert (record["IsWon"], record["ForecastCategoryName"]) == (1, "Closed")


def test_objects_of_features_exist_only_when_something_speaks_of_them() -> None:
    plain = Store.from_changes([], clock=_clock())
    assert plain.schema.find("ForecastingQuota") is None
    quota = Change(at=START, sobject="ForecastingQuota", id="0J9000000000001AAA",
                   fields={"QuotaAmount": 5, "Region__c": "EMEA"})  # fmt: skip
    fed = Store.from_changes([quota], clock=_clock())
    sobject = fed.schema.objects["ForecastingQuota"]
    assert fed.count(sobject) == 1
    assert sobject.field("Region__c") is not None


def test_an_organisation_knows_the_stages_its_deals_show() -> None:
    changes = [
        _change(5, Name="A", StageName="Won it", IsClosed=True, IsWon=True, Probability=100),
        _change(6, StageName="Talking", IsClosed=False, IsWon=False, Probability=30),
    ]
    store = Store.from_changes(changes, clock=_clock())
    names = [row[0] for row in store.database.rows("SELECT MasterLabel FROM OpportunityStage")]
    assert names == ["Talking", "Won it"]
