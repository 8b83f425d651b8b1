"""The section ``definitions`` of app.yaml: how the team counts."""

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.domain.choices import Choices, ExchangeRate
from bot.domain.fiscal import FiscalCalendar

CONVERTED = {
    "lead_hours",
    "rates",
    "types_left_out",
    "names_left_out",
    "record_types_left_out",
    "competitive_losses",
}


HOURS = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d) ?- ?((?:[01]\d|2[0-3]):[0-5]\d)")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class RatePart(_Part):
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """the other currency, such as EUR"""
    rate: Annotated[float, Field(gt=0, lt=1_000_000)]
    """what one unit of it is worth in yours"""
    begins: date = date.min
    """the first close date that the rate is for; the newest one counts"""


class DefinitionsPart(_Part):
    deals_count_for: Literal["owner_then", "owner_now"] = "owner_then"
    """who owns a deal's past: its owner at the time, or whoever owns it now, transfers included"""
    split_credit: Literal["shared", "owner"] = "shared"
    """whose the money of a closed deal and of a quota's deals is: shared as the CRM splits it, or
    its owner's alone"""
    lost_on: Literal["moved", "close_date"] = "moved"
    """when a lost deal counts: on the day it was moved to lost, or on its close date"""
    cycle_starts: Literal["created", "qualified"] = "created"
    """where the clock of a sales cycle starts: at creation, or at the qualified stage"""
    days: Literal["calendar", "weekdays"] = "calendar"
    """how days between two dates are counted; public holidays are weekdays here"""
    negative_amounts: Literal["leave_out", "count"] = "leave_out"
    """whether an amount below zero is an amount"""
    zero_amounts: Literal["count", "leave_out"] = "count"
    """whether an amount of zero is an amount, or not filled in yet"""
    quota_period: Literal["month", "quarter", "year"] = "quarter"
    """the fiscal period that quota metrics are about"""
    types_left_out: list[str] = Field(default_factory=list)
    """opportunities of these Types count nowhere, renewals for example"""
    names_left_out: list[str] = Field(default_factory=list)
    """opportunities with these words in their name count nowhere, test records for example"""
    record_types_left_out: list[str] = Field(default_factory=list)
    """opportunities of these record types count nowhere: their label, developer name or id"""
    competitive_losses: list[str] = Field(default=["competitor", "competition"])
    """a loss whose reason (`opportunity.loss_reason`) has one of these words was a competitor's"""
    double_log_minutes: Annotated[int, Field(ge=0, le=1440)] = 0
    """of alike activities with one person within so many minutes, one counts; 0 counts all"""
    lead_hours: str = "all"
    """the hours of weekdays in which a lead waits for its owner, such as "09:00-17:30"; or all"""
    rates: list[RatePart] = Field(default_factory=list)
    """what one unit of a currency is worth in yours; an amount without a rate is left out"""

    @field_validator("lead_hours")
    @classmethod
    def _are_hours(cls, said: str) -> str:
        read_hours(said)
        return said


def read_hours(said: str) -> tuple[time, time] | None:
    """None for all hours. Raises ValueError for what are none."""
    if said == "all":
        return None
    found = HOURS.fullmatch(said)
    if found is None or found[1] >= found[2]:
        raise ValueError(f"'{said}' are no hours; write all, or some like \"09:00-17:30\"")
    return time.fromisoformat(found[1]), time.fromisoformat(found[2])


def read_choices(said: DefinitionsPart, *, fiscal: FiscalCalendar, currency: str) -> Choices:
    plain = said.model_dump(exclude=CONVERTED)
    return Choices(
        **plain,
        fiscal=fiscal,
        currency=currency,
        types_left_out=tuple(said.types_left_out),
        names_left_out=tuple(said.names_left_out),
        record_types_left_out=tuple(said.record_types_left_out),
        competitive_losses=tuple(said.competitive_losses),
        lead_hours=read_hours(said.lead_hours),
        rates=tuple(
            ExchangeRate(currency=each.currency, rate=Decimal(str(each.rate)), begins=each.begins)
            for each in said.rates
        ),
    )
