"""The weekly digest: once a week and team, and nothing bad about anybody in the channel."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.errors import RecipientUnreachable
from bot.domain.organisation import Organisation
from bot.flows.digest import digest
from bot.ports import SlackPerson
from bot.storage.cursors import CursorRow
from bot.storage.database import transaction
from tests.coached_team import MORNING, Team, coached_team
from tests.mirrored import BERLIN, ORGANISATION


class Rooms:
    """A directory that knows one channel, and one that it may not join."""

    def find_channel(self, name: str) -> str | None:
        if name == "closed":
            raise RecipientUnreachable("Slack refused (restricted_action)")
        return "C0SALES" if name == "sales" else None

    def find_by_email(self, email: str) -> SlackPerson | None:
        raise AssertionError(f"a digest looks nobody up, not even {email}")

    def find_by_id(self, person: str) -> SlackPerson | None:
        raise AssertionError(f"a digest looks nobody up, not even {person}")


@pytest.fixture
def team(sqlite: Engine) -> Team:
    return coached_team(sqlite)


def with_channel(name: str | None) -> Organisation:
    return Organisation(zone=BERLIN, roles=ORGANISATION.roles, default_channel=name)


def recipients(team: Team) -> list[str]:
    return [each.recipient for each in team.outbox("digest")]


def test_the_channel_and_the_manager_each_get_one(team: Team) -> None:
    report = digest(team.at(organisation=with_channel("sales")), Rooms())
    assert [line.reason for line in report.lines] == [None, None]
    assert recipients(team) == ["C0SALES", "U0MARIA"]


def test_a_week_has_one_digest_however_often_it_is_run(team: Team) -> None:
    for days in (0, 0, 4):
        runtime = team.at(MORNING + timedelta(days=days), organisation=with_channel("sales"))
        report = digest(runtime, Rooms())
    assert {line.reason for line in report.lines} == {"this week's digest is already out"}
    assert len(recipients(team)) == 2
    next_week = team.at(MORNING + timedelta(days=7), organisation=with_channel("sales"))
    digest(next_week, Rooms())
    assert len(recipients(team)) == 4


def test_a_dry_run_leaves_no_trace(team: Team) -> None:
    report = digest(team.at(organisation=with_channel("sales")), None, is_dry=True)
    assert len(report.lines) == 2
    assert recipients(team) == []


def test_what_is_wrong_with_one_persons_deals_is_for_the_manager_alone(team: Team) -> None:
    for number in range(3):
        team.mirror.deal(
            MORNING - timedelta(days=30),
            name=f"Forgotten {number}",
            close_on=(MORNING - timedelta(days=9)).date(),
        )
    team.mirror.roll_up(MORNING)
    report = digest(team.at(organisation=with_channel("sales")), Rooms())
    said = {line.audience: str(line.message) for line in report.lines}
    assert "close date in the past" in said["manager"]
    assert "Kim" in said["manager"]
    for word in ("past", "Kim", "Sam", "Forgotten", "quiet"):
        assert word not in said["channel"]


def test_a_team_without_a_channel_and_a_manager_without_slack_are_said(team: Team) -> None:
    team.match(maria=None)
    report = digest(team.at(organisation=with_channel(None)), Rooms())
    assert [line.reason for line in report.lines] == [
        "no channel for the team; see app.yaml",
        "the manager is not in Slack",
    ]
    assert recipients(team) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("closed", "#closed cannot be used: Slack refused (restricted_action)"),
        ("renamed", "Slack knows no channel #renamed that I may see"),
    ],
)
def test_a_channel_that_cannot_be_used_keeps_the_digest_from_nobody_else(
    team: Team, name: str, reason: str
) -> None:
    report = digest(team.at(organisation=with_channel(name)), Rooms())
    assert [line.reason for line in report.lines] == [reason, None]
    assert len(recipients(team)) == 1


def test_once_a_month_the_manager_alone_is_shown_the_six_duties(team: Team) -> None:
    for days, is_due in ((0, False), (28, True), (35, False)):
        runtime = team.at(MORNING + timedelta(days=days), organisation=with_channel("sales"))
        report = digest(runtime, None, is_dry=True)
        said = {line.audience: str([line.message, *line.message.thread]) for line in report.lines}
        assert ("your six duties" in said["manager"]) is is_due
        assert "six duties" not in said["channel"]


def test_what_salesforce_took_away_is_told_to_the_manager(team: Team) -> None:
    with transaction(team.at().database) as session:
        row = session.get(CursorRow, "crm_task")
        assert row is not None
        row.lost_values = {"type": ["Call"]}
        session.add(row)
    report = digest(team.at(organisation=with_channel("sales")), Rooms())
    said = {line.audience: str(line.message) for line in report.lines}
    assert "can no longer be" in said["manager"]
    assert "no longer be" not in said["channel"]
