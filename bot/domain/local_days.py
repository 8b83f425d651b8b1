"""From an instant to the day it was for the person concerned."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The day of ``instant`` in ``zone``; an instant at exactly midnight UTC is a date in disguise.

    Data loaders write a date as midnight UTC, and shifting that by a zone would move every imported
    record to the day before for half of the world. A real record is stamped in that very second
    once in 86,400 times, and then is a day late by some hours.
    """
    utc = instant.astimezone(UTC)
    if utc.time() == time(0):
        return utc.date()
    return utc.astimezone(zone).date()
