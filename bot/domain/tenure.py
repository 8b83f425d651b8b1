"""Peers, like for like: the same role and about as long in it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.ids import RepId, RoleKey
from bot.domain.people import Rep


@dataclass(frozen=True, slots=True, kw_only=True)
class TenureBands:
    """How long in the role makes people alike."""

    #: Months at which a band ends and the next begins: ramping, first year, after.
    months: tuple[float, ...] = (4, 12)
    #: A band of fewer people says too little; the whole role is then their measure.
    fewest: int = 5

    def __post_init__(self) -> None:
        if list(self.months) != sorted(set(self.months)):
            raise ValueError("tenure bands follow one another")

    def band_of(self, months: float) -> int:
        return bisect_right(self.months, months)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerGroup:
    """Those who are judged, and those whom they are compared with (themselves among them)."""

    role: RoleKey
    judged: frozenset[RepId]
    #: In the order in which the people were given.
    peers: tuple[RepId, ...]


def group_peers(
    people: Iterable[Rep], *, months: Mapping[RepId, float], bands: TenureBands
) -> tuple[PeerGroup, ...]:
    """Every rep is judged in exactly one group."""
    by_role: dict[RoleKey, list[RepId]] = defaultdict(list)
    by_band: dict[tuple[RoleKey, int], list[RepId]] = defaultdict(list)
    for rep in people:
        by_role[rep.role].append(rep.id)
        by_band[rep.role, bands.band_of(months[rep.id])].append(rep.id)
    groups = []
    for role, everybody in by_role.items():
        rest = set(everybody)
        for (of_role, _), alike in by_band.items():
            if of_role == role and len(alike) >= bands.fewest:
                rest -= set(alike)
                groups.append(PeerGroup(role=role, judged=frozenset(alike), peers=tuple(alike)))
        if rest:
            groups.append(PeerGroup(role=role, judged=frozenset(rest), peers=tuple(everybody)))
    return tuple(groups)
