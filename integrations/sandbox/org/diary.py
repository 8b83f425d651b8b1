"""What stands in calendars besides customers: 1:1s, team meetings, leave, conferences."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from integrations.sandbox.org.absences import Absence
from integrations.sandbox.org.activities import ActivityLog, Link
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.roster import TEAMS, Team
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.stories import CONFERENCE_TEAM, kickoff_weeks
from integrations.sandbox.org.workdays import later

#: The manager without 1:1s begins in this week from now.
LATE_START_WEEKS = 3
SKIPPED_SHARE = 0.06
REVIEW_START = time(9, 30)


def write_diaries(log: ActivityLog) -> None:
    """All events that no customer takes part in."""
    for team in TEAMS:
        manager = log.scene.cast.manager_of(team)
        for rep in log.scene.cast.reps:
            if any(seating.team.key == team.key for seating in rep.seatings):
                _hold_one_on_ones(log, team, manager, rep)
        _hold_reviews(log, team, manager)
    for absence in log.scene.absences:
        if absence.is_logged:
            _write_absence(log, absence)
    for person, first, last, subject in _gatherings(log.scene):
        _write_all_day(log, person, first, last, subject=subject, show_as="Busy", ahead=25)


def _hold_one_on_ones(log: ActivityLog, team: Team, manager: Person, rep: Person) -> None:
    scene = log.scene
    rng = scene.stream("one-on-one", manager.handle, rep.handle)
    weekday, start = rng.randint(1, 3), _shared_hour(scene, manager, rep)
    phase = rng.randint(0, 1)
    week, number = scene.first_day, phase
    if team.one_on_one_weeks is None:
        week = scene.timeline.monday(LATE_START_WEEKS)
    while week <= scene.last_day:
        day, number = week + timedelta(days=weekday), number + 1
        week += timedelta(weeks=1)
        is_due = number % (team.one_on_one_weeks or 1) == 0 and _both_in(scene, manager, rep, day)
        if not is_due or rep.seating_on(day).team.key != team.key or rng.random() < SKIPPED_SHARE:
            continue
        calendar = scene.calendar(manager)
        booked_on = calendar.shift(day, -5)
        if booked_on <= rep.hired:
            continue
        booked_at = calendar.moment(booked_on, rng)
        event = log.book_meeting(
            manager,
            booked_at,
            starts_at=calendar.instant(day, start),
            minutes=30,
            subject=f"1:1 with {rep.name}",
            link=Link(),
            is_internal=True,
        )
        _invite(log, manager, rep, event, later(booked_at, 1))


def _invite(log: ActivityLog, manager: Person, rep: Person, event: str, at: datetime) -> None:
    invitation = {
        "EventId": event,
        "RelationId": rep.id,
        "IsInvitee": True,
        "IsParent": False,
        "IsWhat": False,
        "Status": "Accepted",
    }
    log.ledger.create("EventRelation", at, invitation, by=manager.id)


def _both_in(scene: Scene, manager: Person, rep: Person, day: date) -> bool:
    return (
        rep.works_on(day)
        and scene.calendar(manager).is_workday(day)
        and scene.calendar(rep).is_workday(day)
    )


def _shared_hour(scene: Scene, manager: Person, rep: Person) -> time:
    """A local time of the manager at which the rep is at work too, as near to noon as can be."""
    day = scene.today
    for hour in (11, 10, 13, 14, 15, 9, 16):
        instant = scene.calendar(manager).instant(day, time(hour, 30))
        local = instant.astimezone(scene.calendar(rep).zone).time()
        if time(9) <= local <= time(16, 30):
            return time(hour, 30)
    return time(16, 30)


def _hold_reviews(log: ActivityLog, team: Team, manager: Person) -> None:
    """The weekly team meeting."""
    scene = log.scene
    calendar, rng = scene.calendar(manager), scene.stream("review", manager.handle)
    day = scene.first_day
    while day <= scene.last_day:
        if calendar.is_workday(day):
            booked_at = calendar.moment(calendar.shift(day, -5), rng)
            log.book_meeting(
                manager,
                booked_at,
                starts_at=calendar.instant(day, REVIEW_START),
                minutes=45,
                subject=f"Pipeline review {team.name}",
                link=Link(),
                is_internal=True,
            )
        day += timedelta(weeks=1)


def _write_absence(log: ActivityLog, absence: Absence) -> None:
    _write_all_day(
        log,
        absence.person,
        absence.first_day,
        absence.last_day,
        subject="Out of office",
        show_as="OutOfOffice",
        ahead=16,
    )


def _gatherings(scene: Scene) -> Iterator[tuple[Person, date, date, str]]:
    conference = (scene.timeline.monday(-1), scene.timeline.friday(-1))
    for rep in scene.cast.reps:
        if (
            rep.works_on(conference[0])
            and rep.seating_on(conference[0]).team.key == CONFERENCE_TEAM
        ):
            yield rep, *conference, "SaaS Summit (conference)"
        for first, last in kickoff_weeks(scene.today, scene.last_day):
            if scene.first_day <= first and last <= scene.last_day and rep.works_on(first):
                yield rep, first, last, "Sales kick-off"


def _write_all_day(
    log: ActivityLog,
    person: Person,
    first: date,
    last: date,
    *,
    subject: str,
    show_as: str,
    ahead: int,
) -> None:
    """All-day events begin and end at midnight UTC, whatever the zone: so Salesforce stores them.

    The end is the midnight at which the last day begins.
    """
    calendar = log.scene.calendar(person)
    rng = log.scene.stream("all-day", person.handle, f"{first}")
    entered_on = max(calendar.shift(first, -ahead), calendar.on_or_after(person.hired))
    log.ledger.create(
        "Event",
        calendar.moment(entered_on, rng),
        {
            "OwnerId": person.id,
            "Subject": subject,
            "WhoId": None,
            "WhatId": None,
            "StartDateTime": datetime.combine(first, time(), tzinfo=UTC),
            "EndDateTime": datetime.combine(last, time(), tzinfo=UTC),
            "ActivityDateTime": None,
            "ActivityDate": first,
            "DurationInMinutes": 1440 * ((last - first).days + 1),
            "IsAllDayEvent": True,
            "IsPrivate": False,
            "IsGroupEvent": False,
            "IsChild": False,
            "ShowAs": show_as,
            "EventSubtype": "Event",
            "Location": None,
        },
        by=person.id,
    )
