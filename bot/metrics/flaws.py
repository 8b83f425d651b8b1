"""What is wrong with records, so that a metric can say what it left out; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.choices import Choices, exchanged

FIRST_YEAR, LAST_YEAR = 1990, 2090


class Flaw(StrEnum):
    """A reason to leave a record, or one of its columns, out of a metric."""

    NO_RATE = "no rate"
    NEGATIVE_AMOUNT = "negative amount"
    ZERO_AMOUNT = "zero amount"
    IMPOSSIBLE_DATE = "impossible date"
    CLOSED_BEFORE_CREATED = "closed before created"
    CLOSED_BEFORE_QUALIFIED = "closed before qualified"
    UNKNOWN_STAGE = "unknown stage"
    CAME_THROUGH_UNKNOWN = "came through an unlisted stage"


#: What a reader is told; the record count goes before it.
MEANINGS = {
    Flaw.NO_RATE: "in a currency without a rate: the amount is left out",
    Flaw.NEGATIVE_AMOUNT: "with an amount below zero: the amount is left out",
    Flaw.ZERO_AMOUNT: "with an amount of zero: the amount is left out",
    Flaw.IMPOSSIBLE_DATE: (
        f"with a close date before {FIRST_YEAR} or after {LAST_YEAR}: taken as having none, "
        "so a won one counts on the day it was moved to won"
    ),
    Flaw.CLOSED_BEFORE_CREATED: "closed before they were created: the days are left out",
    Flaw.CLOSED_BEFORE_QUALIFIED: "closed before they were qualified: the days are left out",
    Flaw.UNKNOWN_STAGE: "in a stage that is not listed: open, won or lost as the record says",
    Flaw.CAME_THROUGH_UNKNOWN: (
        "that came through a stage that is not listed: qualified from a listed stage on, if at all"
    ),
}
_AMOUNT = (Flaw.NO_RATE, Flaw.NEGATIVE_AMOUNT, Flaw.ZERO_AMOUNT)
_BY_COLUMN = {
    **dict.fromkeys(
        ("amount", "first_amount", "qualified_amount", "amount_before_close", "amount_before"),
        _AMOUNT,
    ),
    **dict.fromkeys(("close_on", "closed_on", "month_on"), (Flaw.IMPOSSIBLE_DATE,)),
    **dict.fromkeys(("is_slipped", "is_pushed", "is_pulled_in"), (Flaw.IMPOSSIBLE_DATE,)),
    **dict.fromkeys(
        ("qualified_on", "is_qualified", "furthest_progress"), (Flaw.CAME_THROUGH_UNKNOWN,)
    ),
    **dict.fromkeys(
        ("won", "open_due", "open_due_at_start", "weighted_due", "commit_due", "gap", "quota"),
        (*_AMOUNT, Flaw.IMPOSSIBLE_DATE),
    ),
    **dict.fromkeys(
        ("qualified_cycle_days", "days_to_close"),
        (Flaw.CLOSED_BEFORE_CREATED, Flaw.CLOSED_BEFORE_QUALIFIED),
    ),
    "cycle_days": (Flaw.CLOSED_BEFORE_CREATED,),
    **dict.fromkeys(
        ("stage", "stage_progress", "is_first_entry", "is_stage_move", "is_forward"),
        (Flaw.UNKNOWN_STAGE,),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many facts of a metric have the flaw."""

    flaw: Flaw
    facts: int

    @property
    def words(self) -> str:
        return f"{self.facts} {MEANINGS[self.flaw]}"


def flaws_that_matter(columns: Iterable[str]) -> tuple[Flaw, ...]:
    """The flaws that would show in these columns of a fact table."""
    found = {flaw for column in columns for flaw in _BY_COLUMN.get(column, ())}
    return tuple(flaw for flaw in Flaw if flaw in found)


def is_possible(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def settle_amount(
    cents: int | None,
    *,
    currency: str | None,
    home: str,
    day: date | None,
    choices: Choices,
) -> tuple[int | None, Flaw | None]:
    """The amount in the organisation's currency, or None and what is wrong with it."""
    if cents is None:
        return None, None
    if cents < 0 and choices.negative_amounts == "leave_out":
        return None, Flaw.NEGATIVE_AMOUNT
    if cents == 0 and choices.zero_amounts == "leave_out":
        return None, Flaw.ZERO_AMOUNT
    if currency is None or currency == home:
        return cents, None
    rate = choices.rate_for(currency, day)
    return (None, Flaw.NO_RATE) if rate is None else (exchanged(cents, rate), None)
