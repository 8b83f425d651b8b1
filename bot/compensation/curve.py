"""What a component pays at a level of attainment: tiers, a threshold, a cap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

NOTHING = Decimal(0)
WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """From ``begins`` on, each share of the quota pays ``rate`` such shares of the target pay."""

    begins: Decimal
    rate: Decimal
    #: Beyond ``begins`` the rate also holds for all that came before, which makes a cliff.
    is_retroactive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A stretch of what was measured, and the rate that it pays."""

    first: Decimal
    last: Decimal
    rate: Decimal
    is_retroactive: bool

    @property
    def amount(self) -> Decimal:
        return self.last - self.first

    @property
    def weight(self) -> Decimal:
        return self.rate * self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """A level of attainment at which the pay of one more deal changes."""

    at: Decimal
    rate_before: Decimal
    rate_after: Decimal
    #: The share of the target pay that comes all at once here.
    jump: Decimal

    @property
    def is_cliff(self) -> bool:
        return self.jump > NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    #: Ascending; the first begins at zero.
    tiers: tuple[Tier, ...] = (Tier(begins=NOTHING, rate=WHOLE),)
    #: Below this attainment nothing is paid.
    threshold: Decimal = NOTHING
    #: At most so many times the target pay.
    cap: Decimal | None = None

    def slices(self, measured: Decimal, quota: Decimal) -> Sequence[Slice]:
        """The stretches that pay, from below; empty under the threshold. No cap is taken off."""
        if measured <= NOTHING or measured < self.threshold * quota:
            return ()
        return tuple(self._slices(measured, quota))

    def _slices(self, measured: Decimal, quota: Decimal) -> Iterator[Slice]:
        starts = [tier.begins * quota for tier in self.tiers]
        reached = [n for n, start in enumerate(starts) if measured > start]
        base = max((n for n in reached if self.tiers[n].is_retroactive), default=0)
        if starts[base] > NOTHING:
            rate = self.tiers[base].rate
            yield Slice(first=NOTHING, last=starts[base], rate=rate, is_retroactive=True)
        for n in reached:
            if n >= base:
                end = starts[n + 1] if n + 1 in reached else measured
                rate = self.tiers[n].rate
                yield Slice(first=starts[n], last=end, rate=rate, is_retroactive=False)

    def pays(self, measured: Decimal, quota: Decimal) -> Decimal:
        """As a multiple of the target pay."""
        whole = sum((each.weight for each in self.slices(measured, quota)), NOTHING) / quota
        return whole if self.cap is None else min(whole, self.cap)

    def is_capped(self, measured: Decimal, quota: Decimal) -> bool:
        whole = sum((each.weight for each in self.slices(measured, quota)), NOTHING)
        return self.cap is not None and whole > self.cap * quota

    def bends(self) -> Sequence[Bend]:
        """Every kink and cliff, from below."""
        points = {tier.begins for tier in self.tiers} | {self.threshold, *self._cap_at()}
        found = [self._bend(at) for at in sorted(points - {NOTHING})]
        return tuple(each for each in found if each.jump or each.rate_before != each.rate_after)

    def _bend(self, at: Decimal) -> Bend:
        below, beyond = self._just_below(at), self._just_beyond(at)
        before = [tier.rate for tier in self.tiers if tier.begins < at][-1]
        after = [tier.rate for tier in self.tiers if tier.begins <= at][-1]
        full_from = next(self._cap_at(), None)
        is_full_before = full_from is not None and at > full_from
        is_full_after = full_from is not None and at >= full_from
        return Bend(
            at=at,
            rate_before=NOTHING if at <= self.threshold or is_full_before else before,
            rate_after=NOTHING if at < self.threshold or is_full_after else after,
            jump=beyond - below,
        )

    def _just_below(self, at: Decimal) -> Decimal:
        return NOTHING if at <= self.threshold else self.pays(at, WHOLE)

    def _just_beyond(self, at: Decimal) -> Decimal:
        """A gate opens at its level, a retroactive tier only beyond it."""
        if at < self.threshold:
            return NOTHING
        begun = next((each for each in self.tiers if each.begins == at), None)
        if begun is None or not begun.is_retroactive:
            return self.pays(at, WHOLE)
        whole = begun.rate * at
        return whole if self.cap is None else min(whole, self.cap)

    def _cap_at(self) -> Iterator[Decimal]:
        """The attainment at which the cap is reached, if it ever is."""
        if self.cap is None:
            return
        for n, tier in enumerate(self.tiers):
            end = self.tiers[n + 1].begins if n + 1 < len(self.tiers) else None
            missing = self.cap - self._just_beyond(tier.begins)
            if missing <= NOTHING:
                yield tier.begins
                return
            at = tier.begins + missing / tier.rate if tier.rate else None
            if at is not None and (end is None or at <= end):
                yield at
                return
