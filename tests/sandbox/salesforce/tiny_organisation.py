"""Three people, three accounts, four deals and some activity: small enough to know by heart."""

from datetime import UTC, date, datetime

from integrations.sandbox.changes import Change
from integrations.sandbox.salesforce.ids import long_id


def record_id(prefix: str, number: int) -> str:
    return long_id(f"{prefix}{number:012d}")


KIM, ZOE, MIA = (record_id("005", n) for n in (1, 2, 3))
ACME, BOT, ONEIL = (record_id("001", n) for n in (1, 2, 3))
ALPHA, BETA, GAMMA, DELTA = (record_id("006", n) for n in (1, 2, 3, 4))
ANN, DEE = record_id("003", 1), record_id("00Q", 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _user(user: str, first: str, last: str, *, active: bool, manager: str | None) -> Change:
    fields = {
        "FirstName": first,
        "LastName": last,
        "Username": f"{last.lower()}@example.com",
        "Email": f"{last.lower()}@example.com",
        "Alias": last[:8].lower(),
        "IsActive": active,
        "ManagerId": manager,
    }
    return Change(at=at("2025-01-01T08:00:00"), sobject="User", id=user, fields=fields)


def _account(
    account: str, name: str, industry: str | None, staff: int | None, owner: str
) -> Change:
    fields = {
        "Name": name,
        "Industry": industry,
        "NumberOfEmployees": staff,
        "OwnerId": owner,
        "External_Key__c": f"key-{name[0]}",
    }
    return Change(at=at("2025-01-02T08:00:00"), sobject="Account", id=account, fields=fields)


def _deal(deal: str, name: str, created: str, closes: date, **fields: object) -> Change:
    return Change(
        at=at(created),
        sobject="Opportunity",
        id=deal,
        fields={"Name": name, "CloseDate": closes, **fields},
    )


def _task(number: int, created: str, **fields: object) -> Change:
    return Change(at=at(created), sobject="Task", id=record_id("00T", number), fields=fields)


def _stage(number: int, when: str, stage: str) -> Change:
    return Change(
        at=at(when),
        sobject="OpportunityHistory",
        id=record_id("008", number),
        fields={"OpportunityId": BETA, "StageName": stage, "CreatedById": ZOE},
    )


def tiny_organisation() -> list[Change]:
    return [*_cast(), *_work()]


def _cast() -> list[Change]:
    return [
        _user(KIM, "Kim", "Lee", active=True, manager=MIA),
        _user(ZOE, "Zoë", "Ångström", active=False, manager=MIA),
        _user(MIA, "Mia", "Boss", active=True, manager=None),
        _account(ACME, "Acme", "Tech", 100, KIM),
        _account(BOT, "Bøt & Co", None, 20, ZOE),
        _account(ONEIL, "O'Neil 100%_x", "tech", None, KIM),
        Change(
            at=at("2025-02-01T08:00:00"),
            sobject="Contact",
            id=ANN,
            fields={"FirstName": "Ann", "LastName": "Ay", "AccountId": ACME, "OwnerId": KIM,
                    "Email": "ann@example.com"},
        ),
        Change(
            at=at("2025-02-01T08:00:00"),
            sobject="Lead",
            id=DEE,
            fields={"LastName": "Dee", "Company": "Dee Ltd", "OwnerId": ZOE, "Status": "Open",
                    "Email": "dee@example.com"},
        ),
    ]  # fmt: skip


def _work() -> list[Change]:
    return [
        _deal(DELTA, "Delta", "2025-12-01T23:59:59", date(2025, 12, 31), OwnerId=ZOE, Amount=50,
              StageName="Negotiation/Review", Probability=90),
        _deal(BETA, "Beta", "2026-01-05T12:00:00", date(2026, 3, 10), OwnerId=ZOE, Amount=250.5,
              AccountId=ACME, StageName="Closed Won", Probability=100),
        _deal(GAMMA, "Gamma", "2026-02-01T00:00:00", date(2026, 2, 28), OwnerId=KIM,
              AccountId=BOT, StageName="Closed Lost", Probability=0),
        _deal(ALPHA, "Alpha", "2026-03-01T09:00:00", date(2026, 3, 31), OwnerId=KIM, Amount=100,
              AccountId=ACME, StageName="Prospecting", Probability=10),
        _stage(1, "2026-01-05T12:00:00", "Prospecting"),
        _stage(2, "2026-03-10T08:00:00", "Closed Won"),
        _task(1, "2026-03-10T09:00:00", Subject="Call Ann", WhoId=ANN, WhatId=ALPHA, OwnerId=KIM,
              Status="Completed", ActivityDate=date(2026, 3, 10), TaskSubtype="Call"),
        _task(2, "2026-03-11T09:00:00", Subject="Mail Dee", WhoId=DEE, OwnerId=ZOE,
              Status="Not Started", ActivityDate=date(2026, 3, 12), TaskSubtype="Email"),
        _task(3, "2025-01-10T09:00:00", Subject="Old call", WhatId=ACME, OwnerId=KIM,
              Status="Completed", ActivityDate=date(2025, 1, 15), TaskSubtype="Call"),
        _task(4, "2026-03-05T09:00:00", Subject="Mistake", OwnerId=KIM, Status="Not Started"),
        Change(at=at("2026-03-06T09:00:00"), sobject="Task", id=record_id("00T", 4),
               is_deletion=True),
        Change(at=at("2026-03-11T09:30:00"), sobject="Opportunity", id=ALPHA,
               fields={"NextStep": "Send offer"}),
    ]  # fmt: skip
