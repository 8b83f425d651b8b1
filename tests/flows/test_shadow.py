"""In shadow mode everything is judged as if it were live, and only admins see it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.policy import Policy
from bot.domain.ids import SlackUserId
from bot.domain.nudge import HoldReason
from bot.domain.organisation import Organisation
from bot.flows.coach import coach
from bot.flows.digest import digest
from bot.flows.shadow import show_admins
from bot.ports import SlackPerson
from bot.runtime import Runtime
from tests.coached_team import MORNING, Team, coached_team
from tests.mirrored import BERLIN, ORGANISATION

ADMIN = "U0ADMIN"
WATCHED = Organisation(
    zone=BERLIN,
    roles=ORGANISATION.roles,
    default_channel="sales",
    admins=frozenset({"ada@acme.example", "gone@acme.example"}),
)


class Office:
    """A directory that knows one admin and one channel."""

    def find_channel(self, name: str) -> str | None:
        return "C0SALES" if name == "sales" else None

    def find_by_email(self, email: str) -> SlackPerson | None:
        if email != "ada@acme.example":
            return None
        return SlackPerson(
            id=SlackUserId(ADMIN), name="ada", email=email, zone="Europe/Berlin", locale=None
        )

    def find_by_id(self, slack_id: SlackUserId) -> SlackPerson | None:
        raise AssertionError(f"nobody asks for {slack_id}")


@pytest.fixture
def team(sqlite: Engine) -> Team:
    return coached_team(sqlite)


def shadowed(team: Team, days: int = 0, *, all_rules: bool = False) -> Runtime:
    policy = Policy(is_in_shadow=True)
    now = MORNING + timedelta(days=days)
    make = team.at if all_rules else team.with_one_rule
    return make(now, policy=policy, organisation=WATCHED)


def test_only_an_admin_is_shown_what_would_have_been_said_and_once(team: Team) -> None:
    runtime = shadowed(team)
    coach(runtime)
    assert team.outbox() == []
    assert team.decisions() == [("hold", HoldReason.SHADOW_MODE)]
    assert [show_admins(runtime, Office()) for _ in range(2)] == [1, 0]
    [shown] = team.outbox("shadow")
    assert shown.recipient == ADMIN
    told = str(shown.blocks)
    for word in ("2 things", "Kim", "Sam", "close date in the past", "Only admins see this"):
        assert word in told


def test_what_would_have_been_said_counts_as_said(team: Team) -> None:
    coach(shadowed(team))
    coach(shadowed(team, 1))
    assert team.decisions()[1] == ("hold", HoldReason.COOLING_DOWN)
    runtime = shadowed(team, 1)
    show_admins(runtime, Office())
    assert show_admins(runtime, Office()) == 0


def test_caps_show_in_a_trial_as_they_would_live(team: Team) -> None:
    report = coach(shadowed(team, all_rules=True))
    shown = [
        each.rep.id
        for each in report.decided
        if getattr(each.judgement.verdict, "reason", None) is HoldReason.SHADOW_MODE
        and not each.judgement.proposal.is_urgent
    ]
    assert sorted(shown) == sorted(set(shown)) != []
    assert all(each.judgement.send_probability == 0 for each in report.decided)


def test_a_digest_goes_to_admins_with_a_word_about_whom_it_was_for(team: Team) -> None:
    report = digest(shadowed(team), Office())
    assert {line.reason for line in report.lines} == {str(HoldReason.SHADOW_MODE)}
    channel, manager = team.outbox("digest")
    assert {channel.recipient, manager.recipient} == {ADMIN}
    assert "would have gone to the channel" in channel.text
    assert "would have gone to the manager" in manager.text
    digest(shadowed(team), Office())
    assert len(team.outbox("digest")) == 2


def test_without_shadow_mode_admins_are_shown_nothing(team: Team) -> None:
    runtime = team.with_one_rule(organisation=WATCHED)
    coach(runtime)
    assert show_admins(runtime, Office()) == 0
    assert len(team.outbox()) == 2
