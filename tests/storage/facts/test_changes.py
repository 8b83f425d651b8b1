"""What changed about deals, and what became of those that were due in a month."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.windows import Window
from tests.mirrored import KIM, Mirror, berlin

MONDAY = date(2026, 3, 9)
LATER = berlin(date(2026, 6, 1))


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def kims(mirror: Mirror, metric: str, on: date) -> float | None:
    return mirror.measured(metric, day=on, now=LATER)[KIM]


def test_a_stage_is_converted_only_from_the_day_on_which_the_deal_moved_further(
    mirror: Mirror,
) -> None:
    won, lost = (mirror.deal(berlin(day(0))) for _ in range(2))
    mirror.change(won, berlin(day(3)), stage_name="Proposal")
    mirror.change(lost, berlin(day(4)), stage_name="Closed Lost")
    mirror.change(won, berlin(day(9)), stage_name="Closed Won")
    mirror.derive(LATER)
    shares = [kims(mirror, "stage_conversion", day(n)) for n in (2, 3, 4, 9)]
    assert shares == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3])
    assert kims(mirror, "stages_advanced", day(9)) == 2


def test_moving_back_is_a_regression_and_coming_again_is_no_first_entry(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)))
    for number, stage in ((2, "Proposal"), (7, "Discovery"), (8, "Proposal")):
        mirror.change(deal, berlin(day(number)), stage_name=stage)
    mirror.derive(LATER)
    assert kims(mirror, "stage_regression_share", day(9)) == pytest.approx(1 / 3)
    assert kims(mirror, "days_in_stage", day(9)) == 2
    assert kims(mirror, "stage_conversion", day(9)) == pytest.approx(1 / 2)


def test_a_stage_that_a_deal_is_still_in_is_waited_for(mirror: Mirror) -> None:
    one, other = (mirror.deal(berlin(day(0))) for _ in range(2))
    mirror.change(one, berlin(day(3)), stage_name="Proposal")
    mirror.change(one, berlin(day(4)), amount_cents=7)
    mirror.change(other, berlin(day(5)), stage_name="Closed Lost")
    mirror.change(one, berlin(day(20)), stage_name="Closed Won")
    mirror.derive(LATER)
    # 3 and 5 days in Discovery; in Proposal 1 day so far, and in the end 17.
    known = [kims(mirror, "stage_days", day(n)) for n in (2, 3, 4, 9, 20)]
    assert known == [None, 3, 3, 5, 5]


def test_close_dates_moved_across_a_month_are_pushed_or_pulled_in(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), close_on=date(2026, 3, 30), amount_cents=50_000)
    for number, close_on in ((1, date(2026, 3, 31)), (2, date(2026, 5, 1)), (3, date(2026, 4, 9))):
        mirror.change(deal, berlin(day(number)), close_on=close_on)
    mirror.derive(LATER)
    assert kims(mirror, "pushed_count", day(1)) == 0
    assert kims(mirror, "pushed_amount", day(9)) == 500
    assert kims(mirror, "pulled_in_amount", day(9)) == 500


def test_a_deal_due_in_a_month_slips_when_its_close_date_leaves_it(mirror: Mirror) -> None:
    before = berlin(date(2026, 3, 20))
    slips, stays, created_late = (
        mirror.deal(at, close_on=date(2026, 4, 20), amount_cents=cents)
        for at, cents in ((before, 30_000), (before, 10_000), (berlin(date(2026, 4, 2)), 99_000))
    )
    mirror.change(slips, berlin(date(2026, 4, 10)), close_on=date(2026, 5, 2))
    for deal in (stays, created_late):
        mirror.change(deal, berlin(date(2026, 4, 15)), stage_name="Closed Won")
    mirror.derive(LATER)
    assert kims(mirror, "push_rate", date(2026, 3, 31)) is None
    assert kims(mirror, "push_rate", date(2026, 4, 9)) == 0
    assert kims(mirror, "push_rate", date(2026, 4, 30)) == 0.5
    assert kims(mirror, "push_rate_amount", date(2026, 4, 30)) == 0.75
    assert kims(mirror, "due_won_share", date(2026, 4, 14)) == 0
    assert kims(mirror, "due_won_share", date(2026, 4, 30)) == 0.5


def test_a_decision_maker_counts_once_they_were_met_and_for_ninety_days(mirror: Mirror) -> None:
    deals = [mirror.deal(berlin(day(0)), stage_name="Proposal") for _ in range(2)]
    boss, clerk = (f"00300000000000{n}AAA" for n in (1, 2))
    for contact, role in ((boss, "Economic Buyer"), (clerk, "Evaluator")):
        mirror.write(
            "opportunity_contact_role",
            id=mirror.record_id("00K"),
            opportunity_id=deals[0],
            contact_id=contact,
            role=role,
            created_at=berlin(day(1)),
        )
    mirror.task(berlin(day(2)), what_id=deals[0], who_id=clerk)
    mirror.task(berlin(day(3)), what_id=deals[1], who_id=boss)
    mirror.task(berlin(day(4)), what_id=deals[0], who_id=boss)
    mirror.derive(LATER)
    met = [kims(mirror, "decision_maker_share", day(n)) for n in (1, 3, 4, 93, 94)]
    assert met == [0, 0, 0.5, 0.5, 0]
    assert kims(mirror, "contacts_per_deal", day(4)) == 1.5


def test_a_deal_is_stuck_when_it_stays_longer_than_four_of_five_won_deals_did(
    mirror: Mirror,
) -> None:
    for number in range(10):
        deal = mirror.deal(berlin(day(0)))
        mirror.change(deal, berlin(day(11 + number)), stage_name="Closed Won")
    late = mirror.deal(berlin(day(10)))
    mirror.derive(LATER)
    # Eight of the ten had left after 18 days, which nobody knew before the last was won.
    assert kims(mirror, "stuck_share", day(19)) is None
    assert kims(mirror, "stuck_share", day(28)) == 0
    assert kims(mirror, "stuck_share", day(29)) == 1
    mirror.delete("opportunity", late)
    mirror.derive(LATER)
    assert kims(mirror, "stuck_share", day(29)) is None


def test_the_pipeline_is_weighted_by_what_became_of_deals_in_that_stage(mirror: Mirror) -> None:
    for number in range(30):
        deal = mirror.deal(berlin(day(0)))
        stage = "Closed Won" if number < 12 else "Closed Lost"
        mirror.change(deal, berlin(day(3)), stage_name=stage)
    mirror.deal(berlin(day(1)), amount_cents=100_000)
    mirror.derive(LATER)
    assert kims(mirror, "weighted_pipeline_amount", day(2)) == 0
    assert kims(mirror, "weighted_pipeline_amount", day(3)) == pytest.approx(400)


def test_a_close_date_that_moves_by_more_than_a_week_is_a_push(mirror: Mirror) -> None:
    """Also within a month; a week is none, and neither is what is pulled in or closed."""
    deal = mirror.deal(berlin(day(0)), close_on=date(2026, 6, 1))
    moves = (date(2026, 6, 9), date(2026, 6, 16), date(2026, 5, 1), date(2026, 5, 9))
    for number, close_on in enumerate(moves, start=1):
        mirror.change(deal, berlin(day(number)), close_on=close_on)
    mirror.derive(LATER)
    assert [kims(mirror, "pushes_per_deal", day(n)) for n in range(5)] == [0, 1, 1, 1, 2]
    assert [span.pushes for span in mirror.spans(deal)] == [0, 0, 0, 0, 0]
    mirror.change(deal, berlin(day(5)), stage_name="Closed Lost", close_on=date(2026, 9, 9))
    mirror.derive(LATER)
    assert mirror.spans(deal)[-1].long_pushes == 2


def test_what_was_taken_off_is_held_against_the_amount_of_four_weeks_before(
    mirror: Mirror,
) -> None:
    """A deal won for less counts, a lost one does not, and neither does one opened since."""
    cut, won, lost = (mirror.deal(berlin(day(0)), amount_cents=100_00) for _ in range(3))
    mirror.deal(berlin(day(1)), amount_cents=500_00)
    mirror.change(cut, berlin(day(5)), amount_cents=40_00)
    mirror.change(cut, berlin(day(6)), amount_cents=90_00)
    mirror.change(cut, berlin(day(27)), amount_cents=80_00)
    mirror.change(won, berlin(day(9)), stage_name="Closed Won", amount_cents=80_00)
    mirror.change(won, berlin(day(10)), amount_cents=10_00)
    mirror.change(lost, berlin(day(9)), stage_name="Closed Lost", amount_cents=0)
    mirror.derive(LATER)
    known = [kims(mirror, "amount_taken_off", day(n)) for n in (27, 28, 33)]
    # By the 28th day 60 + 10 + 20 of 300; then, of what stood on the fifth, 10 + 20 of 740.
    assert known == [None, pytest.approx(90 / 300), pytest.approx(30 / 740)]


def test_what_was_taken_off_is_filled_anew_once_a_deal_changes(mirror: Mirror) -> None:
    """On the same day as well: nothing else tells of it."""
    deals = [mirror.deal(berlin(day(0)), amount_cents=100_00) for _ in range(5)]
    window = Window(first=day(0), last=day(30), label="then")
    shares = []
    for hour, amount in ((9, 100_00), (12, 50_00)):
        mirror.change(deals[0], berlin(day(30), hour), amount_cents=amount)
        mirror.roll_up(now := berlin(day(30), hour + 1))
        shares.append(mirror.read("amount_taken_off", now=now, window=window)[KIM])
    assert shares == pytest.approx([0, 0.1])
