"""How a call, an e-mail, a to-do or a meeting is written down as a Task or an Event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from integrations.sandbox.org.deal_records import Touch
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.scene import Scene

LATE_EVENING = time(9, 25)
MISSES = ("No Answer", "No Answer", "Left Voicemail", "Left Voicemail", "Busy", "Wrong Number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Whom an activity is about, and what."""

    who: str | None = None
    #: A deal or an account.
    what: str | None = None
    account: str | None = None
    deal: str | None = None


@dataclass(slots=True, kw_only=True)
class ActivityLog:
    """Writes activities and remembers which deals they touched."""

    scene: Scene
    ledger: Ledger
    touches: list[Touch] = field(default_factory=list)

    def log_call(
        self,
        rng: Random,
        owner: Person,
        day: date,
        at: datetime,
        *,
        link: Link,
        odds: float,
        subject: str,
    ) -> str:
        """A call that reached somebody with these odds."""
        if rng.random() < odds:
            disposition, seconds = "Connected", round(rng.lognormvariate(5.3, 0.6)) + 45
        else:
            disposition, seconds = rng.choice(MISSES), rng.randint(4, 48)
        fields = {
            "TaskSubtype": "Call",
            "Type": "Call",
            "CallType": "Outbound",
            "CallDurationInSeconds": seconds,
            "CallDisposition": disposition,
        }
        return self.log_task(owner, day, at, subject=subject, link=link, fields=fields)

    def log_email(self, owner: Person, day: date, at: datetime, *, link: Link, subject: str) -> str:
        fields = {"TaskSubtype": "Email", "Type": "Email"}
        return self.log_task(owner, day, at, subject=subject, link=link, fields=fields)

    def log_task(
        self,
        owner: Person,
        day: date,
        at: datetime,
        *,
        subject: str,
        link: Link,
        fields: Mapping[str, object],
    ) -> str:
        """A task done on ``day`` and written down, closed already, at ``at``."""
        if link.deal:
            self.touches.append((link.deal, at, day))
        return self.ledger.create(
            "Task",
            at,
            {
                "OwnerId": owner.id,
                "Subject": subject,
                "Status": "Completed",
                "IsClosed": True,
                "Priority": "Normal",
                "IsHighPriority": False,
                "ActivityDate": day,
                "CompletedDateTime": at,
                "WhoId": link.who,
                "WhatId": link.what,
                "AccountId": link.account,
                **fields,
            },
            by=owner.id,
        )

    def plan_task(self, owner: Person, at: datetime, *, due: date, subject: str, link: Link) -> str:
        """A to-do that is still open."""
        return self.ledger.create(
            "Task",
            at,
            {
                "OwnerId": owner.id,
                "Subject": subject,
                "Status": "Not Started",
                "IsClosed": False,
                "Priority": "Normal",
                "IsHighPriority": False,
                "ActivityDate": due,
                "CompletedDateTime": None,
                "WhoId": link.who,
                "WhatId": link.what,
                "AccountId": link.account,
                "TaskSubtype": "Task",
                "Type": "Other",
            },
            by=owner.id,
        )

    def complete_task(self, task: str, at: datetime, *, due: date, link: Link) -> None:
        """Close a planned to-do; Salesforce counts it as activity of the day it was due."""
        if link.deal:
            self.touches.append((link.deal, at, due))
        done = {"Status": "Completed", "IsClosed": True, "CompletedDateTime": at}
        self.ledger.set("Task", task, at, done)

    def book_meeting(
        self,
        owner: Person,
        booked_at: datetime,
        *,
        starts_at: datetime,
        minutes: int,
        subject: str,
        link: Link,
        is_internal: bool = False,
    ) -> str:
        """A meeting in the calendar; it counts as held once it has ended."""
        ends_at = starts_at + timedelta(minutes=minutes)
        if link.deal:
            day = self.scene.calendar(owner).local_day(starts_at)
            self.touches.append((link.deal, ends_at, day))
        return self.ledger.create(
            "Event",
            booked_at,
            {
                "OwnerId": owner.id,
                "Subject": subject,
                "WhoId": link.who,
                "WhatId": link.what,
                "AccountId": link.account,
                "StartDateTime": starts_at,
                "EndDateTime": ends_at,
                "ActivityDateTime": starts_at,
                "ActivityDate": self.scene.calendar(owner).local_day(starts_at),
                "DurationInMinutes": minutes,
                "IsAllDayEvent": False,
                "IsPrivate": False,
                "IsGroupEvent": is_internal,
                "IsChild": False,
                "ShowAs": "Busy",
                "EventSubtype": "Event",
                "Location": None if is_internal else "Zoom",
            },
            by=owner.id,
        )

    def when_logged(self, rng: Random, owner: Person, day: date, *, late_share: float) -> datetime:
        """During the day itself or, for a share of them, first thing on a later working day."""
        calendar = self.scene.calendar(owner)
        if rng.random() >= late_share:
            return calendar.moment(day, rng)
        later = calendar.shift(day, rng.choice((1, 1, 1, 2)))
        if owner.left and later > owner.left:
            return calendar.moment(day, rng)
        return calendar.moment(later, rng, end=LATE_EVENING)


def late_share(scene: Scene, person: Person) -> float:
    """The rep's habit of writing activities down only on a later day."""
    return scene.stream("late", person.handle).uniform(0.02, 0.12)
