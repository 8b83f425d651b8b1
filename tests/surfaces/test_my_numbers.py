"""/my-week, /metric and /playbook over the playbooks that we ship."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.coaching.evidence.state import EvidenceState
from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.ids import MetricKey, RepId, RoleKey, SlackUserId
from bot.domain.success_model import LearnedFrom, LearnedRange
from bot.flows.roll_up import roll_up
from bot.queries import metric_detail, my_week
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.evidence import SignalRow, write_outcomes
from bot.storage.mirror.upsert import upsert
from bot.surfaces.command import Question, answer, load_commands
from tests.mirrored import STAGES, Mirror
from tests.office import asked
from tests.slack_world import CRM_IDS

pytestmark = pytest.mark.slow


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


def test_a_metric_says_what_it_left_out(office: Runtime) -> None:
    now = office.clock.now()
    foreign = {
        "id": "006000000000009AAA",
        "name": "Umbrella",
        "owner_id": CRM_IDS["kim"],
        "amount_cents": 9_000_000,
        "currency": "EUR",
        "stage_name": "Negotiation",
        "close_on": now.date(),
        "created_at": now - timedelta(days=9),
        "stamp": now,
    }
    with transaction(office.database) as session:
        upsert(session, "opportunity", [foreign])
    roll_up(office.database, metrics=office.metrics, organisation=office.organisation, now=now)
    text = asked(office, "/metric open pipeline amount")
    assert "1 in a currency without a rate: the amount is left out" in text
    assert "$120,000" in text


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


def test_a_product_of_several_numbers_says_how_far_it_may_be_off(office: Runtime) -> None:
    said = "would be no surprise"
    assert said not in asked(office, "/metric sales velocity")
    now, mirror = office.clock.now(), Mirror(office.database, written=100, begins=False)
    with mirror.at_once():
        for order, (stage, (is_closed, is_won)) in enumerate(STAGES.items()):
            way = {"sort_order": order, "is_closed": is_closed, "is_won": is_won}
            mirror.write("opportunity_stage", id=f"01J00000000009{order}AAA", name=stage, **way)
        for number in range(30):
            deal = mirror.deal(now - timedelta(days=40), stage_name="Proposal")
            day = now - timedelta(days=9 + number % 9)
            end = "Closed Won" if number < 10 else "Closed Lost"
            mirror.change(deal, day, stage_name=end, close_on=day.date())
        for amount in (90_000_00, 60_000_00):
            mirror.deal(now - timedelta(days=9), stage_name="Proposal", amount_cents=amount)
    roll_up(office.database, metrics=office.metrics, organisation=office.organisation, now=now)
    told = asked(office, "/metric velocity")
    assert re.search(rf"anything from \S*\$[\d,]+ to \S*\$[\d,]+ {said}", told)


def test_every_metric_we_ship_can_be_explained(office: Runtime) -> None:
    for key, definition in office.metrics.items():
        assert definition.metric.title in asked(office, f"/metric {key}").replace("\u200b", "")


@pytest.mark.parametrize("line", ["/metric", "/metric happiness", "/playbook astronaut"])
def test_what_is_not_there_is_answered_with_what_is(office: Runtime, line: str) -> None:
    with pytest.raises(UnclearWords) as refused:
        asked(office, line)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("line", "is_shared"),
    [
        ("/metric past_due_share share", True),
        ("/metric past due share", False),
        ("/metric calls completed share", True),
        ("/metric past due share SHARE", True),
        ("/playbook share", True),
        ("/playbook next steps share", True),
        ("/playbook", False),
    ],
)
def test_what_is_shared_holds_nobodys_numbers(
    office: Runtime, line: str, *, is_shared: bool
) -> None:
    name, *words = line.split()
    question = Question(asker=SlackUserId("U0KIM"), words=tuple(words), channel="C0SALES")
    reply = answer(load_commands()[name], question, office)
    assert reply.is_shared is is_shared
    has_numbers = bool(re.search(r"Your own|Kim|Acme|https://", str(reply.message)))
    assert has_numbers is (not is_shared and name == "/metric")
    assert reply.message.pictures == {}


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


def given_signal(office: Runtime, **changed: object) -> None:
    monday = office.clock.now().date() - timedelta(days=office.clock.now().weekday() + 14)
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
    for name, value in changed.items():
        setattr(row, name, value)
    with transaction(office.database) as session:
        session.add(row)


def test_my_week_mentions_what_a_nudge_says_has_changed(office: Runtime) -> None:
    given_signal(office)
    text = asked(office, "/my-week")
    assert "Calls completed: down to 6 in 2 weeks" in text
    assert "where about 20 was usual" in text


UP: dict[str, object] = {"kind": "improvement", "direction": "up", "expected": 1000}


@pytest.mark.parametrize(
    ("signal", "told"),
    [
        pytest.param({**UP, "observed": 1090}, "", id="nine-percent-more"),
        pytest.param({**UP, "observed": 1300}, "Calls completed: up to 1,300", id="a-third-more"),
        pytest.param({"tier": "noted", "observed": 17}, "", id="noted-and-hardly-less"),
        pytest.param(
            {"tier": "noted", "observed": 12}, "Calls completed: down to 12", id="noted-and-less"
        ),
    ],
)
def test_what_nobody_would_call_a_change_is_not_told_however_sure_it_is(
    office: Runtime, signal: dict[str, object], told: str
) -> None:
    before = asked(office, "/my-week")
    given_signal(office, **signal)
    text = asked(office, "/my-week")
    assert told in text
    assert (text == before) is (told == "")
