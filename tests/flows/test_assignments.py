"""Roles and teams with their history: what a transfer, a promotion and a departure do."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.domain.errors import ConfigError
from bot.domain.ids import RepId, RoleKey, TeamId
from bot.domain.organisation import Organisation, RoleMatch
from bot.domain.roster import Roster
from bot.domain.windows import Window
from bot.flows.import_people import import_people
from bot.flows.keep_assignments import keep_assignments
from bot.queries.pipeline_waterfall import read_waterfall
from bot.queries.rep_views import Moment
from bot.queries.team_sales import won_by
from bot.storage.assignments import AssignmentRow
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster
from tests.mirrored import BERLIN, KIM, MARIA, SAM, Mirror, berlin

NOAH = "005000000000004AAA"
JOINED = date(2024, 1, 8)
MOVED = date(2026, 3, 4)
NOW = berlin(date(2026, 3, 9), 9)
ORGANISATION = Organisation(
    zone=BERLIN,
    roles=(
        RoleMatch(role=RoleKey("mid_market_ae"), title_contains="mid"),
        RoleMatch(role=RoleKey("smb_ae"), title_contains="executive"),
    ),
)


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    """Maria leads Kim and Sam; Noah leads Lee, so that his is a team too."""
    mirror = Mirror(database, ORGANISATION)
    mirror.person(NOAH, "Noah", title="Manager", manager_id=None)
    mirror.person("005000000000005AAA", "Lee", manager_id=NOAH)
    keep(mirror, NOW - timedelta(days=30))
    return mirror


def keep(mirror: Mirror, now: datetime = NOW, organisation: Organisation = ORGANISATION) -> None:
    keep_assignments(mirror.database, organisation=organisation, now=now)


def spans(mirror: Mirror, rep: str = KIM) -> list[tuple[date, date | None, str, str | None]]:
    row = AssignmentRow
    with reading(mirror.database) as session:
        wanted = select(row).where(col(row.rep_id) == rep).order_by(col(row.first_day))
        return [(r.first_day, r.last_day, r.role, r.team_id) for r in session.exec(wanted)]


def roster(mirror: Mirror) -> Roster:
    with reading(mirror.database) as session:
        return read_roster(session, ORGANISATION)


def move_kim(mirror: Mirror, **fields: object) -> None:
    mirror.person(KIM, "Kim", **{"stamp": berlin(MOVED), "manager_id": NOAH, **fields})


def test_what_stays_the_same_is_noted_once(mirror: Mirror) -> None:
    keep(mirror)
    keep(mirror, NOW + timedelta(days=1))
    assert spans(mirror) == [(JOINED, None, "smb_ae", MARIA)]


def test_two_who_note_at_once_note_it_once(mirror: Mirror) -> None:
    move_kim(mirror)
    begin, failed = threading.Barrier(3), []

    def note() -> None:
        begin.wait()
        try:
            keep(mirror)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shall tell
            failed.append(error)

    threads = [threading.Thread(target=note) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(spans(mirror)) == 2


def test_a_transfer_ends_one_assignment_and_begins_another_on_the_day_of_the_change(
    mirror: Mirror,
) -> None:
    move_kim(mirror)
    keep(mirror)
    keep(mirror, NOW + timedelta(days=1))
    assert spans(mirror) == [
        (JOINED, MOVED - timedelta(days=1), "smb_ae", MARIA),
        (MOVED, None, "smb_ae", NOAH),
    ]
    assert roster(mirror).reps[RepId(KIM)].started_on == JOINED


def test_a_promotion_begins_a_new_ramp(mirror: Mirror) -> None:
    move_kim(mirror, title="Mid-Market Executive", manager_id=MARIA)
    keep(mirror)
    rep = roster(mirror).reps[RepId(KIM)]
    assert (rep.role, rep.started_on, rep.joined_on) == ("mid_market_ae", MOVED, JOINED)


def test_another_mapping_in_app_yaml_is_no_promotion(mirror: Mirror) -> None:
    roles = (RoleMatch(role=RoleKey("enterprise_ae"), title_contains="executive"),)
    keep(mirror, organisation=Organisation(zone=BERLIN, roles=roles))
    assert spans(mirror) == [(JOINED, None, "enterprise_ae", MARIA)]


def test_two_changes_on_one_day_leave_the_second(mirror: Mirror) -> None:
    move_kim(mirror)
    keep(mirror, berlin(MOVED, 12))
    move_kim(mirror, manager_id=MARIA, title="Mid-Market Executive", stamp=berlin(MOVED, 13))
    keep(mirror, berlin(MOVED, 14))
    assert spans(mirror)[1:] == [(MOVED, None, "mid_market_ae", MARIA)]


def test_who_leaves_has_a_last_day_and_who_comes_back_another_first(mirror: Mirror) -> None:
    move_kim(mirror, is_active=False, manager_id=MARIA)
    keep(mirror)
    assert spans(mirror) == [(JOINED, MOVED, "smb_ae", MARIA)]
    gone = roster(mirror).reps[RepId(KIM)]
    assert (gone.is_active, gone.left_on) == (False, MOVED)
    back = date(2026, 6, 1)
    move_kim(mirror, is_active=True, manager_id=MARIA, stamp=berlin(back))
    keep(mirror, berlin(back, 18))
    assert spans(mirror)[1] == (back, None, "smb_ae", MARIA)
    assert roster(mirror).reps[RepId(KIM)].days_away == (
        (MOVED + timedelta(days=1), back - timedelta(days=1)),
    )


def test_who_becomes_a_manager_is_no_rep_any_more_but_was_one(mirror: Mirror) -> None:
    mirror.person(SAM, "Sam", manager_id=KIM, stamp=berlin(MOVED))
    mirror.person(KIM, "Kim", title="Manager", stamp=berlin(MOVED))
    keep(mirror)
    now = roster(mirror)
    assert RepId(KIM) not in now.reps
    assert now.on(MOVED - timedelta(days=1)).reps[RepId(KIM)].team == MARIA
    assert spans(mirror)[0][1] == MOVED


def moment() -> Moment:
    return Moment(knowledge=Knowledge(day=NOW.date(), now=NOW), as_of=NOW)


def test_what_was_won_before_a_move_stays_with_the_old_team(mirror: Mirror) -> None:
    for close, amount in ((MOVED - timedelta(days=2), 100), (MOVED + timedelta(days=1), 1000)):
        at = berlin(close - timedelta(days=20))
        deal = mirror.deal(at, amount_cents=amount, stage_name="Proposal", close_on=close)
        mirror.change(deal, berlin(close), stage_name="Closed Won")
    move_kim(mirror)
    mirror.roll_up(NOW)
    keep(mirror)
    month = Window(first=date(2026, 3, 1), last=date(2026, 3, 8), label="this month")
    people = roster(mirror)
    with reading(mirror.database) as session:
        old, new = (won_by(session, people.team(TeamId(t)), month, moment()) for t in (MARIA, NOAH))
    assert (old, new) == ((100, 1), (1000, 1))


def test_the_open_deals_of_somebody_who_moves_are_handed_over_and_received(mirror: Mirror) -> None:
    mirror.deal(berlin(MOVED - timedelta(days=20)), amount_cents=500, stage_name="Proposal")
    move_kim(mirror)
    mirror.roll_up(NOW)
    keep(mirror)
    week = Window(first=date(2026, 3, 2), last=date(2026, 3, 8), label="last week")
    people = roster(mirror)
    with reading(mirror.database) as session:
        old, new = (
            read_waterfall(session, people.team(TeamId(team)), week) for team in (MARIA, NOAH)
        )
    assert (old.start, old.handed_over, old.end) == (500, 500, 0)
    assert (new.start, new.received, new.end) == (0, 500, 500)
    assert old.is_balanced
    assert new.is_balanced


HEADER = "person,role,team,first_day,last_day\n"


def told(mirror: Mirror, path: Path, lines: str, header: str = HEADER) -> tuple[int, int]:
    path.write_text(header + lines, encoding="utf-8")
    return import_people(
        mirror.database,
        path,
        roles={"smb_ae", "mid_market_ae"},
        organisation=ORGANISATION,
        now=NOW,
    )


def test_a_file_tells_what_was_before_and_the_crm_goes_on_where_it_ends(
    mirror: Mirror, tmp_path: Path
) -> None:
    lines = (
        "kim@acme.example,mid_market_ae,noah@acme.example,2024-02-01,2025-06-30\n"
        f"{KIM},smb_ae,,2025-07-01,2025-12-31\n"
    )
    expected = [
        (date(2024, 2, 1), date(2025, 6, 30), "mid_market_ae", NOAH),
        (date(2025, 7, 1), date(2025, 12, 31), "smb_ae", None),
        (date(2026, 1, 1), None, "smb_ae", MARIA),
    ]
    assert told(mirror, tmp_path / "people.csv", lines) == (2, 1)
    assert spans(mirror) == expected
    told(mirror, tmp_path / "people.csv", lines)
    assert spans(mirror) == expected
    assert roster(mirror).reps[RepId(KIM)].started_on == date(2025, 7, 1)


def test_every_bad_line_is_named_and_nothing_is_written(mirror: Mirror, tmp_path: Path) -> None:
    lines = (
        "kim@acme.example,smb_ae,noah@acme.example,2024-02-01,2025-06-30\n"
        "kym@acme.example,smb_ea,nobody,2024-02-30,2025-06-30\n"
        "kim@acme.example,smb_ae,,2025-06-01,2025-05-01\n"
    )
    with pytest.raises(ConfigError) as refused:
        told(mirror, tmp_path / "people.csv", lines)
    said = str(refused.value).replace(f"{tmp_path}/", "")
    assert "people.csv:3: person: nobody in the CRM is called 'kym@acme.example'" in said
    assert "did you mean 'kim@acme.example'?" in said
    assert "people.csv:3: role: no role playbook called 'smb_ea'" in said
    assert "people.csv:3: team: nobody" in said
    assert "people.csv:3: first_day: '2024-02-30' is no day" in said
    assert "people.csv:4: last_day: 2025-05-01 lies before 2025-06-01" in said
    assert "people.csv:4: first_day: begins before another" in said
    assert spans(mirror) == [(JOINED, None, "smb_ae", MARIA)]


def test_many_deals_that_change_hands_on_one_day_are_a_new_territory(mirror: Mirror) -> None:
    for n in range(9):
        deal = mirror.deal(berlin(date(2026, 1, 5)), owner_id=KIM, name=f"Deal {n}")
        mirror.change(deal, berlin(MOVED), owner_id=SAM)
    mirror.deal(berlin(date(2026, 1, 5)), owner_id=SAM)
    mirror.roll_up(NOW)
    reps = roster(mirror).reps
    assert reps[RepId(SAM)].territory_since == MOVED
    assert reps[RepId(SAM)].own_past_since == MOVED
    assert reps[RepId(SAM)].started_on == JOINED
    assert reps[RepId(KIM)].territory_since == MOVED


def test_a_few_deals_that_change_hands_are_business_as_usual(mirror: Mirror) -> None:
    for n in range(9):
        deal = mirror.deal(berlin(date(2026, 1, 5)), owner_id=KIM, name=f"Deal {n}")
        if n < 4:
            mirror.change(deal, berlin(MOVED), owner_id=SAM)
    mirror.roll_up(NOW)
    assert {rep.territory_since for rep in roster(mirror).reps.values()} == {None}


def test_joining_is_dated_in_the_reps_own_days(database: Engine) -> None:
    mirror = Mirror(database, ORGANISATION)
    late = datetime(2026, 1, 1, 3, 30, tzinfo=UTC)
    mirror.person(SAM, "Sam", created_at=late, time_zone="America/New_York")
    keep(mirror)
    assert spans(mirror, SAM)[0][0] == date(2025, 12, 31)
