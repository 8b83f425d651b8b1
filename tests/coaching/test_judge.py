from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.judge import History, Judgement, judge
from bot.coaching.policy import Policy
from bot.domain.ids import RepId, RuleKey
from bot.domain.nudge import Defer, Hold, HoldReason, Proposal, Send, Tone, Verdict

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2026, 3, 10)
TUESDAY_NOON = datetime(2026, 3, 10, 12, tzinfo=BERLIN).astimezone(UTC)
TUESDAY_NIGHT = datetime(2026, 3, 10, 22, tzinfo=BERLIN).astimezone(UTC)
KIM = RepId("kim")
RULE = RuleKey("no_activity")
COOLDOWN_DAYS: dict[str, int] = {RULE: 7}
PROPOSAL = Proposal(
    rule=RULE, to=KIM, about=KIM, subject="pipeline", priority=0.5, tone=Tone.NEUTRAL
)
KEY = PROPOSAL.dedupe_key
URGENT = replace(PROPOSAL, subject="lead", is_urgent=True)
WARNING = replace(PROPOSAL, subject="warning", tone=Tone.WARNING, priority=0.7)
FRESH = History(zone=BERLIN, today=TUESDAY)
HALF_WITHHELD = Policy(holdout_share=0.5)


def judged(
    *proposals: Proposal,
    policy: Policy = Policy(),  # noqa: B008 -- frozen
    history: History = FRESH,
    now: datetime = TUESDAY_NOON,
    draw: float = 0.9,
) -> list[Judgement]:
    return judge(
        proposals,
        policy=policy,
        history=history,
        cooldown_days=COOLDOWN_DAYS,
        now=now,
        draw=lambda _: draw,
    )


def verdicts(*proposals: Proposal, **given_that: object) -> dict[str, Verdict]:
    found = judged(*proposals, **given_that)  # type: ignore[arg-type]  # the keywords of judged
    return {judgement.proposal.subject: judgement.verdict for judgement in found}


def verdict(proposal: Proposal = PROPOSAL, **given_that: object) -> Verdict:
    return verdicts(proposal, **given_that)[proposal.subject]


def said(days_ago: int) -> History:
    return replace(FRESH, last_said={KEY: TUESDAY - timedelta(days=days_ago)})


def test_a_proposal_is_sent_when_nothing_stands_against_it() -> None:
    assert verdict() == Send()


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        pytest.param(Policy(is_stopped=True), HoldReason.KILL_SWITCH, id="kill-switch"),
        pytest.param(Policy(rules_off=frozenset({RULE})), HoldReason.RULE_OFF, id="rule-off"),
        pytest.param(Policy(rules_in_shadow=frozenset({RULE})), HoldReason.SHADOW, id="in-shadow"),
        pytest.param(Policy(nudges_per_day=0), HoldReason.DAILY_CAP, id="none-a-day-allowed"),
        pytest.param(Policy(nudges_per_week=0), HoldReason.WEEKLY_CAP, id="none-a-week-allowed"),
        pytest.param(Policy(holdout_share=0.95), HoldReason.HOLDOUT, id="drawn-into-holdout"),
    ],
)
def test_the_team_may_hold_a_proposal(policy: Policy, reason: HoldReason) -> None:
    assert verdict(policy=policy) == Hold(reason)


def test_praise_in_doubt_waits_and_takes_nobodys_place() -> None:
    praise = replace(PROPOSAL, subject="praise", priority=0.9, doubt="30 of 40 came in bursts")
    assert verdicts(praise, PROPOSAL) == {"praise": Hold(HoldReason.IN_DOUBT), "pipeline": Send()}


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        pytest.param(replace(FRESH, is_active=False), HoldReason.INACTIVE, id="inactive"),
        pytest.param(replace(FRESH, is_in_slack=False), HoldReason.NOT_IN_SLACK, id="no-slack"),
        pytest.param(replace(FRESH, is_present=False), HoldReason.ON_LEAVE, id="on-leave"),
        pytest.param(
            replace(FRESH, paused_until=TUESDAY), HoldReason.PAUSED, id="paused-until-today"
        ),
        pytest.param(replace(FRESH, muted=frozenset({RULE})), HoldReason.MUTED, id="muted"),
        pytest.param(
            replace(FRESH, snoozed_until={KEY: TUESDAY}),
            HoldReason.SNOOZED,
            id="snoozed-until-today",
        ),
        pytest.param(
            replace(FRESH, working_days_since_joining=9),
            HoldReason.SETTLING_IN,
            id="ninth-working-day",
        ),
        pytest.param(said(0), HoldReason.COOLING_DOWN, id="said-it-today"),
        pytest.param(said(6), HoldReason.COOLING_DOWN, id="said-it-six-days-ago"),
        pytest.param(replace(FRESH, sent_today=1), HoldReason.DAILY_CAP, id="day-is-full"),
        pytest.param(replace(FRESH, sent_this_week=3), HoldReason.WEEKLY_CAP, id="week-is-full"),
    ],
)
def test_the_persons_history_may_hold_a_proposal(history: History, reason: HoldReason) -> None:
    assert verdict(history=history) == Hold(reason)


@pytest.mark.parametrize(
    "history",
    [
        pytest.param(said(7), id="the-cooldown-is-over"),
        pytest.param(
            replace(FRESH, paused_until=TUESDAY - timedelta(days=1)), id="the-pause-is-over"
        ),
        pytest.param(
            replace(FRESH, snoozed_until={KEY: TUESDAY - timedelta(days=1)}),
            id="the-snooze-is-over",
        ),
        pytest.param(replace(FRESH, working_days_since_joining=10), id="settled-in"),
        pytest.param(replace(FRESH, sent_this_week=2), id="room-for-one-more-this-week"),
        pytest.param(replace(FRESH, muted=frozenset({"kudos"})), id="another-rule-is-muted"),
        pytest.param(
            replace(FRESH, last_said={"no_activity:kim:other": TUESDAY}),
            id="said-about-something-else",
        ),
        pytest.param(
            replace(FRESH, snoozed_until={"no_activity:sam:pipeline": TUESDAY}),
            id="snoozed-by-somebody-else",
        ),
        pytest.param(replace(FRESH, warned_today=True), id="warned-but-this-is-no-bad-news"),
    ],
)
def test_what_is_over_or_about_something_else_holds_nothing(history: History) -> None:
    assert verdict(history=history) == Send()


def test_a_rule_without_a_cooldown_may_speak_every_day() -> None:
    other = replace(PROPOSAL, rule=RuleKey("without_cooldown"))
    history = replace(FRESH, last_said={other.dedupe_key: TUESDAY})
    assert verdict(other, history=history) == Send()


def test_the_weightiest_reason_is_the_one_that_is_told() -> None:
    policy = Policy(is_stopped=True, rules_off=frozenset({RULE}), holdout_share=0.95)
    history = replace(said(0), is_present=False, muted=frozenset({RULE}), sent_today=5)
    assert verdict(policy=policy, history=history) == Hold(HoldReason.KILL_SWITCH)


def test_bad_news_comes_once_a_day() -> None:
    other = replace(WARNING, subject="another warning", priority=0.4)
    found = verdicts(WARNING, other, policy=Policy(nudges_per_day=2))
    assert found == {"warning": Send(), "another warning": Hold(HoldReason.BAD_NEWS_TODAY)}
    assert verdict(WARNING, history=replace(FRESH, warned_today=True)) == Hold(
        HoldReason.BAD_NEWS_TODAY
    )


def test_an_urgent_warning_is_bad_news_for_what_comes_after_it() -> None:
    urgent = replace(URGENT, tone=Tone.WARNING, priority=0.9)
    found = verdicts(urgent, WARNING, PROPOSAL)
    assert found["lead"] == Send()
    assert found["warning"] == Hold(HoldReason.BAD_NEWS_TODAY)
    assert found["pipeline"] == Send()


def test_urgent_proposals_have_a_cap_of_their_own() -> None:
    full = replace(FRESH, sent_today=1, sent_this_week=3)
    assert verdict(URGENT, history=full) == Send()
    assert verdict(URGENT, history=replace(FRESH, urgent_sent_today=4)) == Send()
    assert verdict(URGENT, history=replace(FRESH, urgent_sent_today=5)) == Hold(
        HoldReason.DAILY_CAP
    )


def test_urgent_proposals_leave_the_daily_room_alone() -> None:
    assert set(verdicts(replace(URGENT, priority=0.9), PROPOSAL).values()) == {Send()}


def test_the_room_of_a_run_is_used_up_as_it_goes() -> None:
    urgent = [replace(URGENT, subject=f"lead {n}", priority=n / 10) for n in range(4)]
    found = verdicts(*urgent, policy=Policy(urgent_per_day=2))
    assert [found[f"lead {n}"] == Send() for n in range(4)] == [False, False, True, True]


def test_the_most_useful_takes_the_only_slot() -> None:
    better = replace(PROPOSAL, subject="better", priority=0.6)
    found = verdicts(PROPOSAL, better)
    assert found == {"better": Send(), "pipeline": Hold(HoldReason.DAILY_CAP)}


def test_the_week_may_be_full_before_the_day_is() -> None:
    found = verdicts(
        replace(PROPOSAL, priority=0.9),
        replace(PROPOSAL, subject="second"),
        policy=Policy(nudges_per_day=5),
        history=replace(FRESH, sent_this_week=2),
    )
    assert found == {"pipeline": Send(), "second": Hold(HoldReason.WEEKLY_CAP)}


def test_a_held_proposal_leaves_its_slot_to_the_next() -> None:
    muted = replace(PROPOSAL, rule=RuleKey("kudos"), subject="muted", priority=0.9)
    history = replace(FRESH, muted=frozenset({"kudos"}))
    assert verdicts(muted, PROPOSAL, history=history)["pipeline"] == Send()


def test_a_withheld_nudge_uses_up_the_slot() -> None:
    better = replace(PROPOSAL, subject="better", priority=0.6)
    found = verdicts(PROPOSAL, better, policy=HALF_WITHHELD, draw=0.1)
    assert found == {
        "better": Hold(HoldReason.HOLDOUT),
        "pipeline": Hold(HoldReason.DAILY_CAP),
    }


@pytest.mark.parametrize(
    ("draw", "expected"),
    [(0.0, Hold(HoldReason.HOLDOUT)), (0.4999, Hold(HoldReason.HOLDOUT)), (0.5, Send())],
)
def test_a_draw_below_the_share_is_withheld(draw: float, expected: Verdict) -> None:
    assert verdict(policy=HALF_WITHHELD, draw=draw) == expected


def test_without_a_holdout_even_the_lowest_draw_is_sent() -> None:
    assert verdict(draw=0.0) == Send()


def test_the_experiment_is_told_who_could_have_been_sent_and_how_likely() -> None:
    better = replace(PROPOSAL, subject="better", priority=0.6)
    first, second = judged(PROPOSAL, better, policy=Policy(holdout_share=0.25), draw=0.1)
    assert (first.is_eligible, first.send_probability, first.draw) == (True, 0.75, 0.1)
    assert (second.is_eligible, second.send_probability, second.draw) == (False, 0.0, 0.1)


def test_at_night_it_waits_for_the_morning_and_still_takes_the_slot() -> None:
    better = replace(PROPOSAL, subject="better", priority=0.6)
    found = verdicts(PROPOSAL, better, now=TUESDAY_NIGHT)
    morning = datetime(2026, 3, 11, 8, 30, tzinfo=BERLIN)
    assert found == {"better": Defer(morning), "pipeline": Hold(HoldReason.DAILY_CAP)}


def test_what_is_held_stays_held_at_night() -> None:
    assert verdict(now=TUESDAY_NIGHT, history=replace(FRESH, is_present=False)) == Hold(
        HoldReason.ON_LEAVE
    )


@given(
    proposals=st.permutations(
        [replace(PROPOSAL, subject=str(n), priority=n % 3 / 10) for n in range(7)]
    )
)
def test_the_order_of_proposals_changes_nothing(proposals: list[Proposal]) -> None:
    policy = Policy(nudges_per_day=2)
    assert judged(*proposals, policy=policy) == judged(*sorted(proposals, key=str), policy=policy)


@given(
    priorities=st.lists(st.floats(0, 1), max_size=12),
    a_day=st.integers(0, 4),
    a_week=st.integers(0, 6),
    sent=st.integers(0, 6),
    share=st.floats(0, 0.99),
    draw=st.floats(0, 1, exclude_max=True),
)
def test_no_more_is_ever_said_than_the_caps_allow(
    priorities: list[float], a_day: int, a_week: int, sent: int, share: float, draw: float
) -> None:
    proposals = [
        replace(PROPOSAL, subject=str(n), priority=each) for n, each in enumerate(priorities)
    ]
    found = judged(
        *proposals,
        policy=Policy(nudges_per_day=a_day, nudges_per_week=a_week, holdout_share=share),
        history=replace(FRESH, sent_today=sent, sent_this_week=sent),
        draw=draw,
    )
    assert len(found) == len(proposals)
    room = max(min(a_day, a_week) - sent, 0)
    assert sum(judgement.is_eligible for judgement in found) == min(room, len(proposals))
    spoken = [judgement.proposal.priority for judgement in found]
    assert spoken == sorted(spoken, reverse=True)
