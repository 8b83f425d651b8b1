"""Who was in which role and team on a day."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.assignments import days_away, new_roles, role_since, team_days
from bot.domain.ids import RepId, RoleKey, TeamId
from bot.domain.people import Assignment, Manager
from bot.domain.roster import Roster
from tests.domain.people import KIM

MARIA, NOAH = TeamId("maria"), TeamId("noah")
JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)
DAY = timedelta(days=1)


def held(role: str, team: TeamId, first: date, last: date | None = None) -> Assignment:
    return Assignment(rep=KIM.id, role=RoleKey(role), team=team, first_day=first, last_day=last)


def manager(team: TeamId) -> Manager:
    return Manager(
        id=team,
        name=team.title(),
        first_name=team.title(),
        email=f"{team}@acme.example",
        zone=ZoneInfo("UTC"),
        locale="en_US",
        is_active=True,
        leader=None,
    )


def roster(*past: Assignment) -> Roster:
    newest = past[-1]
    rep = replace(KIM, role=newest.role, team=newest.team, is_active=newest.last_day is None)
    return Roster(
        reps={KIM.id: rep},
        managers={MARIA: manager(MARIA), NOAH: manager(NOAH)},
        past={KIM.id: past},
    )


MOVED = roster(held("smb", MARIA, JANUARY, MARCH - DAY), held("smb", NOAH, MARCH))
PROMOTED = roster(
    held("smb", MARIA, JANUARY, MARCH - DAY),
    held("smb", NOAH, MARCH, MAY - DAY),
    held("mid", NOAH, MAY),
)


def test_a_day_before_the_move_belongs_to_the_old_team_and_one_after_to_the_new() -> None:
    old, new = MOVED.team(MARIA), MOVED.team(NOAH)
    assert (KIM.id in old.members_on(MARCH - DAY), KIM.id in old.members_on(MARCH)) == (True, False)
    assert (KIM.id in new.members_on(MARCH - DAY), KIM.id in new.members_on(MARCH)) == (False, True)
    assert old.reps == ()
    assert [rep.id for rep in MOVED.on(MARCH - DAY).team(MARIA).reps] == [KIM.id]


def test_what_is_dated_before_somebody_joined_belongs_to_their_first_team() -> None:
    assert KIM.id in MOVED.team(MARIA).members_on(JANUARY - DAY)
    assert MOVED.members(MOVED.team(MARIA), JANUARY - 9 * DAY, JANUARY - DAY) == ()


def test_members_of_a_span_are_those_who_were_there_on_any_of_its_days() -> None:
    team = MOVED.team(MARIA)
    [then] = MOVED.members(team, JANUARY, MAY)
    assert (then.id, then.team) == (KIM.id, MARIA)
    assert MOVED.members(team, MARCH, MAY) == ()


def test_a_new_manager_leaves_the_ramp_as_it_is_and_a_new_role_begins_another() -> None:
    assert MOVED.on(MAY).reps[KIM.id].started_on == JANUARY
    assert PROMOTED.on(MAY - DAY).reps[KIM.id].started_on == JANUARY
    assert PROMOTED.on(MAY).reps[KIM.id].started_on == MAY
    assert PROMOTED.on(MAY).reps[KIM.id].own_past_since == MAY


def test_who_has_left_is_inactive_afterwards_and_not_before() -> None:
    left = roster(held("smb", MARIA, JANUARY, MARCH))
    assert left.on(MARCH).reps[KIM.id].is_active
    gone = left.on(MARCH + DAY).reps[KIM.id]
    assert (gone.is_active, gone.left_on) == (False, MARCH)
    assert not left.on(JANUARY - DAY).reps[KIM.id].is_active
    assert left.teams() == []


def test_a_stay_elsewhere_pauses_the_ramp_of_the_same_role() -> None:
    past = (held("smb", MARIA, JANUARY, MARCH - DAY), held("smb", MARIA, MAY))
    assert role_since(past, MAY) == JANUARY
    assert days_away(past) == ((MARCH, MAY - DAY),)


lives = st.lists(
    st.tuples(st.integers(1, 90), st.sampled_from(["smb", "mid"]), st.sampled_from([MARIA, NOAH])),
    min_size=1,
    max_size=6,
)


@given(life=lives, probe=st.integers(0, 600))
def test_every_day_since_joining_has_one_role_and_one_team(
    life: list[tuple[int, str, TeamId]], probe: int
) -> None:
    past, first = [], JANUARY
    for length, role, team in life[:-1]:
        past.append(held(role, team, first, first + timedelta(days=length - 1)))
        first += timedelta(days=length)
    past.append(held(life[-1][1], life[-1][2], first))
    day = JANUARY + timedelta(days=probe)
    teams = [team for team in (MARIA, NOAH) for a, b in team_days(past, team) if a <= day <= b]
    then = roster(*past).on(day).reps[RepId(KIM.id)]
    assert teams == [then.team]
    assert then.started_on <= day
    assert then.started_on == JANUARY or then.started_on in new_roles(past)
