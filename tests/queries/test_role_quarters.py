"""Quarters of a role as they were known at their ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine

from bot.domain.fiscal import CalendarMonths
from bot.domain.ids import MetricKey, RepId
from bot.domain.workdays import WorkCalendar
from bot.queries.role_quarters import RoleHistory, complete_quarters, read_role_history
from bot.queries.yardstick import Yardstick
from bot.storage.database import reading
from bot.storage.facts.leave import read_leave
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster
from tests.coached_team import books
from tests.mirrored import KIM, MARIA, ORGANISATION, SAM, Mirror, berlin

TODAY = date(2026, 3, 9)
LEE = "005000000000004AAA"


def history(mirror: Mirror, today: date = TODAY) -> RoleHistory:
    with reading(mirror.database) as session:
        model = next(model for key, model in books().models.items() if key == "mid_market_ae")
        meetings = replace(
            next(iter(model.ranges.values())), metric=MetricKey("calls_completed"), weeks=4
        )
        model = replace(model, ranges={**model.ranges, meetings.metric: meetings})
        return read_role_history(
            session,
            model,
            list(read_roster(session, ORGANISATION).reps.values()),
            yardstick=Yardstick(
                metrics=books().metrics,
                models=books().models,
                calendar=WorkCalendar(),
                leave=read_leave(session),
            ),
            knowledge=Knowledge(day=today, now=berlin(today)),
            fiscal=CalendarMonths(),
        )


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    """Kim wins a deal in each of three quarters and calls once a day; Sam only calls."""
    mirror = Mirror(database)
    with mirror.at_once():
        for quarter, won in (
            (date(2025, 4, 1), 10),
            (date(2025, 7, 1), 20),
            (date(2025, 10, 1), 30),
        ):
            deal = mirror.deal(berlin(quarter), close_on=quarter + timedelta(days=60))
            mirror.change(
                deal,
                berlin(quarter + timedelta(days=60)),
                stage_name="Closed Won",
                amount_cents=won * 100_000,
            )
            for week in range(13):
                for owner in (KIM, SAM):
                    mirror.task(berlin(quarter + timedelta(days=7 * week)), owner_id=owner)
    mirror.pulled(as_of=berlin(TODAY))
    mirror.derive(berlin(TODAY))
    return mirror


def test_quarters_are_complete_and_follow_the_fiscal_year() -> None:
    assert [each.first for each in complete_quarters(TODAY, CalendarMonths())][-2:] == [
        date(2025, 7, 1),
        date(2025, 10, 1),
    ]
    newest = complete_quarters(TODAY, CalendarMonths(start_month=2))[-1]
    assert (newest.first, newest.last) == (date(2025, 11, 1), date(2026, 1, 31))


def test_each_quarter_has_its_outcome_and_its_habits_in_the_playbooks_window(
    mirror: Mirror,
) -> None:
    found = history(mirror)
    quarters = found.quarters
    assert found.outcome == "won_amount"
    assert quarters.reps == (RepId(KIM), RepId(SAM))
    won = quarters.outcome[0, -3:]
    assert won == pytest.approx([10_000, 20_000, 30_000], rel=0.1)
    at = [metric.key for metric in quarters.metrics].index(MetricKey("calls_completed"))
    # Thirteen in a quarter are four in four weeks, a little more where days were free.
    assert quarters.values[at, 0, -3:] == pytest.approx([4, 4, 4], rel=0.1)


def test_lagging_metrics_are_no_candidates_and_shares_are_known_as_such(mirror: Mirror) -> None:
    kinds = {metric.key: metric for metric in history(mirror).quarters.metrics}
    assert MetricKey("win_rate_count") not in kinds
    untouched = kinds[MetricKey("untouched_share")]
    assert (untouched.is_share, untouched.is_higher_better) == (True, False)


def test_before_the_mirror_begins_and_after_somebody_left_nothing_is_known(mirror: Mirror) -> None:
    mirror.person(SAM, "Sam", is_active=False, stamp=datetime(2026, 1, 2, tzinfo=UTC))
    outcome = history(mirror).quarters.outcome
    assert np.isnan(outcome[:, :-3]).all()
    assert np.isfinite(outcome[:, -3:]).all()
    later = history(mirror, date(2026, 4, 2)).quarters.outcome
    assert list(np.isfinite(later[:, -1])) == [True, False]


def test_quarters_of_ramp_are_left_out(mirror: Mirror) -> None:
    mirror.person(
        LEE, "Lee", title="Account Executive", created_at=datetime(2025, 7, 1, tzinfo=UTC)
    )
    mirror.derive(berlin(TODAY))
    quarters = history(mirror).quarters
    lee = quarters.reps.index(RepId(LEE))
    assert quarters.teams[lee] == MARIA
    assert not np.isfinite(quarters.outcome[lee, -2])
