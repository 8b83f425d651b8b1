"""What an org has set up changes what is counted: its currencies, record types, owner history."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from bot.domain.choices import Choices, ExchangeRate
from bot.metrics.flaws import Flaw
from tests.mirrored import KIM, ORGANISATION, SAM, Mirror, berlin
from tests.storage.facts.test_bad_input import NOW, day, left_out, value, won
from tests.storage.facts.test_quotas_and_owners import YEAR, quota

TYPE = "012000000000001AAA"


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def currency(mirror: Mirror, code: str, units: float, begins: date | None = None) -> None:
    if begins is None:
        table, prefix, dated = "currency_type", "01L", {}
    else:
        table, prefix, dated = "dated_conversion_rate", "04w", {"begins": begins}
    record = mirror.record_id(prefix)
    mirror.write(table, id=record, currency=code, units=units, **dated)


def test_amounts_are_exchanged_by_the_crms_rate_of_their_day(mirror: Mirror) -> None:
    currency(mirror, "USD", 1)
    currency(mirror, "EUR", 0.5)
    won(mirror, 10_000, currency="EUR")
    assert value(mirror, "won_amount", Choices()) == pytest.approx(200)
    # A deal is worth what the rate of its close date says, and a new rate makes it worth that.
    currency(mirror, "EUR", 0.8, begins=date(2026, 1, 1))
    currency(mirror, "EUR", 0.1, begins=date(2027, 1, 1))
    assert value(mirror, "won_amount", Choices()) == pytest.approx(125)
    assert left_out(mirror, "won_amount", Choices()) == {}


def test_rates_of_app_yaml_go_before_those_of_the_crm(mirror: Mirror) -> None:
    currency(mirror, "EUR", 0.5)
    currency(mirror, "GBP", 0.25)
    won(mirror, 10_000, currency="EUR")
    won(mirror, 10_000, currency="GBP")
    said = Choices(rates=(ExchangeRate(currency="EUR", rate=Decimal(3)),))
    assert value(mirror, "won_amount", said) == pytest.approx(300 + 400)


def test_the_corporate_currency_need_not_be_ours(mirror: Mirror) -> None:
    currency(mirror, "USD", 2)
    currency(mirror, "EUR", 1)
    won(mirror, 10_000, currency="EUR")
    assert value(mirror, "won_amount", Choices()) == pytest.approx(200)


def test_quotas_are_exchanged_by_the_crms_rates_too(mirror: Mirror) -> None:
    quota(mirror, 10_000, "EUR")
    assert left_out(mirror, "quota_gap", YEAR) == {Flaw.NO_RATE: 1}
    currency(mirror, "EUR", 0.5)
    assert value(mirror, "quota_gap", YEAR) == 200
    assert left_out(mirror, "quota_gap", YEAR) == {}


def test_deals_of_a_record_type_can_be_left_out_by_any_of_its_names(mirror: Mirror) -> None:
    mirror.write("record_type", id=TYPE, name="Renewals", developer_name="Renewal_Deal")
    won(mirror, 10_000)
    won(mirror, 20_000, record_type_id=TYPE)
    assert value(mirror, "won_amount", Choices()) == pytest.approx(300)
    for name in ("Renewals", "Renewal_Deal", TYPE):
        left = Choices(record_types_left_out=(name,))
        assert value(mirror, "won_amount", left) == pytest.approx(100)


def owner_history(mirror: Mirror, deal: str, on: date, before: str, after: str) -> None:
    for old, new in (("Kim", "Sam"), (before, after)):
        mirror.write(
            "opportunity_field_history",
            stamp=berlin(on),
            id=mirror.record_id("017"),
            opportunity_id=deal,
            field="Owner",
            old_value=old,
            new_value=new,
        )


def owners(mirror: Mirror, deal: str) -> list[tuple[date, str]]:
    mirror.organisation = replace(ORGANISATION)
    mirror.roll_up(NOW)
    told: list[tuple[date, str]] = []
    for span in mirror.spans(deal):
        if not told or told[-1][1] != span.rep_id:
            told.append((span.first_day, span.rep_id))
    return told


def test_who_owned_a_deal_before_we_looked_is_told_by_its_field_history(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), owner_id=SAM)
    assert owners(mirror, deal) == [(day(0), SAM)]
    owner_history(mirror, deal, day(4), KIM, SAM)
    assert owners(mirror, deal) == [(day(0), KIM), (day(4), SAM)]


def test_what_both_tell_of_an_owner_counts_once_and_what_only_we_saw_stays(mirror: Mirror) -> None:
    deal = mirror.deal(berlin(day(0)), owner_id=KIM)
    mirror.change(deal, berlin(day(3)), owner_id=SAM)
    mirror.change(deal, berlin(day(6)), owner_id=KIM)
    seen = [(day(0), KIM), (day(3), SAM), (day(6), KIM)]
    assert owners(mirror, deal) == seen
    # The first change was on the day before we saw it; of the second the CRM tells nothing.
    owner_history(mirror, deal, day(3) - timedelta(days=1), KIM, SAM)
    assert owners(mirror, deal) == [(day(0), KIM), (day(2), SAM), (day(6), KIM)]


OF_CONTACTS = ("single_threaded_share", "contacts_per_deal")
PERSON, THEIR_CONTACT = "001000000000009AAA", "003000000000009AAA"


def test_a_deal_with_a_person_asks_for_no_second_contact(mirror: Mirror) -> None:
    """The person comes as an Account and as a Contact, and is one."""
    companies = [mirror.deal(berlin(day(0)), stage_name="Proposal") for _ in range(3)]
    for deal in companies[:2]:
        for who in ("003000000000001AAA", "003000000000002AAA"):
            mirror.meeting(berlin(day(1)), what_id=deal, who_id=who)
    shares = [value(mirror, metric, Choices()) for metric in OF_CONTACTS]
    assert shares == pytest.approx([1 / 3, 4 / 3])
    account = {"id": PERSON, "name": "Aya Ito", "owner_id": KIM, "is_person": True}
    mirror.write("account", **account, person_contact_id=THEIR_CONTACT)
    mirror.write("contact", id=THEIR_CONTACT, name="Aya Ito", account_id=PERSON)
    deal = mirror.deal(berlin(day(0)), stage_name="Proposal", account_id=PERSON)
    mirror.meeting(berlin(day(1)), what_id=deal, who_id=THEIR_CONTACT, account_id=PERSON)
    assert [value(mirror, metric, Choices()) for metric in OF_CONTACTS] == shares
    # A company in its place would be single-threaded.
    mirror.write("account", stamp=berlin(day(8)), **{**account, "is_person": False})
    assert value(mirror, "single_threaded_share", Choices()) == pytest.approx(2 / 4)
