"""What cannot be true is left out, and said; what is a matter of choice is a setting."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.domain.choices import Choices, ExchangeRate
from bot.domain.fiscal import CalendarMonths
from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.flows.roll_up import roll_up
from bot.metrics.flaws import Flaw
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.left_out import read_left_out
from bot.storage.readings import measure, read
from tests.mirrored import KIM, ORGANISATION, SAM, Mirror, berlin, metrics

MONDAY = date(2026, 3, 9)
LAST = MONDAY + timedelta(days=30)
NOW = berlin(LAST)
WINDOW = Window(first=date(2026, 1, 1), last=LAST, label="this year")


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def won(mirror: Mirror, cents: int | None, **fields: Any) -> str:
    close_on = fields.pop("close_on", day(9))
    deal = mirror.deal(berlin(day(0)), amount_cents=cents, **fields)
    mirror.change(deal, berlin(day(9)), stage_name="Closed Won", close_on=close_on)
    return deal


def value(mirror: Mirror, metric: str, choices: Choices, rep: str = KIM) -> float | None:
    """Rolled up under the choices; what was filled and what the facts say must agree."""
    definition = metrics()[MetricKey(metric)].under(choices)
    organisation = replace(ORGANISATION, currency="USD", choices=choices)
    one: Mapping[MetricKey, Any] = {definition.metric.key: definition}
    roll_up(mirror.database, metrics=one, organisation=organisation, now=NOW)
    reps = [RepId(KIM), RepId(SAM)]
    with reading(mirror.database) as session:
        told = measure(
            session,
            definition,
            reps=reps,
            window=WINDOW,
            knowledge=Knowledge(day=LAST, now=NOW),
            as_of=NOW,
        )
        if definition.metric.aggregate not in {"median", "wait"}:
            kept = read(session, definition, reps=reps, window=WINDOW, as_of=NOW)
            assert {rep: each.value for rep, each in kept.items()} == pytest.approx(
                {rep: each.value for rep, each in told.items()}
            )
    return told[RepId(rep)].value


def left_out(
    mirror: Mirror,
    metric: str,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    *,
    rep: str = KIM,
) -> dict[Flaw, int]:
    with reading(mirror.database) as session:
        found = read_left_out(
            session,
            metrics()[MetricKey(metric)].under(choices),
            reps=[RepId(rep)],
            window=WINDOW,
            knowledge=Knowledge(day=LAST, now=NOW),
        )
    return {each.flaw: each.facts for each in found}


def test_an_amount_in_a_currency_without_a_rate_is_in_no_sum_and_is_said(mirror: Mirror) -> None:
    won(mirror, 10_000)
    won(mirror, 20_000, currency="USD")
    won(mirror, 99_000, currency="EUR")
    assert value(mirror, "won_amount", Choices()) == 300
    assert left_out(mirror, "won_amount") == {Flaw.NO_RATE: 1}
    assert value(mirror, "won_count", Choices()) == 3
    assert left_out(mirror, "won_count") == {}


def test_a_rate_exchanges_it_and_the_newest_one_that_had_begun_counts(mirror: Mirror) -> None:
    won(mirror, 10_001, currency="EUR")
    rates = (
        ExchangeRate(currency="EUR", rate=Decimal("1.05")),
        ExchangeRate(currency="EUR", rate=Decimal("1.10"), begins=date(2026, 3, 1)),
        ExchangeRate(currency="EUR", rate=Decimal(9), begins=date(2026, 4, 1)),
    )
    assert value(mirror, "won_amount", Choices()) == 0
    assert value(mirror, "won_amount", Choices(rates=rates)) == pytest.approx(110.01)
    assert left_out(mirror, "won_amount", Choices(rates=rates)) == {}


def test_an_amount_below_zero_is_left_out_unless_it_is_to_count(mirror: Mirror) -> None:
    won(mirror, 10_000)
    won(mirror, -4_000)
    assert value(mirror, "won_amount", Choices()) == 100
    assert left_out(mirror, "won_amount") == {Flaw.NEGATIVE_AMOUNT: 1}
    assert value(mirror, "won_amount", Choices(negative_amounts="count")) == 60
    assert left_out(mirror, "won_amount") == {}


def test_an_amount_of_zero_counts_unless_it_is_to_be_left_out(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), amount_cents=10_000)
    mirror.change(deal, berlin(day(3)), amount_cents=0)
    assert value(mirror, "amount_shrink", Choices()) == 1
    leave_out = Choices(zero_amounts="leave_out")
    assert value(mirror, "amount_shrink", leave_out) is None
    assert left_out(mirror, "amount_shrink", leave_out) == {Flaw.ZERO_AMOUNT: 1}


@pytest.mark.parametrize("close_on", [date(1970, 1, 1), date(2099, 12, 31)])
def test_a_close_date_that_cannot_be_is_none_and_is_said(mirror: Mirror, close_on: date) -> None:
    won(mirror, 10_000, close_on=close_on)
    assert value(mirror, "won_amount", Choices()) == 100
    assert left_out(mirror, "won_amount") == {Flaw.IMPOSSIBLE_DATE: 1}


def test_a_deal_closed_before_it_was_created_has_no_sales_cycle(mirror: Mirror) -> None:
    won(mirror, 10_000)
    won(mirror, 10_000, close_on=day(-20))
    assert value(mirror, "sales_cycle_days", Choices()) == 9
    assert left_out(mirror, "sales_cycle_days") == {Flaw.CLOSED_BEFORE_CREATED: 1}


def test_nothing_divided_by_nothing_is_no_number(mirror: Mirror) -> None:
    assert value(mirror, "win_rate_amount", Choices()) is None
    lost = mirror.deal(berlin(day(0)), amount_cents=0)
    mirror.change(lost, berlin(day(1)), stage_name="Closed Lost")
    assert value(mirror, "win_rate_amount", Choices()) is None


def test_a_lost_deal_counts_on_the_day_it_was_moved_or_on_its_close_date(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), close_on=date(2027, 1, 1))
    mirror.change(deal, berlin(day(9)), stage_name="Closed Lost")
    assert value(mirror, "lost_count", Choices()) == 1
    assert value(mirror, "lost_count", Choices(lost_on="close_date")) == 0


def test_a_deal_handed_over_counts_for_its_owner_then_or_now(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)))
    mirror.change(deal, berlin(day(3)), stage_name="Proposal")
    mirror.change(deal, berlin(day(5)), with_history=False, owner_id=SAM)
    assert value(mirror, "stages_advanced", Choices()) == 1
    now = Choices(deals_count_for="owner_now")
    assert value(mirror, "stages_advanced", now) == 0
    assert value(mirror, "stages_advanced", now, SAM) == 1


def test_the_clock_of_the_cycle_starts_at_creation_or_at_the_qualified_stage(
    mirror: Mirror,
) -> None:
    deal = mirror.deal(berlin(day(0)))
    mirror.change(deal, berlin(day(4)), stage_name="Proposal")
    mirror.change(deal, berlin(day(9)), stage_name="Closed Won", close_on=day(9))
    assert value(mirror, "sales_cycle_days", Choices()) == 9
    assert value(mirror, "sales_cycle_days", Choices(cycle_starts="qualified")) == 5
    assert value(mirror, "sales_cycle_days", Choices(days="weekdays")) == 7


def test_types_and_names_can_be_left_out_of_everything(mirror: Mirror) -> None:
    for name, kind in (("Acme", "New Business"), ("Acme renewal", "Renewal"), ("TEST do", None)):
        mirror.deal(berlin(day(0)), name=name, type=kind)
    assert value(mirror, "open_pipeline_count", Choices()) == 3
    assert value(mirror, "open_pipeline_count", Choices(types_left_out=("Renewal",))) == 2
    assert value(mirror, "open_pipeline_count", Choices(names_left_out=("test",))) == 2


def test_what_two_tools_logged_counts_once_where_asked_for(mirror: Mirror) -> None:
    for minute in (0, 3, 30):
        mirror.task(berlin(day(0), 9, minute), who_id="003000000000001AAA")
    assert value(mirror, "calls_completed", Choices()) == 3
    assert value(mirror, "calls_completed", Choices(double_log_minutes=5)) == 2


def test_a_lead_waits_in_the_hours_that_are_named_or_in_all(mirror: Mirror) -> None:
    lead = mirror.record_id("00Q")
    friday = MONDAY - timedelta(days=3)
    mirror.write("lead", id=lead, name="Eva", owner_id=KIM, created_at=berlin(friday, 22, 0))
    mirror.task(berlin(MONDAY, 9, 7), who_id=lead)
    assert value(mirror, "speed_to_lead", Choices()) == (2 * 24 + 11) * 60 + 7
    working = Choices(lead_hours=(time(9), time(17, 30)))
    assert value(mirror, "speed_to_lead", working) == 7
    assert value(mirror, "leads_in_an_hour", working) == 1
    assert value(mirror, "leads_in_an_hour", Choices()) == 0


def test_the_fiscal_period_of_a_quota_is_a_choice(mirror: Mirror) -> None:
    for month in (3, 4, 5):
        mirror.write(
            "quota",
            id=mirror.record_id("0J9"),
            owner_id=KIM,
            starts_on=date(2026, month, 1),
            amount_cents=10_000,
        )
    assert value(mirror, "quota_gap", Choices()) == 200
    assert value(mirror, "quota_gap", Choices(quota_period="month")) == 100
    assert value(mirror, "quota_gap", Choices(quota_period="year")) == 300
    assert value(mirror, "quota_gap", Choices(fiscal=CalendarMonths(start_month=3))) == 300


def test_another_qualified_stage_makes_every_deal_be_looked_at_again(mirror: Mirror) -> None:
    mirror.deal(berlin(day(0)))
    for stage, expected in ((None, 0), ("Discovery", 1), ("Proposal", 0)):
        organisation = replace(ORGANISATION, qualified_stage=stage)
        roll_up(mirror.database, metrics={}, organisation=organisation, now=NOW)
        assert mirror.measured("qualified_count", day=LAST, now=NOW)[KIM] == expected
