"""What happened to a deal, as spans of days."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.domain.windows import LAST_DAY_EVER
from bot.storage.facts.event_owners import OwnerChange
from bot.storage.facts.span_parts import Stage
from bot.storage.facts.spans import build_spans
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.opportunity import OpportunityHistoryRow, OpportunityRow
from tests.mirrored import BERLIN, KIM, SAM, STAGES, Mirror, berlin

MONDAY = date(2026, 3, 9)
LATER = berlin(date(2026, 4, 1))


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.fixture
def mirror(sqlite: Engine) -> Mirror:
    return Mirror(sqlite)


def story(spans: list[DealSpanRow]) -> list[tuple[date, str, int | None]]:
    return [(span.first_day, span.stage_name, span.amount_cents) for span in spans]


def test_a_stage_move_begins_a_span(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)))
    mirror.change(deal, berlin(day(3)), stage_name="Proposal")
    mirror.derive(LATER)
    first, second = mirror.spans(deal)
    assert (first.first_day, first.last_day, first.stage_name) == (day(0), day(2), "Discovery")
    assert (second.first_day, second.last_day) == (day(3), LAST_DAY_EVER)
    assert (second.entered_stage_on, second.created_on) == (day(3), day(0))
    assert (first.qualified_on, second.qualified_on) == (None, day(3))


def test_of_several_changes_on_a_day_the_last_one_counts(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0), 9))
    mirror.change(deal, berlin(day(1), 9), amount_cents=5)
    mirror.change(deal, berlin(day(1), 10), amount_cents=7, stage_name="Proposal")
    mirror.derive(LATER)
    assert story(mirror.spans(deal)) == [
        (day(0), "Discovery", 100_000),
        (day(1), "Proposal", 7),
    ]


def test_a_deal_created_and_won_on_one_day_is_one_span(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0), 9))
    mirror.change(deal, berlin(day(0), 15), stage_name="Closed Won", close_on=day(0))
    mirror.derive(LATER)
    [span] = mirror.spans(deal)
    assert (span.is_won, span.closed_on, span.cycle_days) == (True, day(0), 0)
    assert span.amount_before_close_cents == 100_000


def test_an_amount_lowered_while_losing_is_remembered_as_it_was(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), amount_cents=90_000)
    mirror.change(deal, berlin(day(4)), stage_name="Closed Lost", amount_cents=0)
    mirror.derive(LATER)
    assert mirror.spans(deal)[-1].amount_before_close_cents == 90_000
    assert mirror.measured("lost_amount", day=day(9), now=LATER)[KIM] == 900


def test_a_loss_counts_on_the_day_it_was_moved_and_a_win_on_its_close_date(mirror: Mirror) -> None:
    lost = mirror.deal(berlin(day(0)), close_on=day(30))
    mirror.change(lost, berlin(day(4)), stage_name="Closed Lost")
    won = mirror.deal(berlin(day(0)), close_on=day(30))
    mirror.change(won, berlin(day(4)), stage_name="Closed Won", close_on=day(2))
    mirror.derive(LATER)
    assert mirror.spans(lost)[-1].closed_on == day(4)
    assert mirror.spans(won)[-1].closed_on == day(2)


def test_a_reopened_deal_is_open_again_and_was_closed_meanwhile(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), amount_cents=10_000)
    mirror.change(deal, berlin(day(3)), stage_name="Closed Lost")
    mirror.change(deal, berlin(day(6)), stage_name="Proposal", amount_cents=20_000)
    mirror.change(deal, berlin(day(9)), stage_name="Closed Won", close_on=day(9))
    mirror.derive(LATER)
    open_on = {
        n: mirror.measured("open_pipeline_amount", day=day(n), now=LATER)[KIM]
        for n in (2, 4, 7, 10)
    }
    assert open_on == {2: 100, 4: 0, 7: 200, 10: 0}
    assert mirror.measured("lost_count", day=day(4), now=LATER)[KIM] == 1
    assert mirror.measured("lost_count", day=day(10), now=LATER)[KIM] == 0
    assert mirror.spans(deal)[-1].amount_before_close_cents == 20_000


def test_a_deal_handed_over_counts_for_whom_it_belonged_to_then(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)))
    mirror.change(deal, berlin(day(5)), with_history=False, owner_id=SAM)
    mirror.derive(LATER)
    assert [(span.first_day, span.rep_id) for span in mirror.spans(deal)] == [
        (day(0), KIM),
        (day(5), SAM),
    ]
    before = mirror.measured("open_pipeline_count", day=day(4), now=LATER)
    after = mirror.measured("open_pipeline_count", day=day(5), now=LATER)
    assert (before[KIM], before[SAM]) == (1, 0)
    assert (after[KIM], after[SAM]) == (0, 1)


def test_without_a_history_the_record_itself_is_all_there_is(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), with_history=False, stage_name="Proposal")
    mirror.derive(LATER)
    assert story(mirror.spans(deal)) == [(day(0), "Proposal", 100_000)]


def test_a_record_that_is_ahead_of_its_history_is_right(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)))
    mirror.change(deal, berlin(day(4)), with_history=False, amount_cents=1)
    mirror.derive(LATER)
    assert story(mirror.spans(deal)) == [(day(0), "Discovery", 100_000), (day(4), "Discovery", 1)]


def test_a_deleted_deal_leaves_the_numbers_of_every_day(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)))
    mirror.derive(LATER)
    assert mirror.measured("open_pipeline_count", day=day(1), now=LATER)[KIM] == 1
    mirror.delete("opportunity", deal)
    mirror.derive(LATER)
    assert mirror.spans(deal) == []
    assert mirror.measured("open_pipeline_count", day=day(1), now=LATER)[KIM] == 0


def test_close_dates_moved_into_a_later_month_are_pushes(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), close_on=date(2026, 3, 30))
    for number, close_on in enumerate(
        (date(2026, 3, 31), date(2026, 4, 1), date(2026, 3, 31), date(2027, 1, 2)), start=1
    ):
        mirror.change(deal, berlin(day(number)), close_on=close_on)
    mirror.derive(LATER)
    assert [span.pushes for span in mirror.spans(deal)] == [0, 0, 1, 1, 2]


def test_a_days_change_is_on_the_owners_own_day(mirror: Mirror) -> None:
    mirror.person(SAM, "Sam", time_zone="Pacific/Auckland")
    late = datetime(2026, 3, 9, 20, 30, tzinfo=UTC)
    deals = [mirror.deal(late, owner_id=owner) for owner in (KIM, SAM)]
    mirror.derive(LATER)
    assert [mirror.spans(deal)[0].first_day for deal in deals] == [day(0), day(1)]


def test_midnight_in_utc_is_a_date_and_is_not_moved_by_any_zone(mirror: Mirror) -> None:
    mirror.person(SAM, "Sam", time_zone="America/Los_Angeles")
    deal = mirror.deal(datetime(2026, 3, 9, tzinfo=UTC), owner_id=SAM)
    mirror.derive(LATER)
    assert mirror.spans(deal)[0].created_on == date(2026, 3, 9)


def test_an_evening_after_midnight_in_utc_does_not_undo_the_day(mirror: Mirror) -> None:
    mirror.person(SAM, "Sam", time_zone="America/Los_Angeles")
    deal = mirror.deal(datetime(2026, 3, 9, tzinfo=UTC), owner_id=SAM)
    mirror.change(deal, datetime(2026, 3, 9, 2, tzinfo=UTC), stage_name="Proposal")
    mirror.derive(LATER)
    assert story(mirror.spans(deal)) == [(date(2026, 3, 9), "Proposal", 100_000)]


def test_a_stage_that_nobody_lists_any_more_is_judged_by_what_the_record_says(
    mirror: Mirror,
) -> None:
    deal = mirror.deal(berlin(day(0)), with_history=False)
    row = {**mirror.deals[deal], "stage_name": "Signed!", "close_on": day(0)}
    mirror.write("opportunity", stamp=berlin(day(1)), **row, is_closed=True, is_won=True)
    mirror.derive(LATER)
    assert mirror.spans(deal)[-1].is_won


KNOWN = {
    name: Stage(name=name, progress=0.5, is_closed=closed, is_won=won, is_qualified=False)
    for name, (closed, won) in STAGES.items()
}
#: On the hour, so that midnight in UTC, which means a date, comes often.
INSTANTS = st.integers(0, 40 * 24).map(
    lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)
STATES = st.tuples(INSTANTS, st.sampled_from(sorted(KNOWN)), st.none() | st.integers(0, 9))


@given(
    created=INSTANTS,
    told=st.lists(STATES, max_size=8),
    now=STATES,
    moves=st.lists(st.tuples(INSTANTS, st.sampled_from([KIM, SAM])), max_size=4),
    zone=st.sampled_from(["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"]),
)
@settings(max_examples=60, deadline=None)
def test_spans_never_overlap_leave_no_gap_and_have_no_end(
    created: datetime,
    told: list[tuple[datetime, str, int | None]],
    now: tuple[datetime, str, int | None],
    moves: list[tuple[datetime, str]],
    zone: str,
) -> None:
    deal = OpportunityRow(
        id="006",
        name="Acme",
        owner_id=KIM,
        stage_name=now[1],
        amount_cents=now[2],
        close_on=MONDAY,
        created_at=created,
        stamp=now[0],
    )
    history = [
        OpportunityHistoryRow(
            id=str(number),
            opportunity_id="006",
            created_at=at,
            stage_name=stage,
            amount_cents=amount,
            close_on=MONDAY,
            stamp=at,
        )
        for number, (at, stage, amount) in enumerate(told)
    ]
    owners = [OwnerChange(at=at, from_owner=SAM, to_owner=to) for at, to in moves]
    spans = build_spans(
        deal, history, owners, stages=KNOWN, zones={KIM: ZoneInfo(zone)}, default_zone=BERLIN
    )
    assert spans[0].first_day == spans[0].created_on
    assert spans[-1].last_day == LAST_DAY_EVER
    assert all(span.first_day <= span.last_day for span in spans)
    for before, after in pairwise(spans):
        assert after.first_day == before.last_day + timedelta(days=1)
    assert (spans[-1].stage_name, spans[-1].amount_cents) == (now[1], now[2])
