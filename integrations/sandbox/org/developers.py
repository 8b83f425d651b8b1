"""The days of sales development reps: leads come in, are worked in touches, and end somehow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random

from integrations.sandbox.org import names
from integrations.sandbox.org.activities import ActivityLog, Link, late_share
from integrations.sandbox.org.chance import poisson, spread
from integrations.sandbox.org.deals import WORKDAYS_A_WEEK, Deal
from integrations.sandbox.org.junk import JUNK_CALLER, log_junk_calls
from integrations.sandbox.org.people import Person, plain
from integrations.sandbox.org.roles import SDR_PACE
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.stories import Work
from integrations.sandbox.org.workdays import later

INBOUND_SHARE = 0.3
CONNECT_ODDS = 0.11
#: Median minutes until somebody turns to a lead that came in by itself.
RESPONSE_MINUTES = 42
NOON, LAST_ARRIVAL = time(12), time(15, 40)
CLOSING = time(17, 40)
PARTS_OF_NAMES = ("Trading", "Works", "Systems", "Group", "Labs", "Supply", "Services")


@dataclass(slots=True, kw_only=True)
class LeadLife:
    """A lead while it is being worked."""

    id: str
    created_at: datetime
    is_inbound: bool
    patience: int
    #: The deal that it is going to become.
    deal: Deal | None = None
    touches: int = 0
    activities: list[tuple[str, str, datetime]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class DeveloperDays:
    """Lives through the days of one development rep."""

    log: ActivityLog
    person: Person
    #: Deals that will come from this rep's leads.
    deals: Sequence[Deal]
    rng: Random
    late: float
    pool: list[LeadLife] = field(default_factory=list)
    given_up: list[tuple[datetime, str]] = field(default_factory=list)

    @property
    def scene(self) -> Scene:
        return self.log.scene

    def live(self) -> None:
        calendar = self.scene.calendar(self.person)
        start = max(self.scene.first_day, self.person.hired)
        arriving = sorted(
            self.deals, key=lambda deal: (deal.lead is not None and deal.lead.created, deal.id)
        )
        for day in calendar.workdays(start, self.scene.last_day):
            self._convert_due(calendar.instant(day, time(8)))
            while arriving and arriving[0].lead and arriving[0].lead.created <= day:
                self._add_lead(day, arriving.pop(0))
            for _ in range(self._many(SDR_PACE.new_leads_a_week / WORKDAYS_A_WEEK, day)):
                self._add_lead(day, None)
            for _ in range(self._many(SDR_PACE.touches_a_day, day)):
                self._touch(day)
            if self.rng.random() < self._meeting_odds(day):
                self._meet_in_vain(day)
        self._convert_due(calendar.instant(self.scene.last_day, time(23)))

    def _many(self, a_day: float, day: date) -> int:
        factor = self.scene.effort.factor(self.person, Work.PROSPECTING, day)
        return poisson(self.rng, a_day * factor)

    def _meeting_odds(self, day: date) -> float:
        factor = self.scene.effort.factor(self.person, Work.MEETINGS, day)
        return SDR_PACE.fruitless_meetings_a_week / WORKDAYS_A_WEEK * factor

    def _add_lead(self, day: date, deal: Deal | None) -> None:
        is_inbound = deal.source == "Inbound" if deal else self.rng.random() < INBOUND_SHARE
        at = self.scene.calendar(self.person).moment(day, self.rng, end=LAST_ARRIVAL)
        fields = self._described(deal, is_inbound=is_inbound)
        lead = self.log.ledger.create(
            "Lead", at, fields, by=self.person.id, id=deal.lead.id if deal and deal.lead else None
        )
        self.pool.append(
            LeadLife(
                id=lead,
                created_at=at,
                is_inbound=is_inbound,
                patience=self.rng.randint(*SDR_PACE.patience),
                deal=deal,
            )
        )
        if deal:
            self._meet_before(deal, self.pool[-1])

    def _described(self, deal: Deal | None, *, is_inbound: bool) -> dict[str, object]:
        first_name, last_name = names.person_name(self.rng)
        title = self.rng.choice(names.JOB_TITLES)
        company = f"{self.rng.choice(names.LAST_NAMES)} {self.rng.choice(PARTS_OF_NAMES)}"
        if deal and deal.lead:
            first_name, last_name = deal.lead.first_name, deal.lead.last_name
            title, company = deal.lead.title, deal.company
        site = plain(company).replace(".", "")
        return {
            "OwnerId": self.person.id,
            "FirstName": first_name,
            "LastName": last_name,
            "Name": f"{first_name} {last_name}",
            "Title": title,
            "Company": company,
            "Email": f"{plain(first_name)}.{plain(last_name)}@{site}.example",
            "LeadSource": "Inbound" if is_inbound else "Outbound SDR",
            "Status": "New",
            "IsConverted": False,
            "ConvertedDate": None,
            "ConvertedAccountId": None,
            "ConvertedContactId": None,
            "ConvertedOpportunityId": None,
        }

    def _touch(self, day: date) -> None:
        lead = self._next_lead()
        if lead is None:
            return
        at = self._touch_time(day, lead)
        if at is None or (lead.deal and at >= lead.deal.created_at):
            return
        link = Link(who=lead.id)
        if self.rng.random() < SDR_PACE.share_of_calls:
            task = self.log.log_call(
                self.rng, self.person, day, at, link=link, odds=CONNECT_ODDS, subject="Call"
            )
        else:
            subject = self.rng.choice(names.PROSPECTING_EMAILS).format(company="your team")
            task = self.log.log_email(self.person, day, at, link=link, subject=subject)
        lead.activities.append(("Task", task, at))
        lead.touches += 1
        if lead.touches == 1:
            self.log.ledger.set("Lead", lead.id, at, {"Status": "Working"})
        if lead.touches >= lead.patience and lead.deal is None:
            given_up = later(at, self.rng.randint(30, 300))
            self.log.ledger.set("Lead", lead.id, given_up, {"Status": "Unqualified"})
            self.pool.remove(lead)
            self.given_up.append((given_up, lead.id))

    def _next_lead(self) -> LeadLife | None:
        """Whoever came in by themselves and waits, then anybody."""
        waiting = [lead for lead in self.pool if lead.touches == 0 and lead.is_inbound]
        if waiting:
            return waiting[0]
        return self.rng.choice(self.pool) if self.pool else None

    def _touch_time(self, day: date, lead: LeadLife) -> datetime | None:
        calendar = self.scene.calendar(self.person)
        at = self.log.when_logged(self.rng, self.person, day, late_share=self.late)
        if lead.touches == 0 and calendar.local_day(lead.created_at) == day:
            minutes = spread(self.rng, RESPONSE_MINUTES, 0.8)
            at = later(lead.created_at, round(minutes * 60) + 1)
            return at if at < calendar.instant(day, CLOSING) else None
        return at if at > lead.created_at else None

    def _meet_before(self, deal: Deal, lead: LeadLife) -> None:
        """The first meeting, without which the lead would not have become a deal."""
        calendar = self.scene.calendar(self.person)
        converted_on = calendar.local_day(deal.created_at)
        created_on = calendar.local_day(lead.created_at)
        day = calendar.shift(converted_on, -self.rng.randint(1, 3))
        if day <= created_on:
            return
        booked_on = calendar.on_or_after(created_on + (day - created_on) // 2)
        self._book(lead, max(booked_on, calendar.shift(created_on, 1)), day)

    def _meet_in_vain(self, day: date) -> None:
        calendar = self.scene.calendar(self.person)
        booked_on = calendar.shift(day, -self.rng.randint(2, 6))
        known = [
            lead
            for lead in self.pool
            if lead.deal is None and calendar.local_day(lead.created_at) < booked_on
        ]
        if known:
            self._book(self.rng.choice(known), booked_on, day)

    def _book(self, lead: LeadLife, booked_on: date, day: date) -> None:
        calendar = self.scene.calendar(self.person)
        booked_at = calendar.moment(booked_on, self.rng, end=NOON)
        starts_at = calendar.instant(day, time(self.rng.randint(13, 14), self.rng.choice((0, 30))))
        if booked_at <= lead.created_at or booked_at >= starts_at:
            return
        event = self.log.book_meeting(
            self.person,
            booked_at,
            starts_at=starts_at,
            minutes=30,
            subject="Intro call",
            link=Link(who=lead.id),
        )
        lead.activities.append(("Event", event, booked_at))

    def _convert_due(self, now: datetime) -> None:
        for lead in [lead for lead in self.pool if lead.deal and lead.deal.created_at < now]:
            self.pool.remove(lead)
            self._convert(lead)

    def _convert(self, lead: LeadLife) -> None:
        """Activities move along from the lead to the new contact, as in Salesforce."""
        deal = lead.deal
        if deal is None:
            return
        contact = deal.stakeholders[0].contact.id
        at = deal.created_at
        self.log.ledger.set(
            "Lead",
            lead.id,
            at,
            {
                "Status": "Qualified",
                "IsConverted": True,
                "ConvertedDate": self.scene.calendar(self.person).local_day(at),
                "ConvertedAccountId": deal.account_id,
                "ConvertedContactId": contact,
                "ConvertedOpportunityId": deal.id,
            },
        )
        for sobject, record, logged_at in lead.activities:
            if logged_at < at:
                moved = {"WhoId": contact, "AccountId": deal.account_id}
                self.log.ledger.set(sobject, record, later(at, 2), moved)


def live_developer_days(log: ActivityLog, deals: Iterable[Deal]) -> None:
    """All sales development reps, one after the other; one of them logs junk on old leads."""
    found: dict[str, list[Deal]] = {rep.id: [] for rep in log.scene.cast.developers()}
    for deal in deals:
        if deal.lead:
            found[deal.lead.finder.id].append(deal)
    for person in log.scene.cast.developers():
        days = DeveloperDays(
            log=log,
            person=person,
            deals=found[person.id],
            rng=log.scene.stream("days", person.handle),
            late=late_share(log.scene, person),
        )
        days.live()
        if person.name == JUNK_CALLER:
            log_junk_calls(log, person, days.given_up)
