"""How much money the open deals bring a day, by how often and how fast deals are won."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.cli.metric_report import print_report
from bot.coaching.evidence.intervals import Interval
from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.queries.metric_report import read_metric_report
from bot.queries.velocity import velocity_intervals
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from tests.mirrored import KIM, ORGANISATION, SAM, Mirror, berlin, metrics

MONDAY = date(2026, 3, 9)
TWENTIETH = MONDAY + timedelta(days=20)
NOON = berlin(TWENTIETH, 12, 0)
A_DAY = Window(first=TWENTIETH, last=TWENTIETH, label="today")


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    """Of thirty deals Sam won ten after 11 to 20 days; Kim has two open, one of them qualified."""
    mirror = Mirror(database)
    with mirror.at_once():
        for number in range(30):
            deal = mirror.deal(berlin(MONDAY), owner_id=SAM)
            mirror.change(deal, berlin(MONDAY, 12), stage_name="Proposal")
            close_on = MONDAY + timedelta(days=11 + number % 10)
            stage = "Closed Won" if number < 10 else "Closed Lost"
            mirror.change(deal, berlin(close_on, 9), stage_name=stage, close_on=close_on)
        mirror.deal(berlin(MONDAY), stage_name="Proposal", amount_cents=93_000_00)
        mirror.deal(berlin(MONDAY), amount_cents=7_000_00)
    return mirror


def kims(mirror: Mirror, day: date) -> float | None:
    return mirror.measured("sales_velocity", day=day, now=NOON)[KIM]


def test_it_takes_thirty_closed_and_ten_won_deals_of_the_year_before(mirror: Mirror) -> None:
    mirror.derive(NOON)
    # A third of the deals that were in its stage was won, after 15.5 days.
    assert kims(mirror, TWENTIETH) == pytest.approx(93_000 / 3 / 15.5)
    assert kims(mirror, TWENTIETH - timedelta(days=1)) == 0
    first_won = MONDAY + timedelta(days=11)
    assert kims(mirror, first_won + timedelta(days=365)) == pytest.approx(2_000)
    assert kims(mirror, first_won + timedelta(days=366)) == 0


def test_it_is_told_anew_on_the_day_that_somebody_else_wins(mirror: Mirror) -> None:
    mirror.roll_up(NOON)
    assert mirror.read("sales_velocity", now=NOON, window=A_DAY)[KIM] == pytest.approx(2_000)
    deal = mirror.deal(berlin(MONDAY), owner_id=SAM)
    mirror.change(deal, NOON, stage_name="Closed Won", close_on=TWENTIETH)
    mirror.roll_up(NOON + timedelta(minutes=15))
    kept = mirror.read("sales_velocity", now=NOON, window=A_DAY)[KIM]
    # Eleven won, the middle one after 16 days; it was never in the stage.
    assert kept == pytest.approx(93_000 / 3 / 16)
    assert kept == kims(mirror, TWENTIETH)


VELOCITY = MetricKey("sales_velocity")


def intervals(mirror: Mirror, metric: MetricKey = VELOCITY) -> dict[str, Interval]:
    with reading(mirror.database) as session:
        found = velocity_intervals(
            session,
            metrics()[metric],
            reps=[RepId(KIM), RepId(SAM)],
            knowledge=Knowledge(day=TWENTIETH, now=NOON),
        )
    return {str(rep): interval for rep, interval in found.items()}


def test_an_interval_tells_what_chance_leaves_open_of_the_product(mirror: Mirror) -> None:
    mirror.derive(NOON)
    assert intervals(mirror) == {}
    mirror.deal(berlin(MONDAY), stage_name="Proposal", amount_cents=93_000_00)
    mirror.derive(NOON)
    told = intervals(mirror)
    assert set(told) == {KIM}
    assert told[KIM].estimate == pytest.approx(kims(mirror, TWENTIETH)) == pytest.approx(4_000)
    # Two deals of one size, so that only the share won (10 of 30) and the days (11 to 20) are open.
    assert 1_600 < told[KIM].low < 2_600
    assert 5_700 < told[KIM].high < 7_200
    assert intervals(mirror, MetricKey("open_pipeline_amount")) == {}


def test_the_interval_stands_below_the_reading(
    mirror: Mirror, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror.deal(berlin(MONDAY), stage_name="Proposal", amount_cents=93_000_00)
    mirror.derive(NOON)
    with reading(mirror.database) as session:
        report = read_metric_report(
            session,
            metrics()[VELOCITY],
            organisation=ORGANISATION,
            day=TWENTIETH,
            words="this week",
            now=NOON,
        )
    print_report(report)
    lines = capsys.readouterr().out.splitlines()
    [kim] = [at for at, line in enumerate(lines) if line.startswith("Kim")]
    assert lines[kim + 1].startswith("  95% interval ")
    assert lines[kim + 1].endswith(", drawing all deals anew")
    assert sum("interval" in line for line in lines) == 1
