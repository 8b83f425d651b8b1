"""The story of somebody who logs calls that nobody made: many within minutes, nothing after."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from integrations.sandbox.org.activities import ActivityLog, Link
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.stories import ABOUT, JUNK_WEEKS_AGO, Kind

JUNK_CALLER = ABOUT[Kind.JUNK_ACTIVITY]
SHARE_OF_DAYS = 0.85
CALLS = (17, 27)
SECONDS_BETWEEN = (9, 24)
BEGIN, END = time(16, 30), time(16, 58)


def log_junk_calls(
    log: ActivityLog, person: Person, given_up: Sequence[tuple[datetime, str]]
) -> None:
    """Bursts at the end of most days, on leads that had been given up before."""
    scene = log.scene
    rng, calendar = scene.stream("junk"), scene.calendar(person)
    first, last = scene.timeline.monday(-JUNK_WEEKS_AGO), scene.timeline.friday(1)
    leads = [lead for since, lead in given_up if calendar.local_day(since) < first]
    for day in calendar.workdays(first, last):
        if rng.random() > SHARE_OF_DAYS:
            continue
        at = calendar.moment(day, rng, begin=BEGIN, end=END)
        for _ in range(rng.randint(*CALLS)):
            at += timedelta(seconds=rng.randint(*SECONDS_BETWEEN))
            fields: dict[str, object] = {
                "TaskSubtype": "Call",
                "Type": "Call",
                "CallType": "Outbound",
                "CallDurationInSeconds": rng.randint(0, 6),
                "CallDisposition": "No Answer",
            }
            link = Link(who=rng.choice(leads))
            log.log_task(person, day, at, subject="Call", link=link, fields=fields)
