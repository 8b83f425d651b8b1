"""Where the CRM splits a deal, its money counts for each of its people, and once in all."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from bot.domain.choices import STANDARD, Choices
from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.metrics.flaws import Flaw
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.readings import facts_behind, measure
from tests.mirrored import KIM, MARIA, SAM, Mirror, berlin, metrics
from tests.storage.facts.test_bad_input import LAST, NOW, day, left_out, won

REVENUE, OVERLAY = "1JT000000000001AAA", "1JT000000000002AAA"
OWNERS = replace(STANDARD, split_credit="owner")
EVER = Window(first=date(2025, 1, 1), last=LAST, label="ever")
TODAY = Window(first=LAST, last=LAST, label="today")


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def split(
    mirror: Mirror,
    deal: str,
    shares: dict[str, float],
    *,
    kind: str = REVENUE,
    at: datetime | None = None,
) -> list[str]:
    ids = [mirror.record_id("1Jx") for _ in shares]
    for record, (who, share) in zip(ids, shares.items(), strict=True):
        mirror.write(
            "opportunity_split",
            stamp=at,
            id=record,
            opportunity_id=deal,
            owner_id=who,
            split_type_id=kind,
            percentage=share,
        )
    return ids


def told(
    mirror: Mirror, metric: str, choices: Choices = STANDARD, *, on: date = LAST
) -> list[float | None]:
    """Kim's, Sam's and Maria's."""
    reps = [RepId(each) for each in (KIM, SAM, MARIA)]
    with reading(mirror.database) as session:
        found = measure(
            session,
            metrics()[MetricKey(metric)].under(choices),
            reps=reps,
            window=replace(EVER, last=on),
            knowledge=Knowledge(day=on, now=NOW),
            as_of=NOW,
        )
    return [found[rep].value for rep in reps]


def test_the_money_is_each_persons_part_and_the_deal_its_owners(mirror: Mirror) -> None:
    deal = won(mirror, 100_000)
    split(mirror, deal, {KIM: 60, SAM: 30, MARIA: 10})
    # An overlay credits people on top, and a kind that does not add up credits nobody.
    split(mirror, deal, {SAM: 100, MARIA: 100}, kind=OVERLAY)
    won(mirror, 20_000)
    mirror.derive(NOW)
    assert told(mirror, "won_amount") == pytest.approx([800, 300, 100])
    assert told(mirror, "won_count") == [2, 0, 0]
    assert told(mirror, "won_amount", OWNERS) == [1_200, 0, 0]


def test_a_loss_costs_each_persons_part_and_thirds_make_a_whole(mirror: Mirror) -> None:
    lost = mirror.deal(berlin(day(0)), amount_cents=90_000)
    mirror.change(lost, berlin(day(3)), stage_name="Closed Lost", amount_cents=0)
    split(mirror, lost, {KIM: 33.33, SAM: 33.33, MARIA: 33.34})
    split(mirror, won(mirror, 60_000), {KIM: 50, SAM: 50})
    mirror.derive(NOW)
    amounts = told(mirror, "lost_amount")
    assert amounts == pytest.approx([300, 300, 300], abs=0.1)
    assert sum(filter(None, amounts)) == pytest.approx(900, abs=1e-9)
    assert told(mirror, "win_rate_amount") == pytest.approx([0.5, 0.5, 0], abs=1e-4)
    assert told(mirror, "win_rate_count") == [0.5, None, None]


def test_a_quota_is_held_against_parts_of_deals_won_and_open(mirror: Mirror) -> None:
    for owner in (KIM, SAM):
        mirror.write(
            "quota",
            id=mirror.record_id("0J9"),
            owner_id=owner,
            starts_on=date(2026, 1, 1),
            amount_cents=100_000,
        )
    split(mirror, won(mirror, 40_000), {KIM: 25, SAM: 75})
    due = mirror.deal(berlin(day(0)), amount_cents=60_000, close_on=day(20))
    split(mirror, due, {SAM: 100})
    mirror.derive(NOW)
    year = Choices(quota_period="year")
    assert told(mirror, "quota_attainment", year) == pytest.approx([0.1, 0.3, None])
    assert told(mirror, "quota_gap", year) == pytest.approx([900, 700, 0])
    assert told(mirror, "pipeline_coverage", year) == pytest.approx([0, 600 / 700, None])
    owners = replace(year, split_credit="owner")
    assert told(mirror, "quota_attainment", owners) == pytest.approx([0.4, 0, None])
    now = replace(year, deals_count_for="owner_now")
    assert told(mirror, "quota_attainment", now) == pytest.approx([0.1, 0.3, None])


def test_a_split_is_not_known_before_the_day_it_was_written(mirror: Mirror) -> None:
    deal = won(mirror, 100_000)
    split(mirror, deal, {KIM: 60, SAM: 40}, at=berlin(day(12)))
    mirror.derive(NOW)
    assert told(mirror, "won_amount", on=day(11)) == [1_000, 0, 0]
    assert told(mirror, "won_amount", on=day(12)) == pytest.approx([600, 400, 0])


def test_readings_follow_when_a_split_comes_changes_and_goes(mirror: Mirror) -> None:
    deal = won(mirror, 100_000)
    told_so_far = []

    def roll_up() -> None:
        mirror.roll_up(NOW)
        found = mirror.read("won_amount", now=NOW, window=EVER)
        told_so_far.append([found[KIM], found[SAM]])

    roll_up()
    ids = split(mirror, deal, {KIM: 60, SAM: 40})
    roll_up()
    mirror.change(deal, berlin(day(11)), with_history=False, amount_cents=50_000)
    roll_up()
    for record in ids:
        mirror.delete("opportunity_split", record)
    roll_up()
    mirror.delete("opportunity", deal)
    roll_up()
    assert told_so_far == [
        [1_000, 0],
        pytest.approx([600, 400]),
        pytest.approx([300, 200]),
        [500, 0],
        [0, 0],
    ]


def test_the_records_behind_a_part_are_shown_with_that_part_and_what_is_left_out_is_said(
    mirror: Mirror,
) -> None:
    deal = won(mirror, 100_000)
    split(mirror, deal, {KIM: 60, SAM: 40})
    foreign = won(mirror, 100_000, currency="EUR")
    split(mirror, foreign, {SAM: 100})
    mirror.derive(NOW)
    with reading(mirror.database) as session:
        facts = facts_behind(
            session,
            metrics()[MetricKey("won_amount")],
            rep=RepId(SAM),
            window=EVER,
            knowledge=Knowledge(day=LAST, now=NOW),
        )
    assert [(str(fact.record), fact.value) for fact in facts if fact.value] == [(deal, 400)]
    assert left_out(mirror, "won_amount", rep=SAM) == {Flaw.NO_RATE: 1}
    assert left_out(mirror, "won_amount", rep=KIM) == {}
