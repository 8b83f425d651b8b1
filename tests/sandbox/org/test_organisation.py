import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.org import Org, generate

#: Begun early, for the tests of this folder are done by one worker.
pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 24)


def digest(org: Org) -> str:
    parts = hashlib.sha256()
    for change in org.changes:
        parts.update(repr((change.at, change.sobject, change.id, dict(change.fields))).encode())
    parts.update(repr((org.people, org.channels)).encode())
    parts.update(json.dumps(org.truth.to_json()).encode())
    return parts.hexdigest()


def test_a_seed_and_a_day_give_the_same_organisation_in_any_process() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_organisation import *; "
        "print(digest(generate(seed=3, today=TODAY, weeks_ahead=2)))"
    )
    here = digest(generate(seed=3, today=TODAY, weeks_ahead=2))
    there = subprocess.run(  # noqa: S603 - our own interpreter and a script written here
        [sys.executable, "-c", script, str(Path(__file__).parent)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert there == here


def test_another_seed_gives_the_same_cast_another_life() -> None:
    one = generate(seed=1, today=TODAY, weeks_ahead=0)
    other = generate(seed=2, today=TODAY, weeks_ahead=0)
    assert one.people == other.people
    assert digest(one) != digest(other)


def test_the_volume_is_that_of_a_working_organisation(records: dict[str, Any]) -> None:
    counts = Counter({sobject: len(rows) for sobject, rows in records.items()})
    assert 50_000 < counts.total() < 74_000
    assert counts["Organization"] == 1
    assert counts["OpportunityStage"] == 7
    assert counts["User"] == 49
    assert counts["Task"] > 5 * counts["Event"] / 2
    assert 1_100 < counts["Opportunity"] < 2_000
    assert 1_500 < counts["Lead"] < 3_500


def test_development_reps_log_many_activities_a_day_and_executives_a_few(
    records: dict[str, Any], truth: dict[str, Any]
) -> None:
    done = Counter(row["OwnerId"] for row in records["Task"].values() if row["IsClosed"])
    done.update(row["OwnerId"] for row in records["Event"].values() if row["WhoId"])
    workdays = 300
    a_day: dict[str, list[float]] = {}
    for person in truth["people"]:
        if person["hired"] < truth["first_day"] and person["team"] and not person["left"]:
            a_day.setdefault(person["role"], []).append(done[person["id"]] / workdays)
    mean = {role: sum(values) / len(values) for role, values in a_day.items()}
    assert 8 < mean["sdr_outbound"] < 14
    assert 3.3 < mean["smb_ae"] < 6
    assert 2.4 < mean["mid_market_ae"] < 5
    assert 2.2 < mean["enterprise_ae"] < 5


@pytest.mark.parametrize(
    ("role", "least", "most"),
    [("smb_ae", 0.15, 0.33), ("mid_market_ae", 0.17, 0.38), ("enterprise_ae", 0.13, 0.38)],
)
def test_a_plausible_share_of_closed_deals_is_won(
    records: dict[str, Any], truth: dict[str, Any], role: str, least: float, most: float
) -> None:
    reps = {person["id"] for person in truth["people"] if person["role"] == role}
    closed = [
        row for row in records["Opportunity"].values() if row["IsClosed"] and row["OwnerId"] in reps
    ]
    assert least < sum(row["IsWon"] for row in closed) / len(closed) < most


def test_slack_has_everybody_at_work_and_one_without_a_salesforce_login(
    world: Org, records: dict[str, Any]
) -> None:
    active = {row["Email"] for row in records["User"].values() if row["IsActive"]}
    in_slack = {person.email for person in world.people}
    assert in_slack - active == {"owen.blake@brightwater.example"}
    assert active - in_slack == set()


def test_every_team_has_its_channel_and_sales_has_all(world: Org) -> None:
    members = {channel.name: set(channel.members) for channel in world.channels}
    assert set(members) == {
        "team-sdr",
        "team-smb",
        "team-mid-market",
        "team-enterprise",
        "sales",
    }
    assert members["sales"] == {person.id for person in world.people}
    names = {person.id: person.real_name for person in world.people}
    in_smb = {names[member] for member in members["team-smb"]}
    assert {"Maria Santos", "Kim Larsen"} <= in_smb
    assert "Noah Feldman" not in in_smb


def test_there_are_30_reps_at_work_in_four_teams(truth: dict[str, Any]) -> None:
    sizes = {team["key"]: len(team["rep_ids"]) for team in truth["teams"]}
    assert sizes == {"sdr": 6, "smb": 10, "mid-market": 7, "enterprise": 7}


def test_roles_and_managers_form_a_hierarchy(records: dict[str, Any]) -> None:
    users, roles = records["User"], records["UserRole"]
    [top] = [user for user in users.values() if user["ManagerId"] is None]
    assert top["Title"] == "VP Sales"
    for user in users.values():
        steps, boss = 0, user
        while boss["ManagerId"]:
            boss, steps = users[boss["ManagerId"]], steps + 1
        assert boss is top
        assert steps <= 2
        role = roles[user["UserRoleId"]]
        if steps == 2:
            manager_role = users[user["ManagerId"]]["UserRoleId"]
            assert role["ParentRoleId"] == manager_role


def test_life_goes_on_for_eight_weeks(world: Org, today: date) -> None:
    weeks = Counter(
        (change.at.date() - today).days // 7
        for change in world.changes
        if change.sobject == "Task" and change.at.date() > today
    )
    assert all(weeks[week] > 150 for week in range(8))
    assert world.changes[-1].at.date() <= today + timedelta(weeks=8)


def test_the_truth_is_plain_json(truth: dict[str, Any]) -> None:
    assert json.loads(json.dumps(truth)) == truth
    assert {story["kind"] for story in truth["stories"]} >= {"quiet_star", "shared_cause"}
    for story in truth["stories"]:
        assert story["should_notice"]
        assert story["must_not_say"]
        assert story["first_day"] <= story["last_day"]
