"""/my-week, /metric and /playbook over the playbooks that we ship."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.coaching.evidence.state import EvidenceState
from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.ids import MetricKey, RepId, RoleKey, SlackUserId
from bot.domain.message import Message
from bot.domain.success_model import LearnedFrom, LearnedRange
from bot.flows.roll_up import roll_up
from bot.playbook_files import load_playbooks
from bot.queries import metric_detail, my_week
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.evidence import SignalRow, write_outcomes
from bot.storage.mirror.upsert import upsert
from bot.surfaces.command import Question, answer, load_commands
from integrations.sandbox.slack.blockkit.validate import complaints_about_blocks
from tests.slack_world import CRM_IDS, given_people

pytestmark = pytest.mark.slow

PLAYBOOKS = load_playbooks(Path(__file__).resolve().parents[2] / "playbooks")


def given_deals(runtime: Runtime) -> None:
    """Three open deals of Kim's, one of them hostile."""
    now = runtime.clock.now()
    stage = {
        "id": "01J000000000001AAA",
        "name": "Negotiation",
        "sort_order": 1,
        "is_active": True,
        "is_closed": False,
        "is_won": False,
        "stamp": now,
    }
    deals = [
        {
            "id": f"00600000000000{number}AAA",
            "name": name,
            "owner_id": CRM_IDS["kim"],
            "amount_cents": 4_000_000,
            "currency": "USD",
            "stage_name": "Negotiation",
            "close_on": now.date() - timedelta(days=number),
            "is_won": False,
            "is_closed": False,
            "is_deleted": False,
            "created_at": now - timedelta(days=40),
            "stamp": now,
        }
        for number, name in enumerate(("Acme", "Globex", "<!channel> *Initech*"), start=1)
    ]
    with transaction(runtime.database) as session:
        upsert(session, "opportunity_stage", [stage])
        upsert(session, "opportunity", deals)


@pytest.fixture
def office(runtime: Runtime) -> Runtime:
    """Everybody at work under our playbooks; Kim has three open deals, one of them hostile."""
    given_people(runtime)
    given_deals(runtime)
    roll_up(
        runtime.database,
        metrics=PLAYBOOKS.metrics,
        organisation=runtime.organisation,
        now=runtime.clock.now(),
    )
    return replace(
        runtime,
        metrics=PLAYBOOKS.metrics,
        models=PLAYBOOKS.models,
        plays=PLAYBOOKS.plays,
    )


def asked(runtime: Runtime, line: str, *, by: str = "kim") -> str:
    """All the words of the answer, after the sandbox's own validator has accepted it."""
    name, *words = line.split()
    question = Question(asker=SlackUserId(f"U0{by.upper()}"), words=tuple(words), channel="C0SALES")
    message = answer(load_commands()[name], question, runtime).message
    _accepted([message, *message.thread])
    return f"{message.text} {[list(part.blocks) for part in (message, *message.thread)]}"


def _accepted(messages: Sequence[Message]) -> None:
    for message in messages:
        assert complaints_about_blocks(list(message.blocks), surface="message") == []


def test_my_week_names_one_thing_to_do_and_compares_with_nobody(office: Runtime) -> None:
    text = asked(office, "/my-week")
    assert "Worth your attention" in text
    assert "Next step:" in text
    assert "Sam" not in text


def test_my_week_is_for_people_who_sell(office: Runtime) -> None:
    with pytest.raises(NotAllowed, match="people who sell"):
        asked(office, "/my-week", by="maria")


def test_a_metric_explains_itself_and_shows_the_records_behind_it(office: Runtime) -> None:
    text = asked(office, "/metric past due share")
    assert "<https://acme.my.example/006000000000001AAA|Acme>" in text
    assert "<!channel>" not in text
    assert "By which date" in text


@pytest.mark.parametrize(
    ("weekly", "said"),
    [
        (20.0, "a drop of 38% or more would show within 4 weeks"),
        (0.4, "too few events to tell a drop from chance within 4 weeks"),
    ],
)
def test_a_metric_says_what_drop_could_be_noticed_at_all(
    office: Runtime, weekly: float, said: str
) -> None:
    calls = MetricKey("calls_completed")
    state = EvidenceState.new([calls], [RepId(CRM_IDS["kim"])])
    state.counts[:] = weekly
    state.exposures[:] = 1
    assert said not in asked(office, "/metric calls completed")
    with transaction(office.database) as session:
        write_outcomes(session, (), replace(state, week=office.clock.now().date()))
    assert said in asked(office, "/metric calls completed")


def test_a_manager_may_name_a_report_and_sees_the_records_behind_it(office: Runtime) -> None:
    for name in ("Kim", "kim berg", "<@U0KIM|kim>"):
        text = asked(office, f"/metric past_due_share {name}", by="maria")
        assert "*Kim, " in text
        assert "<https://acme.my.example/006000000000001AAA|Acme>" in text
    with pytest.raises(NotAllowed, match="Nobody of those who report to you") as refused:
        asked(office, "/metric past_due_share Grace", by="maria")
    assert "Kim" in refused.value.hint
    assert "Your own" not in asked(office, "/metric past_due_share", by="maria")


def test_a_rep_who_names_another_is_told_that_it_shows_their_own(office: Runtime) -> None:
    for name in ("Sam", "Grace", "<@U0SAM|sam>"):
        with pytest.raises(NotAllowed, match="your own numbers only"):
            asked(office, f"/metric past_due_share {name}")
    assert "*Your own, " in asked(office, "/metric past_due_share Kim")


@pytest.mark.parametrize("words", ["last 0 weeks", "last -3 weeks", "kim last 99999 days"])
def test_a_window_that_nobody_can_look_at_is_answered_with_those_there_are(
    office: Runtime, words: str
) -> None:
    with pytest.raises(UnclearWords) as refused:
        asked(office, f"/team-health {words}", by="maria")
    assert "`last 4 weeks`" in refused.value.hint


def test_every_metric_we_ship_can_be_explained(office: Runtime) -> None:
    for key, definition in office.metrics.items():
        assert definition.metric.title in asked(office, f"/metric {key}").replace("\u200b", "")


@pytest.mark.parametrize("line", ["/metric", "/metric happiness", "/playbook astronaut"])
def test_what_is_not_there_is_answered_with_what_is(office: Runtime, line: str) -> None:
    with pytest.raises(UnclearWords) as refused:
        asked(office, line)
    assert refused.value.hint


def test_a_rep_sees_the_playbook_of_the_own_role_and_its_plays(office: Runtime) -> None:
    text = asked(office, "/playbook")
    assert "What good looks like" in text
    assert "/playbook next_steps" in text


def test_a_manager_sees_what_good_looks_like_in_a_team(office: Runtime) -> None:
    assert office.models[RoleKey("manager")].title in asked(office, "/playbook", by="maria")


def test_a_playbook_says_which_ranges_were_learned_and_from_how_much(office: Runtime) -> None:
    model = office.models[RoleKey("mid_market_ae")]
    metric = MetricKey("next_step_hygiene")
    learned = LearnedFrom(
        day=date(2026, 9, 30),
        reps=14,
        quarters=6,
        ranges={metric: LearnedRange(grade="strong", low=(0.4, 0.5), high=(0.6, 0.7))},
    )
    models = {model.key: replace(model, evidence="strong", learned=learned)}
    text = asked(replace(office, models=models), "/playbook")
    assert text.count("(strong evidence)") == 1
    assert "learned from 14 reps and 6 quarters" in text
    assert "association, not cause" in text


def test_every_play_and_every_role_can_be_shown(office: Runtime) -> None:
    for play in office.plays:
        assert asked(office, f"/playbook {play}")
    for role, model in office.models.items():
        assert model.title in asked(office, f"/playbook {role}")


def test_a_manager_reads_a_full_team_health(office: Runtime) -> None:
    text = asked(office, "/team-health", by="maria")
    assert "Hygiene" in text
    assert "Kim" in text
    assert "Kim" not in asked(office, "/team-health share", by="maria")


def test_a_metric_is_explained_in_human_words(office: Runtime) -> None:
    for key in office.metrics:
        text = asked(office, f"/metric {key}")
        for word in ("kind =", " AND ", "rep_id", "done_on", "sum of (", "at least 0"):
            assert word not in text


def test_my_week_and_metric_name_the_same_range(office: Runtime) -> None:
    """Prorated for the rep's days, rounded once, and with the reason where it is smaller."""
    week = my_week.ask(office, asker=SlackUserId("U0KIM"))
    for line in week.lines:
        detail = metric_detail.ask(office, asker=SlackUserId("U0KIM"), words=line.metric)
        assert detail.fair == (line.low, line.high)
        is_smaller = detail.target is not None and line.low < detail.target.low
        text = asked(office, f"/metric {line.metric}")
        assert ("your share of" in text) is (is_smaller or detail.is_prorated)


def test_my_week_mentions_what_a_nudge_says_has_changed(office: Runtime) -> None:
    today = office.clock.now().date()
    monday = today - timedelta(days=today.weekday() + 14)
    row = SignalRow(
        week=monday,
        rep_id=CRM_IDS["kim"],
        metric="calls_completed",
        kind="sudden",
        direction="down",
        tier="soft",
        observed=6,
        expected=20,
        weeks=2,
        posterior=0.996,
        detail={"evidence": 4.3, "exposure": 2.0, "span": 2},
    )
    with transaction(office.database) as session:
        session.add(row)
    text = asked(office, "/my-week")
    assert "Calls completed: down to 6 in 2 weeks" in text
    assert "where about 20 was usual" in text
