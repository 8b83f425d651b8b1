"""How long something waited, by the hours in which somebody could have seen to it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.local_days import local_day
from bot.domain.week import WEEKEND

Hours = tuple[time, time]


def minutes_between(
    begin: datetime, end: datetime, *, zone: ZoneInfo, hours: Hours | None
) -> float:
    """Minutes from one aware instant to a later one; of weekdays' ``hours`` there, or of all.

    Public holidays are weekdays here. An hour that the clocks skip is not waited, one that they
    repeat is waited twice.
    """
    if hours is None:
        return (end - begin).total_seconds() / 60
    day, last = local_day(begin, zone), local_day(end, zone)
    waited = timedelta(0)
    while day <= last:
        if day.weekday() not in WEEKEND:
            opens, shuts = (
                datetime.combine(day, each, tzinfo=zone).astimezone(UTC) for each in hours
            )
            waited += max(timedelta(0), min(shuts, end) - max(opens, begin))
        day += timedelta(days=1)
    return waited.total_seconds() / 60
