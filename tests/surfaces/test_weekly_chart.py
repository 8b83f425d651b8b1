"""A rep's weeks as a line: what the range is of, and where a point of several weeks stands."""

from datetime import date, timedelta

import pytest

from bot.domain.ids import MetricKey, RepId
from bot.domain.metric import Reading
from bot.domain.success_model import TargetRange
from bot.domain.windows import Window
from bot.queries.charts import weekly_chart
from bot.runtime import Runtime
from tests.slack_world import CRM_IDS


@pytest.mark.parametrize(
    ("metric", "told"),
    [("meetings_held", "3 to 6 in a full week"), ("win_rate_count", "300% to 600%")],
)
def test_a_weeks_part_of_a_range_is_said_to_be_that_of_a_full_week(
    office: Runtime, metric: str, told: str
) -> None:
    known = office.metrics[MetricKey(metric)].metric
    fair = TargetRange(metric=known.key, low=3, high=6, weeks=1, leverage=0, play=None)
    monday = date(2026, 11, 2)
    readings = [
        Reading(
            metric=known.key,
            rep=RepId(CRM_IDS["kim"]),
            window=Window(first=monday, last=monday, label="a week"),
            value=number,
            facts=number,
            as_of=office.clock.now(),
        )
        for number in (1, 2, 3)
    ]
    chart = weekly_chart(known, readings, fair=fair, currency="USD", locale="en_US")
    assert chart is not None
    assert chart.range_told == told


@pytest.mark.parametrize(("weeks", "label"), [(1, "Nov 2"), (4, "Nov 29")])
def test_a_point_of_several_weeks_stands_where_they_end(
    office: Runtime, weeks: int, label: str
) -> None:
    known = office.metrics[MetricKey("win_rate_count")].metric
    first = date(2026, 11, 2)
    last = first + timedelta(days=7 * weeks - 1)
    reading = Reading(
        metric=known.key,
        rep=RepId(CRM_IDS["kim"]),
        window=Window(first=first, last=last, label="some weeks"),
        value=0.5,
        facts=9,
        as_of=office.clock.now(),
    )
    chart = weekly_chart(known, [reading] * 3, fair=None, currency="USD", locale="en_US")
    assert chart is not None
    assert [point.label.endswith(label) for point in chart.points] == [True] * 3
