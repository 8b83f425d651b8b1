"""Where app.yaml is silent, numbers follow the fiscal year of the CRM, and change with it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.choices import Choices
from bot.domain.fiscal import CalendarMonths, FollowedYear
from bot.domain.fiscal_periods import ListedPeriods
from bot.domain.ids import MetricKey, RepId
from bot.domain.organisation import Organisation
from bot.domain.windows import Window
from bot.flows.roll_up import roll_up
from bot.queries.asked_quarter import split_quarter
from bot.queries.fiscal_year import read_fiscal_year
from bot.storage.crm_year import follow_crm_year
from bot.storage.database import reading
from bot.storage.readings import read
from tests.mirrored import KIM, ORGANISATION, Mirror, berlin, metrics

TODAY = date(2026, 3, 9)
NOW = berlin(TODAY)


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def silent() -> Organisation:
    """As app.yaml makes it that says nothing of a year."""
    fiscal = FollowedYear()
    return replace(ORGANISATION, fiscal=fiscal, choices=Choices(fiscal=fiscal))


def org(mirror: Mirror, month: int | None, *, by_start: bool = False) -> None:
    mirror.write(
        "organization",
        id="00D000000000001AAA",
        name="Acme",
        fiscal_start_month=month,
        year_is_named_by_start=by_start,
    )


def period(mirror: Mirror, kind: str, first: date, last: date) -> None:
    mirror.write(
        "fiscal_period",
        id=mirror.record_id("026"),
        kind=kind,
        starts_on=first,
        ends_on=last,
    )


def quotas(mirror: Mirror) -> None:
    for month in (1, 2, 3):
        mirror.write(
            "quota",
            id=mirror.record_id("0J9"),
            owner_id=KIM,
            starts_on=date(2026, month, 1),
            amount_cents=100_00 * month,
        )


def gap(mirror: Mirror, organisation: Organisation) -> float | None:
    """From the daily readings, as every answer is."""
    key = MetricKey("quota_gap")
    definition = metrics()[key].under(organisation.choices)
    roll_up(mirror.database, metrics={key: definition}, organisation=organisation, now=NOW)
    window = Window(first=TODAY, last=TODAY, label="today")
    with reading(mirror.database) as session:
        return read(session, definition, reps=[RepId(KIM)], window=window, as_of=NOW)[
            RepId(KIM)
        ].value


def test_a_quota_is_that_of_the_crms_quarter_and_follows_when_it_moves(mirror: Mirror) -> None:
    organisation = silent()
    quotas(mirror)
    assert gap(mirror, organisation) == 600
    org(mirror, 2)
    assert gap(mirror, organisation) == 500
    org(mirror, 3)
    assert gap(mirror, organisation) == 300
    org(mirror, None)
    assert gap(mirror, organisation) == 600


def test_a_year_that_app_yaml_names_goes_before_the_crms(mirror: Mirror) -> None:
    quotas(mirror)
    org(mirror, 3)
    assert gap(mirror, ORGANISATION) == 600
    with reading(mirror.database) as session:
        told = read_fiscal_year(session, ORGANISATION, TODAY)
    assert (told.is_followed, told.differs) == (False, True)
    assert told.theirs == (date(2026, 3, 1), date(2027, 2, 28))


def test_a_custom_year_is_cut_as_its_periods_say(mirror: Mirror) -> None:
    organisation = silent()
    quotas(mirror)
    org(mirror, 1)
    period(mirror, "Year", date(2026, 1, 25), date(2027, 1, 30))
    period(mirror, "Quarter", date(2026, 1, 25), date(2026, 2, 28))
    period(mirror, "Quarter", date(2026, 3, 1), date(2026, 5, 2))
    period(mirror, "Week", date(2026, 3, 1), date(2026, 3, 7))
    assert gap(mirror, organisation) == 300
    fiscal = organisation.fiscal
    # Before the first period that is listed the rule goes on, up to it.
    assert fiscal.quarter(date(2026, 1, 9)) == (date(2026, 1, 1), date(2026, 1, 24))
    assert fiscal.quarter(date(2026, 5, 3)) == (date(2026, 5, 3), date(2026, 6, 30))


def test_periods_that_say_what_the_month_says_add_nothing(mirror: Mirror) -> None:
    organisation = silent()
    org(mirror, 1)
    period(mirror, "Quarter", date(2026, 1, 1), date(2026, 3, 31))
    with reading(mirror.database) as session:
        follow_crm_year(session, organisation)
    assert organisation.fiscal == CalendarMonths()


def test_a_year_is_called_as_the_org_calls_it(mirror: Mirror) -> None:
    organisation = silent()
    for by_start, first in ((False, date(2024, 2, 1)), (True, date(2025, 2, 1))):
        org(mirror, 2, by_start=by_start)
        with reading(mirror.database) as session:
            follow_crm_year(session, organisation)
        _, asked = split_quarter(["Q1", "2025"], today=TODAY, fiscal=organisation.fiscal)
        assert asked.first == first


def test_listed_periods_leave_no_day_out_and_have_none_twice() -> None:
    fiscal = ListedPeriods(
        months=(),
        quarters=((date(2026, 1, 25), date(2026, 2, 28)), (date(2026, 3, 20), date(2026, 5, 2))),
        years=(),
        otherwise=CalendarMonths(start_month=2),
    )
    day = date(2025, 11, 1)
    while day < date(2026, 9, 1):
        first, last = fiscal.quarter(day)
        assert first == day <= last
        assert {fiscal.quarter(first + timedelta(days=n)) for n in range((last - first).days)} <= {
            (first, last)
        }
        day = last + timedelta(days=1)
