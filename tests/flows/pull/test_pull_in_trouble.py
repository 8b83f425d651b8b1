from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.domain.errors import CredentialsRefused, RateLimited, TransientError
from bot.storage.cursors import last_pull, mirrored_at, read_cursor
from bot.storage.database import reading
from integrations.salesforce.crm_object import load_objects
from integrations.sandbox.salesforce.faults import FaultKind

Rows = Callable[[Engine, str], dict[str, Mapping[str, Any]]]
DEAL_1 = f"006{1:012d}AAA"


def test_a_hidden_field_is_reported_and_keeps_what_is_known(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.set("Opportunity", DEAL_1, NextStep="Send the offer")
    crm = org.crm()
    assert "next_step" not in org.pull(database, crm).missing_columns["opportunity"]
    org.trouble(FaultKind.HIDDEN_FIELD, sobject="Opportunity", field="NextStep")
    org.later(minutes=10)
    org.set("Opportunity", DEAL_1, StageName="Qualification")
    org.pull(database, crm)
    org.later(minutes=10)
    assert "next_step" in org.pull(database, crm).missing_columns["opportunity"]
    deal = rows_of(database, "opportunity")[DEAL_1]
    assert (deal["stage_name"], deal["next_step"]) == ("Qualification", "Send the offer")


def test_a_field_that_becomes_visible_is_filled_for_records_that_never_change_again(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    org.set("Opportunity", DEAL_1, NextStep="Send the offer")
    org.later(hours=1)
    hidden = org.trouble(FaultKind.HIDDEN_FIELD, sobject="Opportunity", field="NextStep")
    org.pull(database)
    assert rows_of(database, "opportunity")[DEAL_1]["next_step"] is None
    org.faults.clear(hidden)
    org.later(days=1)
    org.pull(database)
    assert rows_of(database, "opportunity")[DEAL_1]["next_step"] == "Send the offer"


def test_an_object_that_cannot_be_read_is_reported_and_the_rest_is_pulled(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    hidden = org.trouble(FaultKind.HIDDEN_FIELD, sobject="Opportunity", field="CloseDate")
    report = org.pull(database)
    assert "CloseDate" in report.problems["opportunity"]
    assert len(rows_of(database, "crm_user")) == 2
    assert report.as_of == org.clock.now()
    org.faults.clear(hidden)
    org.later(hours=2)
    assert org.pull(database).problems == {}
    assert len(rows_of(database, "opportunity")) == 5


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"kind": FaultKind.EXPIRE_SESSIONS, "after": 9}, id="session-expires"),
        pytest.param({"kind": FaultKind.UNAVAILABLE, "after": 5, "times": 3}, id="503"),
        pytest.param({"kind": FaultKind.DROP_CONNECTION, "after": 5, "times": 3}, id="line-drops"),
        pytest.param({"kind": FaultKind.CONCURRENT_LIMIT, "after": 5, "times": 2}, id="crowd"),
        pytest.param({"kind": FaultKind.QUERY_TIMEOUT, "times": 1, "path": "/query"}, id="slow"),
    ],
)
def test_a_pull_comes_through_what_passes_by_itself(
    database: Engine, org: Any, rows_of: Rows, trouble: dict[str, Any]
) -> None:
    org.trouble(**{"times": 1, **trouble})
    report = org.pull(database)
    assert (report.problems, report.stopped) == ({}, None)
    assert len(rows_of(database, "opportunity")) == 5


def test_pages_whose_place_is_forgotten_are_read_again(
    database: Engine, make_org: Callable[..., Any], rows_of: Rows
) -> None:
    org = make_org(page_size=2)
    org.trouble(FaultKind.EXPIRE_LOCATORS, after=8, times=2)
    assert org.pull(database).problems == {}
    assert len(rows_of(database, "opportunity")) == 5


def test_a_salesforce_that_stays_away_is_recorded_and_raised(database: Engine, org: Any) -> None:
    org.pull(database)
    as_of = org.clock.now()
    org.later(minutes=10)
    org.trouble(FaultKind.UNAVAILABLE)
    with pytest.raises(TransientError):
        org.pull(database)
    with reading(database) as session:
        latest = last_pull(session)
        assert latest is not None
        assert "503" in str(latest.problem)
        assert mirrored_at(session) == as_of


def test_wrong_credentials_are_tried_once_and_recorded(database: Engine, org: Any) -> None:
    crm = org.crm(CLIENT_ID="3MVG9sandbox.pacesetter", CLIENT_SECRET="wrong")
    with pytest.raises(CredentialsRefused, match="SALESFORCE_CLIENT_SECRET"):
        org.pull(database, crm)
    assert len(org.log.listing()) == 1
    with reading(database) as session:
        latest = last_pull(session)
        assert latest is not None
        assert "SALESFORCE_CLIENT_SECRET" in str(latest.problem)


def test_a_pull_stops_when_its_share_of_the_calls_is_used_and_goes_on_the_next_day(
    database: Engine, make_org: Callable[..., Any], rows_of: Rows
) -> None:
    org = make_org(daily_calls=42)
    org.needs_all = True
    report = org.pull(database, budget_share=0.5)
    assert "of today's 42 Salesforce calls" in str(report.stopped)
    assert report.calls.used in range(20, 24)
    assert report.as_of is None
    for _ in range(5):
        org.later(days=1, minutes=1)
        report = org.pull(database, budget_share=0.8)
    # No table starves: those that were not reached come first the next day.
    assert report.as_of is not None
    assert org.clock.now() - report.as_of <= timedelta(days=2)
    assert len(rows_of(database, "opportunity")) == 5


def test_the_platforms_own_limit_is_raised_and_the_cursor_kept(database: Engine, org: Any) -> None:
    org.pull(database)
    with reading(database) as session:
        before: datetime | None = read_cursor(session, "opportunity").pulled_until
    org.later(minutes=10)
    org.trouble(FaultKind.REQUEST_LIMIT)
    with pytest.raises(RateLimited):
        org.pull(database)
    with reading(database) as session:
        assert read_cursor(session, "opportunity").pulled_until == before


def test_an_object_that_salesforce_refuses_for_good_does_not_stop_the_others(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    known = load_objects()
    crm = org.crm(objects={**known, "account": replace(known["account"], cursor="Name")})
    report = org.pull(database, crm)
    assert list(report.problems) == ["account"]
    assert len(rows_of(database, "opportunity")) == 5


def test_two_pulls_at_once_disturb_nothing(database: Engine, org: Any, rows_of: Rows) -> None:
    with ThreadPoolExecutor(2) as threads:
        reports = list(threads.map(lambda _: org.pull(database), range(2)))
    assert [report.problems for report in reports] == [{}, {}]
    assert sum(report.rows["opportunity"] for report in reports) == 5
    assert len(rows_of(database, "opportunity")) == 5
