"""The days of account executives: work on deals, prospecting, meetings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from integrations.sandbox.org import names
from integrations.sandbox.org.accounts import Account
from integrations.sandbox.org.activities import ActivityLog, Link, late_share
from integrations.sandbox.org.chance import poisson, steady
from integrations.sandbox.org.deals import WORKDAYS_A_WEEK, Deal
from integrations.sandbox.org.effort import STORY_NAMES
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.roles import PACES, STAGES
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.stories import Work

DEAL_CALL_SHARE = 0.42
DEAL_CONNECT_ODDS = 0.62
PROSPECT_CALL_SHARE = 0.6
PROSPECT_CONNECT_ODDS = 0.14
MEETING_ON_DEAL_SHARE = 0.78
CANCELLED_SHARE = 0.05
#: Half-hour slots, counted from nine; the last meeting ends at half past three.
LAST_SLOT = 11
#: So many open deals keep an executive as busy as the pace says.
USUAL_DEALS = 4
#: A new hire does not sell yet in these days, and the accounts are still being handed over.
FIRST_DAYS = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A stretch of time during which somebody owned an open deal."""

    deal: Deal
    since: datetime
    until: datetime


@dataclass(slots=True, kw_only=True)
class ExecutiveDays:
    """Lives through one executive's days and logs what is done."""

    log: ActivityLog
    person: Person
    book: Sequence[Account]
    held: Sequence[_Held]
    rng: Random
    late: float
    last_touch: dict[str, date] = field(default_factory=dict)

    @property
    def scene(self) -> Scene:
        return self.log.scene

    def live(self) -> None:
        calendar = self.scene.calendar(self.person)
        start = max(self.scene.first_day, self.person.hired + FIRST_DAYS)
        for day in calendar.workdays(start, self.person.left or self.scene.last_day):
            pace = PACES[self.person.role_on(day)]
            open_deals = self._open_deals(day)
            busy = min(1.3, 0.6 + 0.4 * len(open_deals) / USUAL_DEALS)
            for _ in range(self._many(pace.deal_touches_a_week * busy, Work.DEAL_WORK, day)):
                self._touch_deal(day, open_deals)
            for _ in range(self._many(pace.prospecting_a_week, Work.PROSPECTING, day)):
                self._prospect(day, open_deals)
            slots = self.rng.sample(range(LAST_SLOT), k=LAST_SLOT)
            for _ in range(self._many(pace.meetings_a_week * max(0.85, busy), Work.MEETINGS, day)):
                self._meet(day, open_deals, slots.pop())

    def _many(self, a_week: float, work: Work, day: date) -> int:
        factor = self.scene.effort.factor(self.person, work, day)
        # Whoever carries a story is spared the luck that could hide it.
        draw = steady if self.person.name in STORY_NAMES else poisson
        return min(LAST_SLOT, draw(self.rng, a_week / WORKDAYS_A_WEEK * factor))

    def _open_deals(self, day: date) -> list[_Held]:
        """What the executive can work on all day long: held before it began, and after it."""
        calendar = self.scene.calendar(self.person)
        morning, evening = calendar.instant(day, time(8)), calendar.instant(day, time(18))
        return [
            held
            for held in self.held
            if held.since < morning and held.until > evening and not held.deal.sleeps_on(day)
        ]

    def _choose(self, day: date, open_deals: Sequence[_Held]) -> _Held:
        """Deals that were not touched for long come first."""
        weights = [
            (1 + (day - self.last_touch.get(held.deal.id, day - timedelta(days=5))).days) ** 1.7
            for held in open_deals
        ]
        held = self.rng.choices(open_deals, weights)[0]
        self.last_touch[held.deal.id] = day
        return held

    def _link(self, deal: Deal, day: date) -> Link:
        morning = self.scene.calendar(self.person).instant(day, time(8))
        known = [person for person in deal.stakeholders if person.joined_at < morning]
        who = self.rng.choice(known or deal.stakeholders[:1]).contact.id
        return Link(who=who, what=deal.id, account=deal.account_id, deal=deal.id)

    def _touch_deal(self, day: date, open_deals: Sequence[_Held]) -> None:
        if not open_deals:
            return
        link = self._link(self._choose(day, open_deals).deal, day)
        at = self.log.when_logged(self.rng, self.person, day, late_share=self.late)
        if self.rng.random() < DEAL_CALL_SHARE:
            subject = self.rng.choice(names.CALL_SUBJECTS)
            self.log.log_call(
                self.rng, self.person, day, at, link=link, odds=DEAL_CONNECT_ODDS, subject=subject
            )
        else:
            subject = self.rng.choice(names.EMAIL_SUBJECTS)
            self.log.log_email(self.person, day, at, link=link, subject=subject)

    def _prospect(self, day: date, open_deals: Sequence[_Held]) -> None:
        busy = {held.deal.account_id for held in open_deals}
        account = self.rng.choice(self.book)
        if account.id in busy:
            return
        contact = self.rng.choice(account.contacts)
        link = Link(who=contact.id, what=account.id, account=account.id)
        at = self.log.when_logged(self.rng, self.person, day, late_share=self.late)
        if self.rng.random() < PROSPECT_CALL_SHARE:
            self.log.log_call(
                self.rng,
                self.person,
                day,
                at,
                link=link,
                odds=PROSPECT_CONNECT_ODDS,
                subject="Call: prospecting",
            )
        else:
            subject = self.rng.choice(names.PROSPECTING_EMAILS).format(company=account.name)
            self.log.log_email(self.person, day, at, link=link, subject=subject)

    def _meet(self, day: date, open_deals: Sequence[_Held], slot: int) -> None:
        calendar = self.scene.calendar(self.person)
        booked_on = calendar.shift(day, -self.rng.randint(2, 8))
        if booked_on < self.person.hired + FIRST_DAYS:
            return
        booked_at = calendar.moment(booked_on, self.rng)
        if open_deals and self.rng.random() < MEETING_ON_DEAL_SHARE:
            held = self._choose(day, open_deals)
            deal = held.deal
            if booked_at < max(held.since, deal.stakeholders[0].joined_at):
                following = calendar.shift(calendar.local_day(held.since), 1)
                booked_at = calendar.moment(following, self.rng)
            if deal.sleeps_on(calendar.local_day(booked_at)):
                return
            link, company = self._link(deal, calendar.local_day(booked_at)), deal.company
            subject = self.rng.choice(names.MEETING_SUBJECTS)
        else:
            account = self.rng.choice(self.book)
            link = Link(
                who=self.rng.choice(account.contacts).id, what=account.id, account=account.id
            )
            subject, company = "Intro: {company}", account.name
        starts_at = calendar.instant(day, time(9 + slot // 2, slot % 2 * 30))
        if booked_at >= starts_at:
            return
        cancels = self.rng.random() < CANCELLED_SHARE
        event = self.log.book_meeting(
            self.person,
            booked_at,
            starts_at=starts_at,
            minutes=self.rng.choice((30, 30, 45, 60)),
            subject=subject.format(company=company),
            link=Link(who=link.who, what=link.what, account=link.account) if cancels else link,
        )
        if cancels:
            eve = calendar.moment(calendar.shift(day, -1), self.rng)
            self.log.ledger.delete("Event", event, max(eve, booked_at + timedelta(minutes=11)))


def live_executive_days(
    log: ActivityLog, deals: Sequence[Deal], books: Mapping[str, Sequence[Account]]
) -> None:
    """All account executives, one after the other, and the follow-ups they promise themselves."""
    held: dict[str, list[_Held]] = {person.id: [] for person in log.scene.cast.executives()}
    for deal in deals:
        for owner, stretch in _stretches(deal):
            held[owner].append(stretch)
    for person in log.scene.cast.executives():
        ExecutiveDays(
            log=log,
            person=person,
            book=books[person.id],
            held=held[person.id],
            rng=log.scene.stream("days", person.handle),
            late=late_share(log.scene, person),
        ).live()


def _stretches(deal: Deal) -> Iterator[tuple[str, _Held]]:
    ends = [
        *(state.at for state in deal.states[1:]),
        datetime.max.replace(tzinfo=deal.created_at.tzinfo),
    ]
    since = deal.states[0].at
    for number, (state, until) in enumerate(zip(deal.states, ends, strict=True)):
        if STAGES[state.stage].is_closed:
            return
        following = deal.states[number + 1] if number + 1 < len(deal.states) else None
        if (
            following is None
            or following.owner is not state.owner
            or STAGES[following.stage].is_closed
        ):
            yield state.owner.id, _Held(deal=deal, since=since, until=until)
            since = until
