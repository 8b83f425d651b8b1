"""A made-up organisation as a folder of CSV files, as Salesforce's Data Export writes them.

Weekly counts become calls (Task), meetings (Event) and Opportunities on working days, each with
the rest of a record's life: conversations, next steps, stages, closing on time or not.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from tests.simulation.generator import MadeUpOrganisation
from tests.simulation.scorer import MONDAY

ZONE = "America/New_York"
CONNECTED, WON = 0.4, 0.25
Row = Mapping[str, object]


def user_id(number: int) -> str:
    return f"005{number:012d}AAA"


def rep_id(rep: int) -> str:
    return user_id(100 + rep)


def manager_id(team: int) -> str:
    return user_id(10 + team)


LEADER = user_id(1)


@dataclass(kw_only=True)
class _Writing:
    rng: np.random.Generator
    as_of: datetime
    #: The share of deals that are not looked after as they should be.
    untidy: float
    rows: dict[str, list[Row]] = field(default_factory=dict)
    written: int = 0

    def add(
        self, sobject: str, prefix: str, at: datetime, stamp: datetime, /, **more: object
    ) -> str:
        """A record created ``at``; nothing is written of what lies after the export."""
        if at > self.as_of:
            return ""
        self.written += 1
        made = f"{prefix}{self.written:012d}AAA"
        audit = {"CreatedDate": at, "SystemModstamp": min(stamp, self.as_of), "IsDeleted": False}
        self.rows.setdefault(sobject, []).append({"Id": made, **more, **audit})
        return made

    def instant(self, week: int) -> datetime:
        """A working hour of a working day of the week, on the American east coast."""
        day = MONDAY + timedelta(weeks=week, days=int(self.rng.integers(5)))
        minutes = int(self.rng.integers(0, 6 * 60))
        return datetime.combine(day, time(14), tzinfo=UTC) + timedelta(minutes=minutes)


def write_organisation(
    made_up: MadeUpOrganisation, folder: Path, *, seed: int, untidy: float = 0.0
) -> None:
    weeks = made_up.counts.shape[2]
    as_of = datetime.combine(MONDAY + timedelta(weeks=weeks), time(3), tzinfo=UTC)
    writing = _Writing(rng=np.random.default_rng(seed), as_of=as_of, untidy=untidy)
    _write_people(writing, made_up)
    for rep in range(made_up.counts.shape[1]):
        for week in range(weeks):
            calls, meetings, deals = (int(count) for count in made_up.counts[:, rep, week])
            for _ in range(deals):
                _write_deal(writing, rep_id(rep), week)
            for _ in range(calls):
                _write_call(writing, rep_id(rep), week)
            for _ in range(meetings):
                _write_meeting(writing, rep_id(rep), week)
            if made_up.known_leave[rep, week]:
                _write_leave(writing, rep_id(rep), week)
    for sobject, rows in writing.rows.items():
        _write(folder / f"{sobject}.csv", rows)


def _write_people(writing: _Writing, made_up: MadeUpOrganisation) -> None:
    teams = sorted({int(team) for team in made_up.teams})
    people = [(LEADER, "", "Lee", "Head of Sales")]
    people += [(manager_id(team), LEADER, f"Manager{team}", "Sales Manager") for team in teams]
    people += [
        (rep_id(rep), manager_id(int(team)), f"Rep{rep}", "SMB Account Executive")
        for rep, team in enumerate(made_up.teams)
    ]
    long_ago = datetime.combine(MONDAY - timedelta(days=400), time(12), tzinfo=UTC)
    for person, manager, name, title in people:
        joined = long_ago
        at = int(person[3:15]) - 100
        if at >= 0 and made_up.ramping[at].any():
            joined += timedelta(days=400, weeks=int(made_up.ramping[at].argmax()))
        writing.rows.setdefault("User", []).append(
            {
                "Id": person,
                "ManagerId": manager,
                "FirstName": name,
                "LastName": "Example",
                "Name": f"{name} Example",
                "Title": title,
                "IsActive": True,
                "Email": f"{name.lower()}@example.com",
                "UserType": "Standard",
                "TimeZoneSidKey": ZONE,
                "LocaleSidKey": "en_US",
                "CreatedDate": joined,
                "SystemModstamp": joined,
            }
        )


def _write_call(writing: _Writing, owner: str, week: int) -> None:
    at = writing.instant(week)
    is_connected = writing.rng.random() < CONNECTED
    writing.add(
        "Task",
        "00T",
        at,
        at,
        OwnerId=owner,
        WhatId="",
        Subject="Call",
        TaskSubtype="Call",
        Status="Completed",
        IsClosed=True,
        ActivityDate=at.date(),
        CompletedDateTime=at,
        CallDurationInSeconds=180 if is_connected else 10,
    )


def _write_meeting(writing: _Writing, owner: str, week: int) -> None:
    at = writing.instant(week)
    writing.add(
        "Event",
        "00U",
        at - timedelta(days=2),
        at - timedelta(days=2),
        OwnerId=owner,
        AccountId="001000000000001AAA",
        Subject="Meeting",
        StartDateTime=at,
        EndDateTime=at + timedelta(minutes=45),
        ActivityDate=at.date(),
        IsAllDayEvent=False,
        ShowAs="Busy",
    )


def _write_leave(writing: _Writing, owner: str, week: int) -> None:
    monday = MONDAY + timedelta(weeks=week)
    booked = datetime.combine(monday - timedelta(days=30), time(15), tzinfo=UTC)
    writing.add(
        "Event",
        "00U",
        booked,
        booked,
        OwnerId=owner,
        AccountId="",
        Subject="Vacation",
        StartDateTime=datetime.combine(monday, time(0), tzinfo=UTC),
        EndDateTime=datetime.combine(monday + timedelta(days=4), time(0), tzinfo=UTC),
        ActivityDate=monday,
        EndDate=monday + timedelta(days=4),
        IsAllDayEvent=True,
        ShowAs="OutOfOffice",
    )


def _write_deal(writing: _Writing, owner: str, week: int) -> None:
    """A deal in order has a dated next step all its life, and closes by the day that it names."""
    at = writing.instant(week)
    is_untidy = writing.rng.random() < writing.untidy
    due = at.date() + timedelta(days=int(writing.rng.integers(25, 60)))
    late = int(writing.rng.integers(3, 30)) if is_untidy else -int(writing.rng.integers(0, 4))
    ends = datetime.combine(due + timedelta(days=late), time(16), tzinfo=UTC)
    is_won, is_over = writing.rng.random() < WON, ends <= writing.as_of
    stages = [("Discovery", at), ("Proposal", at + (ends - at) / 2)]
    stages += [("Closed Won" if is_won else "Closed Lost", ends)]
    known = [stage for stage, since in stages if since <= writing.as_of] or ["Discovery"]
    amount = int(writing.rng.integers(50, 150)) * 100
    words = {"Amount": f"{amount}.00", "CloseDate": due}
    deal = writing.add(
        "Opportunity",
        "006",
        at,
        ends,
        OwnerId=owner,
        AccountId="001000000000001AAA",
        Name=f"Deal {writing.written}",
        StageName=known[-1],
        IsClosed=is_over,
        IsWon=is_over and is_won,
        Probability=_probability(known[-1]),
        **{**words, "CloseDate": ends.date() if is_over else due},
    )
    for stage, since in stages:
        if deal:
            day = ends.date() if since == ends else due
            changed: dict[str, object] = {
                **words,
                "CloseDate": day,
                "Probability": _probability(stage),
            }
            changed |= {"OpportunityId": deal, "StageName": stage}
            writing.add("OpportunityHistory", "008", since, since, **changed)
    if deal and not is_untidy:
        _write_next_step(writing, owner, deal, at, ends)


def _write_next_step(
    writing: _Writing, owner: str, deal: str, at: datetime, ends: datetime
) -> None:
    is_over = ends <= writing.as_of
    writing.add(
        "Task",
        "00T",
        at,
        ends,
        OwnerId=owner,
        WhatId=deal,
        Subject="Next step",
        TaskSubtype="Task",
        Status="Completed" if is_over else "Open",
        IsClosed=is_over,
        ActivityDate=ends.date(),
        CompletedDateTime=ends if is_over else None,
        CallDurationInSeconds=None,
    )


def _probability(stage: str) -> int:
    return {"Discovery": 20, "Proposal": 50, "Closed Won": 100}.get(stage, 0)


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = list(dict.fromkeys(name for row in rows for name in row))
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_text(row.get(name)) for name in columns] for row in rows)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        case date():
            return value.isoformat()
        case _:
            return str(value)
