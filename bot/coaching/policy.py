"""A team's limits: caps, cooldowns, quiet hours, holdout share."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.week import ALL_DAYS, WEEKEND


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When nudges may not arrive: from evening to morning and on days off, where the rep lives."""

    begin: time = time(17, 30)
    end: time = time(8, 30)

    def __post_init__(self) -> None:
        if not self.end < self.begin:
            raise ValueError("quiet hours begin in the evening and end in the morning")

    def over_at(
        self, now: datetime, zone: ZoneInfo, *, works: frozenset[int] = ALL_DAYS - WEEKEND
    ) -> datetime:
        """The first instant at or after ``now`` that is not quiet in ``zone``.

        ``works`` are the days of the week on which the person works.
        """
        local = now.astimezone(zone)
        if local.weekday() in works and self.end <= local.time() < self.begin:
            return now
        morning = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        while morning.weekday() not in works:
            morning += timedelta(days=1)
        return datetime.combine(morning, self.end, tzinfo=zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    nudges_per_day: int = 1
    nudges_per_week: int = 3
    urgent_per_day: int = 5
    quiet_hours: QuietHours = QuietHours()
    #: Share of eligible proposals withheld on purpose, 0..1.
    holdout_share: float = 0.0
    #: During the first working days only the onboarding programme speaks.
    settling_in_working_days: int = 10
    #: Whoever does well hears so many nudges a week, ...
    light_touch_per_week: int = 1
    #: ... and of what is no praise only about deals, from this priority on: half of a usual deal in
    #: its last stage, as far as it is certain and can be helped.
    light_touch_from_priority: float = 0.25
    #: Whoever finds their feet hears so many a week, and none while one is open for fewer days.
    simple_touch_per_week: int = 2
    simple_touch_open_days: int = 3
    is_stopped: bool = False
    #: Everything is judged as if it were live, and only admins are shown what would have been said.
    is_in_shadow: bool = False
    rules_off: frozenset[str] = frozenset()
    rules_in_shadow: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0 <= self.holdout_share < 1:
            raise ValueError(f"holdout share {self.holdout_share} does not lie in [0, 1)")
