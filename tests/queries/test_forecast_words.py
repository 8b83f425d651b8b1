"""/strategic and /team-health framework tell one forecast in the same numbers and words."""

from datetime import date

import pytest
from sqlalchemy import Engine

from bot.domain.ids import SlackUserId
from bot.queries import framework, strategic
from bot.runtime import Runtime
from tests.coached_team import Team, runtime_at
from tests.mirrored import KIM, Mirror, berlin, mirror_with

#: In the middle of a quarter, of which one month is over.
NOW = berlin(date(2026, 5, 20), 9)
MARIA = SlackUserId("U0MARIA")
#: Of each deal of a month: the category when it began, whether it was won, and the amount.
USUAL = (("Forecast", True, 1_000), ("Forecast", False, 1_000))
MONTHS = {
    **{date(2025, month, 1): USUAL for month in (7, 8, 9, 10, 12)},
    **{date(2026, month, 1): USUAL for month in (1, 2, 3)},
    date(2026, 4, 1): (("Pipeline", True, 50_000),),
}


@pytest.fixture
def forecasting(sqlite: Engine) -> Runtime:
    mirror_with(sqlite, "a year of forecasts", _fill)
    return runtime_at(NOW, sqlite)


def _fill(mirror: Mirror) -> None:
    for month, deals in MONTHS.items():
        for category, is_won, amount in deals:
            _given_deal(mirror, month, category, amount, "Closed Won" if is_won else "Closed Lost")
    mirror.pulled(as_of=NOW)
    mirror.roll_up(NOW)
    Team(mirror).match()


def _given_deal(mirror: Mirror, month: date, category: str, amount: int, end: str) -> None:
    due = month.replace(day=20)
    began = berlin(date.fromordinal(month.toordinal() - 20))
    known = {"close_on": due, "amount_cents": amount * 100}
    deal = mirror.deal(began, owner_id=KIM, **known, with_history=False)
    for at, stage, told in ((began, "Proposal", category), (berlin(due), end, "Closed")):
        fields = {**known, "stage_name": stage, "forecast_category": told}
        mirror.change(deal, at, with_history=False, **fields)
        mirror.write(
            "opportunity_history",
            stamp=at,
            id=mirror.record_id("008"),
            opportunity_id=deal,
            created_at=at,
            **fields,
        )


def test_both_look_at_the_same_months_and_say_the_same(forecasting: Runtime) -> None:
    """Of the quarter under way a month is over; were it counted, the sum would be far lower."""
    asked = framework.ask(forecasting, asker=MARIA, words=())
    [figure] = [each for _, part in asked.sections for each in part if each.key == "forecast"]
    bars = strategic.ask(forecasting, asker=MARIA).bars
    [line] = [each for bar in bars for each in bar.lines if each.indicator.key == "forecast_bias"]
    assert figure.told == line.now.told == "+100% in sum, 100% off month by month"
    assert line.now.doubt == "it leans too high: +100% to +100% would fit (8 months to March 2026)"
    assert figure.verdict.lower().rstrip(".") == line.now.doubt.lower()


def test_of_the_quarter_under_way_the_months_that_are_over_are_asked_for(
    forecasting: Runtime,
) -> None:
    asked = framework.ask(forecasting, asker=MARIA, words=("this", "quarter"))
    [figure] = [each for _, part in asked.sections for each in part if each.key == "forecast"]
    assert figure.rests_on.startswith("9 months to April 2026"), figure.told
    assert "neither way for sure" in figure.verdict
