"""Story builders: a small sales team, told in a few words, as records of a made-up Salesforce."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Self
from zoneinfo import ZoneInfo

from integrations.sandbox.changes import Change, SlackPerson
from integrations.sandbox.org.ids import IdSource

BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)
STAGES = (
    ("Discovery", 10, False, False),
    ("Qualification", 25, False, False),
    ("Proposal", 50, False, False),
    ("Negotiation", 75, False, False),
    ("Closed Won", 100, True, True),
    ("Closed Lost", 0, True, False),
)


@dataclass
class Story:
    """What is the case in the CRM; every ``with_`` adds to it and returns the story."""

    today: date
    zone: ZoneInfo = BERLIN
    changes: list[Change] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    deals: dict[str, str] = field(default_factory=dict)
    slack: list[SlackPerson] = field(default_factory=list)
    ids: IdSource = field(default_factory=IdSource)

    def __post_init__(self) -> None:
        for order, (name, probability, is_closed, is_won) in enumerate(STAGES):
            self._add(
                "OpportunityStage",
                LONG_AGO,
                MasterLabel=name,
                ApiName=name,
                SortOrder=order,
                IsActive=True,
                IsClosed=is_closed,
                IsWon=is_won,
                DefaultProbability=float(probability),
                ForecastCategoryName="Pipeline",
            )

    def at(self, day: date, hour: int = 11, minute: int = 7) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone).astimezone(UTC)

    def days_ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def _add(self, sobject: str, at: datetime, **fields: object) -> str:
        record = self.ids.draw(sobject)
        self.changes.append(Change(at=at, sobject=sobject, id=record, fields=fields))
        return record

    def with_person(
        self,
        name: str,
        *,
        title: str,
        manager: str | None = None,
        joined: datetime = LONG_AGO,
        zone: ZoneInfo | None = None,
        is_in_slack: bool = True,
    ) -> Self:
        email = f"{name.lower()}@acme.example"
        self.people[name] = self._add(
            "User",
            joined,
            Username=email,
            Email=email,
            FirstName=name,
            LastName="Acme",
            Name=f"{name} Acme",
            Alias=name.lower(),
            Title=title,
            IsActive=True,
            UserType="Standard",
            ManagerId=self.people[manager] if manager else None,
            TimeZoneSidKey=(zone or self.zone).key,
            LocaleSidKey="en_GB",
            CreatedDate=joined,
        )
        if is_in_slack:
            self.slack.append(
                SlackPerson(
                    id=f"U0{name.upper()}",
                    name=name.lower(),
                    real_name=f"{name} Acme",
                    email=email,
                    zone=(zone or self.zone).key,
                )
            )
        return self

    def with_deal(
        self,
        name: str,
        owner: str,
        *,
        amount: int = 40_000,
        stage: str = "Proposal",
        created: date | None = None,
        closes: date | None = None,
        next_step: str | None = "Send the proposal",
    ) -> Self:
        created_at = self.at(created or self.days_ago(40))
        probability = next(float(p) for label, p, *_ in STAGES if label == stage)
        fields = {
            "Amount": Decimal(amount),
            "StageName": stage,
            "CloseDate": closes or self.today + timedelta(days=30),
            "Probability": probability,
            "ForecastCategory": "Pipeline",
        }
        deal = self._add(
            "Opportunity",
            created_at,
            Name=name,
            OwnerId=self.people[owner],
            IsClosed=stage.startswith("Closed"),
            IsWon=stage == "Closed Won",
            NextStep=next_step,
            **fields,
        )
        self.deals[name] = deal
        self._add(
            "OpportunityHistory",
            created_at,
            OpportunityId=deal,
            CreatedById=self.people[owner],
            CreatedDate=created_at,
            **fields,
        )
        return self

    def with_contact_on(self, deal: str, person: str, role: str = "Decision Maker") -> Self:
        contact = self._add("Contact", LONG_AGO, LastName=person, Name=person)
        self._add(
            "OpportunityContactRole",
            LONG_AGO,
            OpportunityId=self.deals[deal],
            ContactId=contact,
            Role=role,
            IsPrimary=True,
        )
        self.people[person] = contact
        return self

    def with_call(
        self, owner: str, day: date, *, about: str | None = None, to: str | None = None
    ) -> Self:
        at = self.at(day)
        self._add(
            "Task",
            at,
            OwnerId=self.people[owner],
            Subject="Call",
            TaskSubtype="Call",
            Status="Completed",
            IsClosed=True,
            ActivityDate=day,
            CompletedDateTime=at,
            CreatedDate=at,
            WhatId=self.deals[about] if about else None,
            WhoId=self.people[to] if to else None,
            CallDurationInSeconds=300,
        )
        return self

    def with_meeting(self, owner: str, day: date, *, about: str, to: str | None = None) -> Self:
        self._add(
            "Event",
            self.at(min(day, self.today) - timedelta(days=2)),
            OwnerId=self.people[owner],
            Subject="Review",
            StartDateTime=self.at(day, 14, 0),
            EndDateTime=self.at(day, 15, 0),
            ActivityDate=day,
            IsAllDayEvent=False,
            WhatId=self.deals[about],
            WhoId=self.people[to] if to else None,
        )
        return self

    def with_leave(self, owner: str, first: date, last: date) -> Self:
        self._add(
            "Event",
            self.at(self.days_ago(20)),
            OwnerId=self.people[owner],
            Subject="Out of office",
            IsAllDayEvent=True,
            ShowAs="OutOfOffice",
            ActivityDate=first,
            StartDateTime=datetime.combine(first, time(0), tzinfo=UTC),
            EndDateTime=datetime.combine(last, time(0), tzinfo=UTC),
        )
        return self

    def with_daily_calls(self, owner: str, *, days: int = 20) -> Self:
        """Five calls on each weekday before today, so that nothing is odd about the person."""
        for back in range(1, days + 1):
            day = self.days_ago(back)
            if day.weekday() < 5:
                for _ in range(5):
                    self.with_call(owner, day)
        return self


CONFIG = """
organisation: {name: Acme, zone: Europe/Berlin, currency: EUR, crm_address: "https://acme.example"}
roles:
  - {title_contains: mid-market, role: mid_market_ae}
  - {title_contains: sales development, role: sdr_outbound}
nudges: {per_day: 1, per_week: 3}
slack: {default_digest_channel: sales, admins: [maria@acme.example]}
"""


def acme(today: date) -> Story:
    """Maria leads Kim and Sam, who sell to the mid-market in Berlin; Vera leads Maria."""
    return (
        Story(today=today)
        .with_person("Vera", title="VP Sales")
        .with_person("Maria", title="Sales Manager, Mid-Market", manager="Vera")
        .with_person("Kim", title="Account Executive, Mid-Market", manager="Maria")
        .with_person("Sam", title="Account Executive, Mid-Market", manager="Maria")
        .with_daily_calls("Kim")
        .with_daily_calls("Sam")
    )
