"""Kim on a Monday with everything in good order; a rule's example spoils what it looks for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.coaching.rep_view import NoticedChange, OpenOpportunity, RepView, RoleNorms
from bot.domain.gap import Gap, measure_gap
from bot.domain.ids import MetricKey, RecordId, RepId, RoleKey, TeamId
from bot.domain.metric import Aggregate, Metric, Reading, Timing, Unit, Valence
from bot.domain.success_model import TargetRange
from bot.domain.windows import Window, weeks_back

MONDAY = date(2026, 3, 9)
KIM_ID = RepId("005000000000001AAA")

ACME = OpenOpportunity(
    id=RecordId("006000000000001AAA"),
    name="Acme renewal platform",
    account="Acme",
    url="https://example.my.salesforce.com/006000000000001AAA",
    amount_cents=48_000_00,
    currency="USD",
    stage="Proposal",
    stage_progress=0.75,
    closes_on=date(2026, 4, 30),
    created_on=date(2026, 1, 12),
    days_in_stage=6,
    next_step="Walk Dana through the security answers",
    next_activity_on=date(2026, 3, 12),
    last_activity_on=date(2026, 3, 6),
    working_days_untouched=1,
    contact_roles=4,
    contacts_engaged=3,
    pushes=0,
)

MEETINGS_HELD = Metric(
    key=MetricKey("meetings_held"),
    title="Meetings held",
    because="Deals move in conversations.",
    unit=Unit.COUNT,
    aggregate=Aggregate.COUNT,
    valence=Valence.HIGHER,
    timing=Timing.LEADING,
    min_facts=1,
    guards_against="booking meetings that nobody needs",
    guard=None,
    date_rule="the day it ended",
    owner_rule="whose calendar it stood in",
    value_rule="meetings with somebody outside the company",
    is_state=False,
    fact_table="activity",
)

KIM = RepView(
    rep=KIM_ID,
    first_name="Kim",
    role=RoleKey("mid_market_ae"),
    team=TeamId("005000000000009AAA"),
    today=MONDAY,
    locale="en_US",
    opportunities=(ACME,),
    norms=RoleNorms(
        amount_median_cents=30_000_00,
        amount_upper_quarter_cents=45_000_00,
        days_in_stage_p80={"Proposal": 14.0},
    ),
    activities_by_working_day=(5, 4, 6, 5, 3, 5, 4, 5, 6, 4),
)


def gap_of(
    value: float | None,
    *,
    metric: Metric = MEETINGS_HELD,
    facts: int = 12,
    low: float = 14,
    high: float = 24,
    leverage: float = 0.06,
    weeks_ago: int = 0,
) -> Gap:
    """Kim's reading over the four weeks until ``weeks_ago``, held against a range."""
    return measure_gap(
        metric,
        Reading(
            metric=metric.key,
            rep=KIM_ID,
            window=weeks_back(MONDAY - timedelta(weeks=weeks_ago), 4),
            value=value,
            facts=facts,
            as_of=datetime(2026, 3, 9, 6, tzinfo=UTC),
        ),
        TargetRange(
            metric=metric.key,
            low=low,
            high=high,
            weeks=4,
            leverage=leverage,
            play="discovery_calls",
        ),
    )


def by_metric(*gaps: Gap) -> Mapping[MetricKey, Gap]:
    return {gap.metric.key: gap for gap in gaps}


def kim_with(*deals: OpenOpportunity) -> RepView:
    return replace(KIM, opportunities=deals)


CALLS_FELL = NoticedChange(
    metric=MetricKey("calls_completed"),
    title="Calls completed",
    kind="sudden",
    direction="down",
    tier="soft",
    week=MONDAY - timedelta(days=14),
    observed=11,
    expected=34,
    weeks=2,
    window=Window(
        first=MONDAY - timedelta(days=21), last=MONDAY - timedelta(days=8), label="2 weeks"
    ),
    posterior=0.99,
    leverage=0.03,
    play="# Prospecting blocks\n\nBlock two hours for calls tomorrow morning.\n",
)
MEETINGS_ROSE = replace(
    CALLS_FELL,
    metric=MetricKey("meetings_held"),
    title="Meetings held",
    kind="improvement",
    direction="up",
    observed=27,
    expected=14,
    weeks=3,
)
CALLS_DOUBTED = replace(
    CALLS_FELL,
    kind="trust",
    direction="up",
    observed=170,
    expected=75,
    weeks=4,
    leads_to="Conversations",
    yielded=9,
    yield_expected=31,
)
#: Lower is better: praised when it falls, a warning when it rises.
LATE_ROSE = replace(
    CALLS_FELL,
    metric=MetricKey("late_logging_share"),
    title="Logged late",
    kind="drift",
    direction="up",
    observed=12,
    expected=5,
    trials=80,
    weeks=2,
)
LATE_FELL = replace(LATE_ROSE, kind="improvement", direction="down", observed=1, expected=6)
