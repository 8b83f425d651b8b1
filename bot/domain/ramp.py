"""When a rep's ramp began, and what is fair to expect in month 2."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.light import light

DAYS_IN_MONTH = 30.4375


@light(frozen=True, slots=True, kw_only=True)
class RampClock:
    """Starts on the first day in the role, in the rep's own days, and stands still on leave."""

    started_on: date
    #: Days away, both ends included, in any order; they may overlap.
    away: tuple[tuple[date, date], ...] = ()

    def months_by(self, day: date) -> float:
        """Months of presence in the role before ``day``; 0 before it began."""
        return self.days_by(day) / DAYS_IN_MONTH

    def days_by(self, day: date) -> int:
        """Days of presence in the role before ``day``, weekends among them; 0 before it began."""
        gone = (day - self.started_on).days
        return max(0, gone - self._days_away_before(day)) if gone > 0 else 0

    def _days_away_before(self, day: date) -> int:
        counted, total = self.started_on, 0
        for first, last in sorted(self.away):
            begin, end = max(first, counted), min(last + timedelta(days=1), day)
            if begin < end:
                total += (end - begin).days
                counted = end
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class RampProfile:
    """The share of a full target that is fair at the end of month 1, 2, …; a month later all of it.

    Activity ramps before bookings do, so this one is for what leads to sales.
    """

    shares: tuple[float, ...] = (0.25, 0.5, 0.75, 1.0)

    def __post_init__(self) -> None:
        if not self.shares or any(not 0 <= share <= 1 for share in self.shares):
            raise ValueError("a ramp profile holds shares between 0 and 1")
        if list(self.shares) != sorted(self.shares):
            raise ValueError("a ramp profile does not fall")

    @property
    def months(self) -> int:
        """After so many all is asked, whatever the last share says."""
        return len(self.shares) + (self.shares[-1] < 1)

    def share_at(self, months: float) -> float:
        """Linear between the ends of months, from 0 on the first day."""
        points = (0.0, *self.shares, 1.0)
        whole = int(months)
        if whole >= self.months:
            return 1.0
        within = months - whole
        return points[whole] + (points[whole + 1] - points[whole]) * within

    def share_over(self, clock: RampClock, first: date, last: date) -> float:
        """The average share from ``first`` to ``last``."""
        begin = max(first, clock.started_on)
        if begin > last:
            return 0.0
        ends = (clock.months_by(begin), clock.months_by(last))
        if ends[0] >= self.months:
            return 1.0
        steps = 8
        points = [ends[0] + (ends[1] - ends[0]) * n / steps for n in range(steps + 1)]
        return sum(self.share_at(point) for point in points) / len(points)
