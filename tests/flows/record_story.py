"""Deeds that change records, chosen by chance."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.mirrored import KIM, SAM, STAGES, Mirror, berlin

CONTACTS = [f"003{number:012}AAA" for number in range(4)]


@dataclass
class Story:
    """Everything that happens to records, in an order nobody chose; Sam works in Tokyo."""

    mirror: Mirror
    chance: random.Random
    #: What the CRM says of each, by table and id.
    tasks: dict[str, dict[str, object]] = field(default_factory=dict)
    meetings: dict[str, dict[str, object]] = field(default_factory=dict)

    def live(self, day: date) -> None:
        at = berlin(day, self.chance.randrange(6, 20), self.chance.randrange(60))
        deeds: list[Callable[[datetime], None]] = [
            self.do,
            self.do,
            self.plan,
            self.correct,
            self.hurry,
            self.meet,
            self.move,
            self.remove,
            self.open,
            self.change,
            self.aim,
            self.involve,
            self.share,
            self.write,
            self.write_step,
        ]
        self.chance.choice(deeds)(at)

    def do(self, at: datetime) -> None:
        done_at = at - timedelta(days=self.chance.choice((0, 0, 1, 5)))
        self.log(at, **self.done(done_at))

    def plan(self, at: datetime) -> None:
        due_on = (at + timedelta(days=self.chance.randrange(1, 20))).date()
        self.log(at, is_closed=False, completed_at=None, activity_on=due_on)

    def hurry(self, at: datetime) -> None:
        owner = self.owner()
        for second in range(self.chance.choice((4, 11))):
            moment = at + timedelta(seconds=20 * second)
            self.log(moment, owner_id=owner, **self.done(moment))

    def correct(self, at: datetime) -> None:
        if self.tasks:
            task = self.chance.choice(sorted(self.tasks))
            done = self.done(at - timedelta(days=self.chance.randrange(6)))
            self.tasks[task] |= self.chance.choice((done, {"owner_id": self.owner()}, self.about()))
            self.mirror.write("crm_task", stamp=at, **self.tasks[task])

    def log(self, at: datetime, **fields: object) -> None:
        task = self.mirror.record_id("00T")
        self.tasks[task] = {
            "id": task,
            "owner_id": self.owner(),
            "subtype": self.chance.choice(("Call", "Email", "Task")),
            "call_seconds": self.chance.choice((None, 9, 99)),
            "created_at": at,
            **self.about(),
            **fields,
        }
        self.mirror.write("crm_task", stamp=at, **self.tasks[task])

    def done(self, at: datetime) -> dict[str, object]:
        return {"is_closed": True, "completed_at": at, "activity_on": at.date()}

    def meet(self, at: datetime) -> None:
        meeting = self.mirror.record_id("00U")
        self.meetings[meeting] = {
            "id": meeting,
            "owner_id": self.owner(),
            "created_at": at,
            "is_all_day": False,
            **self.about(),
        }
        self.put(meeting, at, at + timedelta(days=self.chance.randrange(-2, 14), minutes=1))

    def move(self, at: datetime) -> None:
        if self.meetings:
            meeting = self.chance.choice(sorted(self.meetings))
            self.put(meeting, at, at + timedelta(days=self.chance.randrange(-3, 9)))

    def put(self, meeting: str, at: datetime, starts_at: datetime) -> None:
        self.meetings[meeting] |= {
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1),
        }
        self.mirror.write("crm_event", stamp=at, **self.meetings[meeting])

    def remove(self, _: datetime) -> None:
        for table, known in (("crm_task", self.tasks), ("crm_event", self.meetings)):
            if known and self.chance.random() < 0.7:
                gone = self.chance.choice(sorted(known))
                self.mirror.delete(table, gone)
                del known[gone]

    def open(self, at: datetime) -> None:
        close_on = at.date() + timedelta(days=self.chance.randrange(-5, 40))
        amount = self.chance.choice((None, 5_000_00))
        self.mirror.deal(at, owner_id=self.owner(), amount_cents=amount, close_on=close_on)

    def change(self, at: datetime) -> None:
        if self.mirror.deals:
            self.mirror.change(
                self.chance.choice(sorted(self.mirror.deals)),
                at,
                stage_name=self.chance.choice(sorted(STAGES)),
                owner_id=self.owner(),
                amount_cents=self.chance.choice((None, 3_000_00, 5_000_00)),
                close_on=at.date() + timedelta(days=self.chance.randrange(-9, 40)),
            )

    def write_step(self, at: datetime) -> None:
        """The stamp alone tells of it, and it may come long after."""
        if self.mirror.deals:
            self.mirror.change(
                self.chance.choice(sorted(self.mirror.deals)),
                at,
                with_history=False,
                next_step=self.chance.choice((None, "Send the draft", "Demo on 3/12")),
            )

    def aim(self, at: datetime) -> None:
        """A quota is set, or set anew."""
        month = self.chance.choice((2, 3))
        self.mirror.write(
            "quota",
            stamp=at,
            id=f"0J900000000000{month}AAA",
            owner_id=KIM,
            starts_on=date(2026, month, 1),
            amount_cents=self.chance.randrange(1, 90) * 1_000_00,
        )

    def involve(self, at: datetime) -> None:
        if self.mirror.deals:
            self.mirror.write(
                "opportunity_contact_role",
                stamp=at,
                id=self.mirror.record_id("00K"),
                opportunity_id=self.chance.choice(sorted(self.mirror.deals)),
                contact_id=self.chance.choice(CONTACTS),
                role=self.chance.choice(("Economic Buyer", "User")),
                created_at=at,
            )

    def share(self, at: datetime) -> None:
        """The credit for a deal is split, anew or no longer."""
        if self.mirror.deals:
            deal = self.chance.choice(sorted(self.mirror.deals))
            part = self.chance.choice((0, 30, 70))
            for who, percentage in ((KIM, part), (SAM, 100 - part)):
                self.mirror.write(
                    "opportunity_split",
                    stamp=at,
                    id=f"1Jx{deal[3:14]}{who[14]}AAA",
                    opportunity_id=deal,
                    owner_id=who,
                    percentage=percentage,
                )

    def write(self, at: datetime) -> None:
        """An e-mail of one of a few threads, which may answer another."""
        email = f"02s{self.chance.randrange(30):012}AAA"
        self.mirror.write(
            "email_message",
            stamp=at,
            id=email,
            thread_id=self.chance.choice((None, "one", "two", "three")),
            reply_to_id=self.chance.choice((None, f"02s{self.chance.randrange(30):012}AAA")),
            is_incoming=self.chance.random() < 0.5,
            sent_at=at - timedelta(hours=self.chance.randrange(30)),
            created_by_id=self.owner(),
            created_at=at,
        )

    def owner(self) -> str:
        return self.chance.choice((KIM, SAM))

    def about(self) -> dict[str, object]:
        deal = self.chance.choice([None, *sorted(self.mirror.deals)])
        return {"what_id": deal, "who_id": self.chance.choice((None, *CONTACTS))}
