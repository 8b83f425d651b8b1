"""Quotas in whatever currency, what is left out of their sums, and who a deal counts for."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from bot.domain.choices import Choices, ExchangeRate
from bot.domain.windows import Window
from bot.metrics.flaws import Flaw
from tests.mirrored import KIM, SAM, Mirror, berlin
from tests.storage.facts.test_bad_input import LAST, NOW, day, left_out, value, won


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


YEAR = Choices(quota_period="year")


def quota(mirror: Mirror, cents: int, currency: str | None = None) -> None:
    mirror.write(
        "quota",
        id=mirror.record_id("0J9"),
        owner_id=KIM,
        starts_on=date(2026, 1, 1),
        amount_cents=cents,
        currency=currency,
    )


def test_a_quota_in_another_currency_is_exchanged_or_left_out_and_said(mirror: Mirror) -> None:
    quota(mirror, 10_000)
    quota(mirror, 10_000, "EUR")
    rates = (
        ExchangeRate(currency="EUR", rate=Decimal("1.5")),
        ExchangeRate(currency="EUR", rate=Decimal(9), begins=date(2026, 2, 1)),
    )
    assert value(mirror, "quota_gap", YEAR) == 100
    assert left_out(mirror, "quota_gap", YEAR) == {Flaw.NO_RATE: 1}
    assert value(mirror, "quota_gap", replace(YEAR, rates=rates)) == 250
    assert left_out(mirror, "quota_gap", replace(YEAR, rates=rates)) == {}
    home = replace(YEAR, currency="EUR")
    assert left_out(mirror, "quota_gap", home) == {}


def test_what_is_left_out_of_a_quotas_sums_is_said(mirror: Mirror) -> None:
    quota(mirror, 100_000)
    won(mirror, 10_000)
    won(mirror, 20_000, currency="EUR")
    won(mirror, -5_000)
    mirror.deal(berlin(day(0)), amount_cents=7_000, close_on=date(2099, 1, 1))
    assert value(mirror, "quota_attainment", YEAR) == pytest.approx(0.1)
    assert left_out(mirror, "quota_attainment", YEAR) == {
        Flaw.NO_RATE: 1,
        Flaw.NEGATIVE_AMOUNT: 1,
        Flaw.IMPOSSIBLE_DATE: 1,
    }


def test_a_deal_closed_before_it_was_qualified_has_no_cycle_from_there(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)))
    mirror.change(deal, berlin(day(9)), stage_name="Proposal")
    mirror.change(deal, berlin(day(10)), stage_name="Closed Won", close_on=day(5))
    assert value(mirror, "qualified_cycle_days", Choices()) is None
    assert left_out(mirror, "qualified_cycle_days") == {Flaw.CLOSED_BEFORE_QUALIFIED: 1}
    assert value(mirror, "sales_cycle_days", Choices()) == 5
    assert value(mirror, "sales_cycle_days", Choices(cycle_starts="qualified")) is None


def test_a_stage_that_nobody_knows_is_said_where_stages_count(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)))
    with_unknown = {**mirror.deals[deal], "stage_name": "Made up"}
    mirror.write("opportunity", stamp=berlin(day(2)), **with_unknown, is_closed=False, is_won=False)
    assert value(mirror, "open_pipeline_count", Choices()) == 1
    assert left_out(mirror, "open_pipeline_count") == {}
    assert left_out(mirror, "contacts_per_deal") == {Flaw.UNKNOWN_STAGE: 1}


def test_types_that_are_left_out_are_in_no_quota_and_no_first_deal(mirror: Mirror) -> None:
    quota(mirror, 100_000)
    won(mirror, 10_000, type="Renewal")
    assert value(mirror, "quota_attainment", YEAR) == pytest.approx(0.1)
    assert value(mirror, "first_deal_days", Choices()) is not None
    without = replace(YEAR, types_left_out=("Renewal",))
    assert value(mirror, "quota_attainment", without) == 0
    assert value(mirror, "first_deal_days", without) is None


def test_a_quota_counts_the_deals_of_their_owner_then_or_now(mirror: Mirror) -> None:
    quota(mirror, 100_000)
    deal = mirror.deal(berlin(day(0)), owner_id=SAM, amount_cents=10_000)
    mirror.change(deal, berlin(day(3)), stage_name="Closed Won", close_on=day(3))
    mirror.change(deal, berlin(day(5)), with_history=False, owner_id=KIM)
    assert value(mirror, "quota_attainment", YEAR) == 0
    now = replace(YEAR, deals_count_for="owner_now")
    assert value(mirror, "quota_attainment", now) == pytest.approx(0.1)


def test_coverage_at_the_start_is_that_of_the_first_day_whatever_came_later(
    mirror: Mirror,
) -> None:
    quota(mirror, 100_000)
    early = mirror.deal(berlin(date(2025, 12, 1)), amount_cents=50_000, close_on=day(20))
    mirror.deal(berlin(date(2025, 12, 1)), amount_cents=90_000, close_on=date(2027, 7, 1))
    mirror.change(early, berlin(day(1)), amount_cents=5_000)
    mirror.deal(berlin(day(0)), amount_cents=70_000, close_on=day(20))
    assert value(mirror, "coverage_at_start", YEAR) == pytest.approx(0.5)


def test_weighted_coverage_takes_each_stages_own_rate(mirror: Mirror) -> None:
    quota(mirror, 3_000_000)
    for number in range(30):
        deal = mirror.deal(berlin(day(0)), amount_cents=0)
        stage = "Closed Won" if number % 3 == 0 else "Closed Lost"
        mirror.change(deal, berlin(day(1)), stage_name=stage, close_on=day(1))
    mirror.deal(berlin(day(2)), amount_cents=900_000, close_on=day(20))
    assert value(mirror, "weighted_coverage", YEAR) == pytest.approx(0.1)


def test_of_old_deals_alone_it_is_asked_whether_they_were_won_in_90_days(mirror: Mirror) -> None:
    for begun, won_after in ((-120, 30), (-120, 100), (-120, None), (-10, 5)):
        deal = mirror.deal(berlin(day(begun)), stage_name="Proposal")
        if won_after is not None:
            end = day(begun + won_after)
            mirror.change(deal, berlin(end), stage_name="Closed Won", close_on=end)
    mirror.derive(NOW)
    ever = Window(first=day(-400), last=LAST, label="ever")
    found = mirror.measured("win_rate_in_90_days", day=LAST, now=NOW, window=ever)
    assert found[KIM] == pytest.approx(1 / 3)


def test_a_won_deal_that_is_handed_over_stays_with_whoever_won_it(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), owner_id=SAM)
    mirror.change(deal, berlin(day(2)), stage_name="Proposal", owner_id=KIM, with_history=True)
    mirror.change(deal, berlin(day(5)), stage_name="Closed Won", close_on=day(5))
    mirror.change(deal, berlin(day(8)), with_history=False, owner_id=SAM)
    for metric, owner in (
        ("opportunities_created", SAM),
        ("qualified_count", KIM),
        ("won_count", KIM),
    ):
        other = SAM if owner == KIM else KIM
        assert value(mirror, metric, Choices(), owner) == 1
        assert value(mirror, metric, Choices(), other) == 0
    now = Choices(deals_count_for="owner_now")
    assert value(mirror, "won_count", now, SAM) == 1
    assert value(mirror, "won_count", now, KIM) == 0


def test_a_lost_deal_that_is_won_after_all_counts_for_whoever_won_it(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), owner_id=SAM)
    mirror.change(deal, berlin(day(2)), stage_name="Closed Lost")
    mirror.change(deal, berlin(day(4)), with_history=False, owner_id=KIM)
    mirror.change(deal, berlin(day(6)), stage_name="Closed Won", close_on=day(6))
    assert value(mirror, "won_count", Choices()) == 1
    assert value(mirror, "won_count", Choices(), SAM) == 0


def test_a_deal_counts_for_whoever_had_it_at_the_hour_and_not_at_the_days_end(
    mirror: Mirror,
) -> None:
    """Opened by Sam, handed to Kim and won by her in an hour, then Sam looks after it again."""
    deal = mirror.deal(berlin(day(3), 9), owner_id=SAM)
    mirror.change(deal, berlin(day(3), 10), with_history=False, owner_id=KIM)
    mirror.change(deal, berlin(day(3), 11), stage_name="Proposal")
    mirror.change(deal, berlin(day(3), 12), stage_name="Closed Won", close_on=day(3))
    mirror.change(deal, berlin(day(3), 13), with_history=False, owner_id=SAM)
    mirror.change(deal, berlin(day(3), 14), amount_cents=50_000)
    for metric, owner in (
        ("opportunities_created", SAM),
        ("qualified_count", KIM),
        ("won_count", KIM),
        ("won_amount", KIM),
    ):
        for rep in (KIM, SAM):
            assert bool(value(mirror, metric, Choices(), rep)) is (rep == owner)


def test_whoever_had_a_deal_for_an_hour_alone_is_told_when_it_is_lost_after_all(
    mirror: Mirror,
) -> None:
    deal = mirror.deal(berlin(day(2)), owner_id=SAM)
    mirror.change(deal, berlin(day(3), 10), with_history=False, owner_id=KIM)
    mirror.change(deal, berlin(day(3), 12), stage_name="Closed Won", close_on=day(3))
    mirror.change(deal, berlin(day(3), 13), with_history=False, owner_id=SAM)
    mirror.roll_up(NOW)
    ever = Window(first=day(0), last=LAST, label="ever")
    assert mirror.read("won_amount", now=NOW, window=ever) == {KIM: 1_000, SAM: 0}
    mirror.change(deal, berlin(day(9)), stage_name="Closed Lost")
    mirror.roll_up(NOW)
    assert mirror.read("won_amount", now=NOW, window=ever) == {KIM: 0, SAM: 0}
