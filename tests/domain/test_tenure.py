"""Peers are like for like, and a band that is too small has the whole role for its measure."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import RepId, RoleKey
from bot.domain.people import Rep
from bot.domain.tenure import TenureBands, group_peers
from tests.domain.people import KIM

BANDS = TenureBands(months=(4, 12), fewest=2)


def rep(name: str, role: str = "ae") -> Rep:
    return replace(KIM, id=RepId(name), role=RoleKey(role))


@pytest.mark.parametrize(("months", "band"), [(0, 0), (3.9, 0), (4, 1), (11, 1), (12, 2), (90, 2)])
def test_a_band_begins_with_its_month(months: float, band: int) -> None:
    assert BANDS.band_of(months) == band


@pytest.mark.parametrize("months", [(12, 4), (4, 4)])
def test_bands_follow_one_another(months: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="follow"):
        TenureBands(months=months)


def test_newcomers_are_compared_with_newcomers_and_veterans_with_veterans() -> None:
    months = dict.fromkeys(map(RepId, "ab"), 1.0) | dict.fromkeys(map(RepId, "cd"), 30.0)
    groups = group_peers(map(rep, "abcd"), months=months, bands=BANDS)
    assert {group.peers for group in groups} == {("a", "b"), ("c", "d")}


def test_a_lone_newcomer_is_compared_with_the_role_and_does_not_join_the_veterans() -> None:
    months = {RepId("a"): 1.0, RepId("c"): 30.0, RepId("d"): 30.0}
    groups = group_peers(map(rep, "acd"), months=months, bands=BANDS)
    assert {(group.judged, group.peers) for group in groups} == {
        (frozenset("cd"), ("c", "d")),
        (frozenset("a"), ("a", "c", "d")),
    }


@given(
    people=st.lists(st.tuples(st.sampled_from(["ae", "sdr"]), st.floats(0, 60)), max_size=12),
    fewest=st.integers(2, 6),
)
def test_everybody_is_judged_once_and_among_people_of_their_role(
    people: list[tuple[str, float]], fewest: int
) -> None:
    reps = [rep(str(n), role) for n, (role, _) in enumerate(people)]
    months = {RepId(str(n)): each for n, (_, each) in enumerate(people)}
    groups = group_peers(reps, months=months, bands=TenureBands(fewest=fewest))
    judged = [one for group in groups for one in group.judged]
    assert sorted(judged) == sorted(each.id for each in reps)
    roles = {each.id: each.role for each in reps}
    for group in groups:
        assert {roles[peer] for peer in group.peers} == {group.role}
        assert group.judged <= set(group.peers)
