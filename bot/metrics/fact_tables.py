"""The documented tables of facts that a metric file may draw on: their rows and columns.

``bot.storage.facts`` knows where each column comes from. Every fact is known *as of* a day: what
the CRM had recorded by the end of that day, whatever was changed later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    #: Whole hundredths in the database; written and shown in currency units.
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    kind: Kind
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTable:
    name: str
    because: str
    #: True when a row describes one day's state, so that a window takes its last day only.
    is_state: bool
    #: The columns that may put a fact into a window, the usual one first.
    day_columns: tuple[str, ...]
    columns: Mapping[str, Column]
    #: Mirror columns without which a column cannot be known: column → (mirror table, column).
    needs: Mapping[str, tuple[str, str]]


def _text(means: str) -> Column:
    return Column(kind=Kind.TEXT, means=means)


def _number(means: str) -> Column:
    return Column(kind=Kind.NUMBER, means=means)


def _money(means: str) -> Column:
    return Column(kind=Kind.MONEY, means=means)


def _boolean(means: str) -> Column:
    return Column(kind=Kind.BOOLEAN, means=means)


def _date(means: str) -> Column:
    return Column(kind=Kind.DATE, means=means)


_DEAL = {
    "id": _text("the opportunity's record id"),
    "rep_id": _text("its owner at the time"),
    "name": _text("its name"),
    "account_id": _text("its account"),
    "amount": _money("its amount"),
    "stage": _text("its stage"),
    "stage_progress": _number("0 for the first open stage, 1 for the last"),
    "forecast_category": _text("its forecast category"),
    "probability": _number("its probability in percent, 0 to 100"),
    "type": _text("its Type"),
    "lead_source": _text("its LeadSource"),
    "created_on": _date("the day it was created"),
    "close_on": _date("its close date"),
    "pushes": _number("how often its close date moved into a later month"),
}
_DEAL_NEEDS = {
    "amount": ("opportunity", "amount_cents"),
    "forecast_category": ("opportunity", "forecast_category"),
    "probability": ("opportunity", "probability"),
    "type": ("opportunity", "type"),
    "lead_source": ("opportunity", "lead_source"),
}

_TABLES = (
    FactTable(
        name="opportunity_created",
        because="One row for each opportunity, on the day it was created, or on its close date.",
        is_state=False,
        day_columns=("created_on", "close_on"),
        columns={
            **_DEAL,
            "is_closed": _boolean("it is closed by now"),
            "is_won": _boolean("it is won by now"),
            "first_amount": _money("its amount when it was created"),
        },
        needs={**_DEAL_NEEDS, "first_amount": ("opportunity", "amount_cents")},
    ),
    FactTable(
        name="qualified_opportunity",
        because="One row for each opportunity, on the day it first reached the qualified stage.",
        is_state=False,
        day_columns=("qualified_on",),
        columns={
            **_DEAL,
            "qualified_on": _date("the day it first reached the qualified stage"),
            "qualified_amount": _money("its amount on that day"),
        },
        needs={**_DEAL_NEEDS, "qualified_amount": ("opportunity", "amount_cents")},
    ),
    FactTable(
        name="closed_opportunity",
        because=(
            "One row for each closed opportunity. A won one counts on its close date; a lost one "
            "on the day it was moved to lost, since nobody keeps the close date of a loss."
        ),
        is_state=False,
        day_columns=("closed_on",),
        columns={
            **_DEAL,
            "closed_on": _date("won: the close date; lost: the day it was moved to lost"),
            "is_won": _boolean("it was won"),
            "amount_before_close": _money("its amount before it was closed"),
            "cycle_days": _number("calendar days from creation to the day it counts on"),
        },
        needs={**_DEAL_NEEDS, "amount_before_close": ("opportunity", "amount_cents")},
    ),
    FactTable(
        name="open_opportunity",
        because="One row for each opportunity that is open at the end of the day ``as_of``.",
        is_state=True,
        day_columns=("as_of",),
        columns={
            **_DEAL,
            "as_of": _date("the day whose state this is"),
            "days_open": _number("calendar days since it was created"),
            "days_in_stage": _number("calendar days since it entered its stage"),
            "next_step": _text("its next step, as the CRM has it now"),
            "next_activity_on": _date("the next open task or meeting on it after the day"),
            "last_activity_on": _date("the last completed activity on it by the day"),
            "days_untouched": _number(
                "calendar days since its last completed activity, or since it was created"
            ),
            "contact_roles": _number("contacts with a role on it by the day"),
            "contacts_engaged": _number("people met or talked to in the 90 days before"),
        },
        needs={
            **_DEAL_NEEDS,
            "next_step": ("opportunity", "next_step"),
            "next_activity_on": ("crm_task", "what_id"),
            "last_activity_on": ("crm_task", "what_id"),
            "days_untouched": ("crm_task", "what_id"),
            "contact_roles": ("opportunity_contact_role", "contact_id"),
            "contacts_engaged": ("crm_task", "who_id"),
        },
    ),
    FactTable(
        name="activity",
        because="One row for each completed call, e-mail, meeting or other task.",
        is_state=False,
        day_columns=("done_on", "logged_on"),
        columns={
            "id": _text("the Task's or Event's record id"),
            "rep_id": _text("its owner"),
            "kind": _text("call, email, meeting or other"),
            "done_on": _date("the day it was completed or, for a meeting, ended"),
            "logged_on": _date("the day it was written into the CRM"),
            "seconds": _number("length of a call"),
            "is_conversation": _boolean("a call in which somebody was reached"),
            "is_external": _boolean("it names a contact, a lead, an account or a deal"),
            "is_late_logged": _boolean("written down more than a day after it was done"),
            "who_id": _text("the contact or lead"),
            "opportunity_id": _text("the opportunity it is on"),
            "account_id": _text("the account it is on"),
        },
        # Which of the two tables a metric needs depends on the kinds it asks for; see ``needs``
        # in bot.metrics.definition.
        needs={
            "seconds": ("crm_task", "call_seconds"),
            "is_conversation": ("crm_task", "call_seconds"),
            "who_id": ("crm_task", "who_id"),
            "opportunity_id": ("crm_task", "what_id"),
        },
    ),
    FactTable(
        name="lead",
        because="One row for each lead, on the day it was created.",
        is_state=False,
        day_columns=("created_on", "converted_on"),
        columns={
            "id": _text("the lead's record id"),
            "rep_id": _text("its owner"),
            "created_on": _date("the day it was created"),
            "converted_on": _date("the day it was converted"),
            "is_converted": _boolean("it was converted"),
            "lead_source": _text("its LeadSource"),
            "minutes_to_first_touch": _number("from creation to the first call, e-mail or meeting"),
        },
        needs={
            "id": ("lead", "id"),
            "lead_source": ("lead", "lead_source"),
            "minutes_to_first_touch": ("crm_task", "who_id"),
        },
    ),
)

FACT_TABLES: Mapping[str, FactTable] = {table.name: table for table in _TABLES}
