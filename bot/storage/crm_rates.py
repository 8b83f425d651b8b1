"""What currencies are worth by the CRM's own rates, where app.yaml says nothing of them.

Salesforce says how many of a currency are worth one of the corporate currency; ours is what one of
it is worth in the organisation's. A dated rate counts from its day on, the undated one before.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import delete, insert
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.choices import Choices, ExchangeRate
from bot.domain.organisation import Organisation
from bot.storage.mirror.setup import CurrencyTypeRow, DatedConversionRateRow

#: Earlier than any deal, and a day that every database knows.
ALWAYS = date(1900, 1, 1)


class ExchangeRateRow(SQLModel, table=True):
    """The same rates for sums that the database does."""

    __tablename__ = "exchange_rate"

    currency: str = Field(primary_key=True, max_length=3)
    begins: date = Field(primary_key=True)
    rate: float


def with_crm_rates(session: Session, organisation: Organisation) -> Organisation:
    return replace(organisation, choices=choices_with_crm_rates(session, organisation.choices))


def choices_with_crm_rates(session: Session, choices: Choices) -> Choices:
    said = {each.currency for each in choices.rates}
    told = [each for each in _told(session, choices.currency) if each.currency not in said]
    return replace(choices, rates=(*choices.rates, *told)) if told else choices


def keep_rates(session: Session, organisation: Organisation) -> bool:
    """Keep them for the database's sums; whether any has changed."""
    told = _told(session, organisation.choices.currency)
    fresh = {(each.currency, each.begins): float(each.rate) for each in told}
    kept = session.exec(select(ExchangeRateRow))
    if {(each.currency, each.begins): each.rate for each in kept} == fresh:
        return False
    session.connection().execute(delete(ExchangeRateRow))
    rows = [
        {"currency": currency, "begins": begins, "rate": rate}
        for (currency, begins), rate in fresh.items()
    ]
    if rows:
        session.connection().execute(insert(ExchangeRateRow), rows)
    return True


def _told(session: Session, home: str) -> Iterator[ExchangeRate]:
    """Oldest first, by currency."""
    row, kind = DatedConversionRateRow, CurrencyTypeRow
    units: dict[str, dict[date, Decimal]] = {}
    for each in session.exec(select(kind).where(col(kind.is_deleted).is_(False))):
        units.setdefault(each.currency, {})[ALWAYS] = Decimal(str(each.units))
    for dated in session.exec(select(row).where(col(row.is_deleted).is_(False))):
        units.setdefault(dated.currency, {})[dated.begins] = Decimal(str(dated.units))
    ours = units.get(home, {ALWAYS: Decimal(1)})
    for currency in sorted(units.keys() - {home}):
        theirs = units[currency]
        for begins in sorted({*theirs, *ours}):
            worth, own = _at(theirs, begins), _at(ours, begins)
            if worth and own:
                yield ExchangeRate(currency=currency, rate=own / worth, begins=begins)


def _at(units: dict[date, Decimal], day: date) -> Decimal | None:
    known = [begins for begins in units if begins <= day]
    return units[max(known)] if known else None
