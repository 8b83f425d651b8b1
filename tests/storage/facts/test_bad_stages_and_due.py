"""What is due on a day that cannot be, and what came through a stage that nobody knows, is said."""

from datetime import date

import pytest
from sqlalchemy import Engine

from bot.domain.choices import Choices
from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.metrics.flaws import Flaw
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.left_out import read_left_out
from tests.mirrored import KIM, Mirror, berlin, metrics
from tests.storage.facts.test_bad_input import LAST, NOW, day, left_out, value


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


@pytest.mark.parametrize("close_on", [date(1970, 1, 1), date(2099, 12, 31)])
@pytest.mark.parametrize("metric", ["push_rate", "due_won_share", "push_rate_amount"])
def test_an_open_deal_that_nobody_can_tell_when_it_is_due_is_said(
    mirror: Mirror, metric: str, close_on: date
) -> None:
    mirror.deal(berlin(day(0)), close_on=date(2026, 4, 20))
    assert value(mirror, metric, Choices()) == 0
    assert left_out(mirror, metric) == {}
    mirror.deal(berlin(day(0)), close_on=close_on)
    assert value(mirror, metric, Choices()) == 0
    assert left_out(mirror, metric) == {Flaw.IMPOSSIBLE_DATE: 1}


def test_amounts_left_out_of_what_was_due_are_said_once(mirror: Mirror) -> None:
    mirror.deal(berlin(day(0)), close_on=date(2026, 4, 20), amount_cents=-100)
    assert value(mirror, "push_rate_amount", Choices()) is None
    assert left_out(mirror, "push_rate_amount") == {Flaw.NEGATIVE_AMOUNT: 1}


def through_limbo(mirror: Mirror, begin: str = "Discovery") -> None:
    """A lost deal whose only stage between the first and the last is listed nowhere."""
    deal = mirror.deal(berlin(day(0)), stage_name=begin)
    mirror.write(
        "opportunity_history",
        stamp=berlin(day(3)),
        id=mirror.record_id("008"),
        opportunity_id=deal,
        created_at=berlin(day(3)),
        stage_name="Limbo",
        amount_cents=100_000,
        close_on=date(2026, 6, 30),
    )
    mirror.change(deal, berlin(day(9)), stage_name="Closed Lost", close_on=day(9))


@pytest.mark.parametrize(
    ("metric", "told"),
    [("qualified_count", 0), ("qualified_share", 0), ("win_rate_qualified", None)],
)
def test_a_stage_that_nobody_knows_may_have_been_a_qualified_one_and_is_said(
    mirror: Mirror, metric: str, told: float | None
) -> None:
    through_limbo(mirror)
    assert value(mirror, metric, Choices()) == told
    assert left_out(mirror, metric) == {Flaw.CAME_THROUGH_UNKNOWN: 1}


def test_it_is_said_of_windows_in_which_the_deal_was_there(mirror: Mirror) -> None:
    through_limbo(mirror)
    mirror.derive(NOW)

    def said(first: int, last: int) -> int:
        with reading(mirror.database) as session:
            found = read_left_out(
                session,
                metrics()[MetricKey("qualified_count")],
                reps=[RepId(KIM)],
                window=Window(first=day(first), last=day(last), label=""),
                knowledge=Knowledge(day=LAST, now=NOW),
            )
        return sum(each.facts for each in found)

    assert [said(-30, -1), said(-30, 0), said(5, 6), said(9, 30), said(10, 30)] == [0, 1, 1, 1, 0]


def test_who_was_qualified_before_is_not_in_doubt(mirror: Mirror) -> None:
    through_limbo(mirror, "Proposal")
    assert value(mirror, "qualified_count", Choices()) == 1
    assert left_out(mirror, "qualified_count") == {}
