"""How long a deal may stay, and how fast pipeline is made, are told by others of the same role."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.ids import RoleKey
from bot.domain.organisation import Organisation, RoleMatch
from bot.domain.windows import Window
from bot.flows.keep_assignments import keep_assignments
from bot.storage.assignments import AssignmentRow
from bot.storage.current import as_filled
from bot.storage.database import reading, transaction
from bot.storage.facts.select import Knowledge
from tests.mirrored import BERLIN, KIM, SAM, Mirror, berlin

FRIDAY = date(2026, 2, 13)
NOON = berlin(FRIDAY, 12, 0)
TODAY = Window(first=FRIDAY, last=FRIDAY, label="today")
ORGANISATION = Organisation(
    zone=BERLIN,
    roles=(
        RoleMatch(role=RoleKey("enterprise_ae"), title_contains="enterprise"),
        RoleMatch(role=RoleKey("smb_ae"), title_contains="executive"),
    ),
)


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    """Kim sells to small businesses, Sam to enterprises."""
    mirror = Mirror(database, ORGANISATION)
    mirror.person(SAM, "Sam", title="Enterprise Account Executive")
    return mirror


def keep(mirror: Mirror, now: datetime = NOON) -> None:
    keep_assignments(mirror.database, organisation=ORGANISATION, now=now)


def won_after(mirror: Mirror, owner: str, *stays: int) -> None:
    for stay in stays:
        end = FRIDAY - timedelta(days=30)
        deal = mirror.deal(berlin(end - timedelta(days=stay)), owner_id=owner)
        mirror.change(deal, berlin(end), stage_name="Closed Won", close_on=end)


def stuck(mirror: Mirror) -> dict[str, float | None]:
    return mirror.measured("stuck_share", day=FRIDAY, now=NOON)


def five_open(mirror: Mirror, owner: str, *since: int) -> None:
    for days in since:
        mirror.deal(berlin(FRIDAY - timedelta(days=days)), owner_id=owner)


def test_a_deal_is_stuck_by_the_stays_of_its_owners_role_drawn_to_all(mirror: Mirror) -> None:
    with mirror.at_once():
        won_after(mirror, KIM, *(10,) * 30)
        won_after(mirror, SAM, *(100,) * 10)
        # Of all forty, four of five had left after 100 days at most, and after 10 at least 30.
        five_open(mirror, KIM, 9, 11, 32, 34, 101)
        five_open(mirror, SAM, 11, 34, 99, 101, 9)
    mirror.derive(NOON)
    before = stuck(mirror)
    keep(mirror)
    # The 32nd of forty stayed 100 days. Kim: (30 * 10 + 10 * 100) / 40 = 32.5, and Sam: 100.
    assert before == {KIM: 0.2, SAM: 0.2}
    assert stuck(mirror) == {KIM: 0.4, SAM: 0.2}


def test_a_role_with_few_stays_goes_by_what_all_show_and_few_of_all_tell_nothing(
    mirror: Mirror,
) -> None:
    with mirror.at_once():
        won_after(mirror, SAM, *(20,) * 9)
        five_open(mirror, KIM, 15, 19, 22, 30, 31)
    mirror.derive(NOON)
    keep(mirror)
    assert stuck(mirror)[KIM] is None
    won_after(mirror, KIM, 42)
    mirror.derive(NOON)
    # (1 * 42 + 10 * 20) / 11 = 22: the one of 22 days is not yet over it.
    assert stuck(mirror)[KIM] == 0.4


def test_nothing_is_stuck_before_seven_weekdays_are_over(mirror: Mirror) -> None:
    with mirror.at_once():
        won_after(mirror, KIM, *(1,) * 10)
        five_open(mirror, KIM, 8, 9, 10, 11, 12)
    mirror.derive(NOON)
    # Those of last week's Thursday, Wednesday, ...; Wednesday is seven weekdays ago.
    assert stuck(mirror)[KIM] == 0.8


def test_a_stay_is_of_the_role_of_who_had_the_deal_and_not_of_who_won_it(mirror: Mirror) -> None:
    with mirror.at_once():
        won_after(mirror, KIM, *(10,) * 10)
        end = FRIDAY - timedelta(days=60)
        for _ in range(10):
            deal = mirror.deal(berlin(end - timedelta(days=90)), owner_id=SAM)
            mirror.change(deal, berlin(end), stage_name="Proposal", owner_id=KIM)
            mirror.change(deal, berlin(end, 15), stage_name="Closed Won", close_on=end)
        five_open(mirror, KIM, 9, 11, 49, 51, 91)
    mirror.derive(NOON)
    keep(mirror)
    # All: the 16th of twenty is 90. Kim's own ten stays are of 10 days: 50.
    assert stuck(mirror)[KIM] == 0.4


def test_a_role_noted_anew_is_told_at_the_next_refresh_and_not_claimed_before(
    mirror: Mirror,
) -> None:
    with mirror.at_once():
        won_after(mirror, KIM, *(10,) * 30)
        won_after(mirror, SAM, *(100,) * 10)
        five_open(mirror, KIM, 9, 11, 32, 34, 101)
    mirror.pulled(as_of=NOON)
    mirror.roll_up(NOON)
    assert mirror.read("stuck_share", now=NOON, window=TODAY)[KIM] == 0.2
    keep(mirror)
    knowledge = Knowledge(day=FRIDAY, now=NOON)
    with reading(mirror.database) as session:
        assert not as_filled(session, knowledge).is_current
    mirror.roll_up(NOON)
    assert mirror.read("stuck_share", now=NOON, window=TODAY)[KIM] == 0.4
    with reading(mirror.database) as session:
        assert as_filled(session, knowledge).is_current


def made(mirror: Mirror, day: date, amount: int, owner: str) -> None:
    mirror.deal(berlin(day), stage_name="Proposal", amount_cents=amount * 100, owner_id=owner)


def colleagues(mirror: Mirror, *numbers: int) -> list[str]:
    ids = [f"00500000000001{n}AAA" for n in numbers]
    for rep in ids:
        mirror.person(rep, f"Lee{rep[14]}")
    return ids


#: A day in the looked-at part of each of the four quarters before.
EARLIER = (date(2025, 11, 3), date(2025, 8, 4), date(2025, 5, 5), date(2025, 2, 3))


def paces(mirror: Mirror) -> dict[str, float | None]:
    return mirror.measured("pipeline_pace", day=FRIDAY, now=NOON)


def test_the_pace_of_whoever_has_little_history_is_held_against_the_role(mirror: Mirror) -> None:
    with mirror.at_once():
        mirror.person(KIM, "Kim", created_at=datetime(2025, 9, 1, 9, tzinfo=UTC))
        for rep in colleagues(mirror, 0, 1):
            for day in EARLIER:
                made(mirror, day, 400, rep)
        made(mirror, EARLIER[0], 100, KIM)
        made(mirror, date(2026, 1, 20), 300, KIM)
    mirror.derive(NOON)
    assert paces(mirror)[KIM] is None
    keep(mirror)
    # One quarter of 100, drawn to 400 as if by two more: (100 + 2 * 400) / 3.
    assert paces(mirror) == {KIM: pytest.approx(1.0), SAM: None}


def test_nothing_made_is_a_pace_of_nothing_but_not_in_ones_first_quarter(mirror: Mirror) -> None:
    with mirror.at_once():
        mirror.person(KIM, "Kim", created_at=datetime(2025, 12, 20, 9, tzinfo=UTC))
        for rep in colleagues(mirror, 0, 1):
            for day in EARLIER:
                made(mirror, day, 400, rep)
    mirror.derive(NOON)
    keep(mirror)
    assert paces(mirror)[KIM] == 0
    mirror.person(KIM, "Kim", created_at=datetime(2026, 1, 12, 9, tzinfo=UTC), stamp=NOON)
    mirror.derive(NOON)
    assert paces(mirror)[KIM] is None


def test_quarters_in_another_role_are_nobodys_yardstick(mirror: Mirror) -> None:
    with mirror.at_once():
        for rep in (KIM, SAM):
            for day in EARLIER:
                made(mirror, day, 100, rep)
            made(mirror, date(2026, 1, 20), 300, rep)
    mirror.derive(NOON)
    keep(mirror)
    assert paces(mirror) == {KIM: 3.0, SAM: 3.0}
    moved = date(2025, 7, 1)
    with transaction(mirror.database) as session:
        known = session.get(AssignmentRow, (KIM, date(2024, 1, 8)))
        assert known is not None
        team = known.team_id
        session.add(AssignmentRow(rep_id=KIM, team_id=team, first_day=moved, role="smb_ae"))
        known.role, known.last_day = "sdr_outbound", moved - timedelta(days=1)
    assert paces(mirror)[KIM] == 3.0
    with transaction(mirror.database) as session:
        known = session.get(AssignmentRow, (KIM, moved))
        assert known is not None
        known.first_day = date(2025, 10, 2)
    # Only the quarter before was theirs in this role, and not from its first day.
    assert paces(mirror)[KIM] is None
