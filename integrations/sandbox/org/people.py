"""The cast with its ids and dates: who reports to whom in which role, on which day."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from integrations.sandbox.org import roster
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.roles import TITLES, Role
from integrations.sandbox.org.roster import Place, Team
from integrations.sandbox.org.workdays import SATURDAY, WorkCalendar, holidays_of, monday_of

#: Who went from one team to another, and who left; days before today.
TRANSFER = ("Noah Feldman", "smb", 152)
DEPARTURE = ("Lukas Brandt", 61)
#: Days that a fixed term lasts.
FIXED_TERM = 119


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """A place in a team, held from a day on."""

    since: date
    team: Team
    manager_id: str
    manager_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: str
    slack_id: str
    first_name: str
    last_name: str
    email: str
    place: Place
    hired: date
    #: The last day at work, for somebody who has left.
    left: date | None
    #: For leaders, managers and operations; a rep's role follows from the seating.
    fixed_role: Role | None
    fixed_title: str
    #: In time order; empty for anybody but reps.
    seatings: tuple[Seating, ...]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def handle(self) -> str:
        return self.email.partition("@")[0]

    def seating_on(self, day: date) -> Seating:
        """The seat held on this day; before the hire, the first one. Only reps hold seats."""
        held = [seating for seating in self.seatings if seating.since <= day]
        return held[-1] if held else self.seatings[0]

    def role_on(self, day: date) -> Role:
        return self.fixed_role or self.seating_on(day).team.role

    def title_on(self, day: date) -> str:
        return self.fixed_title or TITLES[self.seating_on(day).team.role]

    def works_on(self, day: date) -> bool:
        return self.hired <= day and (self.left is None or day <= self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    everyone: Mapping[str, Person]
    reps: tuple[Person, ...]
    leader: Person
    operations: Person
    #: Fixed terms that are over; they have worked here, and live by a script.
    associates: tuple[Person, ...] = ()

    def __getitem__(self, name: str) -> Person:
        return self.everyone[name]

    def manager_of(self, team: Team) -> Person:
        return self.everyone[team.manager]

    def members(self, team: Team, day: date) -> Iterator[Person]:
        """The reps who sit in this team on this day."""
        for rep in self.reps:
            if rep.works_on(day) and rep.seating_on(day).team.key == team.key:
                yield rep

    def executives(self) -> Iterator[Person]:
        """Reps who own deals, as opposed to those who find them."""
        return (rep for rep in self.reps if rep.seatings[0].team.role is not Role.SDR)

    def developers(self) -> Iterator[Person]:
        return (rep for rep in self.reps if rep.seatings[0].team.role is Role.SDR)


def plain(name: str) -> str:
    """A name in lower-case ASCII, as it stands in an address: "Zoë O'Connor" is zoe.oconnor."""
    bare = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o"))
    kept = bare.encode("ascii", "ignore").decode("ascii").lower().replace(" ", ".")
    return "".join(sign for sign in kept if sign.isalnum() or sign in ".-")


def slack_id(kind: str, number: int) -> str:
    """An id such as Slack gives: ``U`` or ``C`` for ``kind``, then ten capitals and digits."""
    return f"{kind}07PS{number:06X}"


def assemble(ledger: Ledger, today: date) -> Cast:
    """Give every seat of the roster its ids and dates, without writing anything down yet."""
    everyone: dict[str, Person] = {}
    reps: list[Person] = []
    for number, seat in enumerate(roster.SEATS, start=1):
        first_name, _, last_name = seat.name.partition(" ")
        hired = _hired(seat, today)
        is_leaver = seat.name == DEPARTURE[0]
        person = Person(
            id=ledger.reserve("User"),
            slack_id=slack_id("U", 0xA1B0 + 37 * number),
            first_name=first_name,
            last_name=last_name,
            email=f"{plain(seat.name)}@{roster.DOMAIN}",
            place=seat.place,
            hired=hired,
            left=_weekday(today - timedelta(days=DEPARTURE[1])) if is_leaver else None,
            fixed_role=seat.role,
            fixed_title=seat.title,
            seatings=() if seat.role else _seatings(seat, hired, today, everyone),
        )
        everyone[person.name] = person
        if not seat.role:
            reps.append(person)
    return Cast(
        everyone=everyone,
        reps=tuple(reps),
        leader=everyone[roster.LEADER],
        operations=everyone[roster.OPERATIONS],
        associates=tuple(_associates(ledger, today, everyone)),
    )


def _hired(seat: roster.Seat, today: date) -> date:
    if seat.working_day is None:
        return _weekday(today - timedelta(days=seat.hired_days_ago))
    years = range(today.year - 1, today.year + 1)
    free = holidays_of(seat.place.country, seat.place.subdivision, years)
    calendar = WorkCalendar(zone=ZoneInfo(seat.place.zone), holidays=free, leave=frozenset())
    return calendar.shift(calendar.on_or_after(today), 1 - seat.working_day)


def _associates(ledger: Ledger, today: date, everyone: Mapping[str, Person]) -> Iterator[Person]:
    """Without a Slack account, since they have left; the programme was the leader's own."""
    leader = everyone[roster.LEADER]
    for name, days_ago in roster.ASSOCIATES:
        first_name, _, last_name = name.partition(" ")
        hired = _weekday(today - timedelta(days=days_ago))
        seat = roster.Seat(name=name, team="smb", place=roster.NEW_YORK, hired_days_ago=days_ago)
        yield Person(
            id=ledger.reserve("User"),
            slack_id="",
            first_name=first_name,
            last_name=last_name,
            email=f"{plain(name)}@{roster.DOMAIN}",
            place=seat.place,
            hired=hired,
            left=_weekday(hired + timedelta(days=FIXED_TERM)),
            fixed_role=None,
            fixed_title="",
            seatings=tuple(
                replace(seating, manager_id=leader.id, manager_name=leader.name)
                for seating in _seatings(seat, hired, today, everyone)
            ),
        )


def _seatings(
    seat: roster.Seat, hired: date, today: date, everyone: Mapping[str, Person]
) -> tuple[Seating, ...]:
    steps = [(hired, seat.team)]
    mover, first_team, days_ago = TRANSFER
    if seat.name == mover:
        steps = [(hired, first_team), (_weekday(today - timedelta(days=days_ago)), seat.team)]
    teams = {team.key: team for team in roster.TEAMS}
    return tuple(
        Seating(
            since=since,
            team=teams[key],
            manager_id=everyone[teams[key].manager].id,
            manager_name=teams[key].manager,
        )
        for since, key in steps
    )


def _weekday(day: date) -> date:
    """This day or, on a weekend, the Monday after it."""
    return day if day.weekday() < SATURDAY else monday_of(day) + timedelta(weeks=1)
