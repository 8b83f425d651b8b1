"""What an administrator sets up: the organisation, its stages, roles, users and quotas."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from integrations.sandbox.org import roster
from integrations.sandbox.org.accounts import Account
from integrations.sandbox.org.deals import Deal
from integrations.sandbox.org.effort import quarter_end
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.lives import successors
from integrations.sandbox.org.people import Person, Seating, plain
from integrations.sandbox.org.quotas import quota_of
from integrations.sandbox.org.roles import STAGES, TITLES
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.workdays import later


def write_organization(scene: Scene, ledger: Ledger) -> None:
    """The organisation itself, its sales stages and its forecast type."""
    calendar = scene.calendar(scene.cast.leader)
    founded = calendar.instant(_founded(scene), time(9, 12, 41))
    ledger.create(
        "Organization",
        founded,
        {
            "Name": roster.COMPANY,
            "OrganizationType": "Enterprise Edition",
            "FiscalYearStartMonth": 1,
            "UsesStartDateAsFiscalYearName": False,
            "DefaultLocaleSidKey": "en_US",
            "LanguageLocaleKey": "en_US",
            "TimeZoneSidKey": roster.NEW_YORK.zone,
            "DefaultCurrencyIsoCode": "USD",
            "CurrencyIsoCode": "USD",
            "InstanceName": "USA774",
            "IsSandbox": False,
        },
    )
    for number, stage in enumerate(STAGES, start=1):
        ledger.create(
            "OpportunityStage",
            founded + timedelta(minutes=number),
            {
                "MasterLabel": stage.name,
                "ApiName": stage.name,
                "SortOrder": number,
                "DefaultProbability": stage.probability,
                "IsActive": True,
                "IsClosed": stage.is_closed,
                "IsWon": stage.is_won,
                "ForecastCategory": stage.category,
                "ForecastCategoryName": stage.category_name,
            },
        )


def write_users(scene: Scene, ledger: Ledger) -> None:
    """Roles from the top down, then everybody from their first day on, moves and departures."""
    founded = scene.calendar(scene.cast.leader).instant(_founded(scene), time(10, 3, 17))
    roles = _write_roles(ledger, founded)
    for person in (*scene.cast.everyone.values(), *scene.cast.associates):
        calendar = scene.calendar(person)
        joined = calendar.instant(person.hired, time(8, 47, 13))
        ledger.create("User", joined, _user(scene, person, roles), id=person.id)
        for seating in person.seatings[1:]:
            at = calendar.instant(calendar.on_or_after(seating.since), time(8, 51, 26))
            ledger.set("User", person.id, at, _seat(seating, roles))
        if person.left:
            at = calendar.instant(calendar.on_or_after(person.left), time(17, 21, 9))
            ledger.set("User", person.id, at, {"IsActive": False})


def write_quotas(scene: Scene, ledger: Ledger) -> None:
    """One quota per account executive and quarter, set in the month before it starts."""
    operations = scene.cast.operations
    calendar = scene.calendar(operations)
    amount_type = ledger.create(
        "ForecastingType",
        calendar.instant(calendar.on_or_after(operations.hired), time(11, 2, 33)),
        {
            "DeveloperName": "OpportunityRevenue",
            "MasterLabel": "Opportunity Revenue",
            "IsActive": True,
            "IsAmount": True,
            "IsQuantity": False,
            "DateType": "OpportunityCloseDate",
        },
    )
    start = quarter_end(scene.first_day - timedelta(days=100)) + timedelta(days=1)
    while start <= scene.last_day + timedelta(days=31):
        setting_day = calendar.on_or_after(start - timedelta(days=20))
        for number, person in enumerate(scene.cast.executives()):
            if person.works_on(max(start, person.hired)) and person.hired <= quarter_end(start):
                usual = calendar.instant(setting_day, time(14, 5 + number, 11))
                ledger.create(
                    "ForecastingQuota",
                    max(usual, _first_week(scene, person)),
                    {
                        "QuotaOwnerId": person.id,
                        "StartDate": start,
                        "QuotaAmount": quota_of(person, start),
                        "IsAmount": True,
                        "IsQuantity": False,
                        "ForecastingTypeId": amount_type,
                    },
                    by=operations.id,
                )
        start = quarter_end(start) + timedelta(days=1)


def write_departure(
    scene: Scene,
    ledger: Ledger,
    deals: Sequence[Deal],
    books: Mapping[str, tuple[Account, ...]],
) -> None:
    """The accounts of whoever has left go where the deals went, the rest in turn."""
    operations = scene.cast.operations
    calendar = scene.calendar(operations)
    for leaver in scene.cast.executives():
        if leaver.left is None:
            continue
        heirs = successors(scene, leaver)
        owners = {
            account.id: heirs[number % len(heirs)]
            for number, account in enumerate(books[leaver.id])
        }
        for number, deal in enumerate(deals):
            last = deal.states[-1].owner
            if last in heirs and deal.states[0].owner is leaver:
                owners[deal.account_id] = last
            elif last is leaver:
                owners.setdefault(deal.account_id, heirs[number % len(heirs)])
        rng = scene.stream("departure", leaver.handle)
        at = calendar.moment(calendar.shift(leaver.left, 1), rng)
        for number, (account, heir) in enumerate(owners.items()):
            ledger.set("Account", account, later(at, number), {"OwnerId": heir.id})


def _founded(scene: Scene) -> date:
    day = scene.today - timedelta(days=roster.FOUNDED_DAYS_AGO)
    return scene.calendar(scene.cast.leader).on_or_after(day)


def _write_roles(ledger: Ledger, at: datetime) -> Mapping[str, str]:
    """UserRole ids by role name."""
    parents = [("VP Sales", None), ("Revenue Operations", "VP Sales")]
    for team in roster.TEAMS:
        parents.append((f"{team.name} Manager", "VP Sales"))
        parents.append((f"{team.name} Rep", f"{team.name} Manager"))
    roles: dict[str, str] = {}
    for number, (name, parent) in enumerate(parents):
        roles[name] = ledger.create(
            "UserRole",
            later(at, 20 * number),
            {
                "Name": name,
                "DeveloperName": name.replace(" ", "_").replace("-", "_"),
                "ParentRoleId": roles[parent] if parent else None,
            },
        )
    return roles


def _user(scene: Scene, person: Person, roles: Mapping[str, str]) -> dict[str, object]:
    return {
        "Username": person.email,
        "Email": person.email,
        "FirstName": person.first_name,
        "LastName": person.last_name,
        "Name": person.name,
        "Alias": plain(person.last_name)[:8],
        "IsActive": True,
        "UserType": "Standard",
        "ForecastEnabled": True,
        "CompanyName": roster.COMPANY,
        "TimeZoneSidKey": person.place.zone,
        "LocaleSidKey": person.place.locale,
        "LanguageLocaleKey": "en_US",
        "EmailEncodingKey": "UTF-8",
        "Country": person.place.country,
        **(
            _seat(person.seatings[0], roles)
            if person.seatings
            else _fixed_seat(scene, person, roles)
        ),
    }


def _seat(seating: Seating, roles: Mapping[str, str]) -> dict[str, object]:
    return {
        "Title": TITLES[seating.team.role],
        "Department": f"Sales - {seating.team.name}",
        "ManagerId": seating.manager_id,
        "UserRoleId": roles[f"{seating.team.name} Rep"],
    }


def _fixed_seat(scene: Scene, person: Person, roles: Mapping[str, str]) -> dict[str, object]:
    leader = scene.cast.leader
    team = next((team for team in roster.TEAMS if team.manager == person.name), None)
    role = "VP Sales" if person is leader else "Revenue Operations"
    return {
        "Title": person.fixed_title,
        "Department": f"Sales - {team.name}" if team else "Sales",
        "ManagerId": None if person is leader else leader.id,
        "UserRoleId": roles[f"{team.name} Manager" if team else role],
    }


def _first_week(scene: Scene, person: Person) -> datetime:
    operations = scene.calendar(scene.cast.operations)
    day = operations.on_or_after(person.hired + timedelta(days=3))
    return operations.instant(day, time(15, 40, 22))
