"""Tables of facts about opportunities."""

from dataclasses import replace

from bot.metrics.fact_table import FactTable, boolean, day, money, number, text

DEAL = {
    "id": text("the opportunity's record id"),
    "rep_id": text("its owner at the time"),
    "name": text("its name"),
    "account_id": text("its account"),
    "amount": money("its amount"),
    "stage": text("its stage"),
    "stage_progress": number("0 for the first open stage, 1 for the last"),
    "forecast_category": text("its forecast category"),
    "probability": number("its probability in percent, 0 to 100"),
    "type": text("its Type"),
    "lead_source": text("its LeadSource"),
    "created_on": day("the day it was created"),
    "close_on": day("its close date"),
    "pushes": number("how often its close date moved into a later month"),
    "long_pushes": number("how often its close date moved to more than seven days later"),
}
DEAL_NEEDS = {
    "amount": ("opportunity", "amount_cents"),
    "forecast_category": ("opportunity", "forecast_category"),
    "probability": ("opportunity", "probability"),
    "type": ("opportunity", "type"),
    "lead_source": ("opportunity", "lead_source"),
}
MONEY_NEEDS = ("opportunity", "amount_cents")
_REASON_NEEDS = ("opportunity", "loss_reason")
HISTORY_NEEDS = ("opportunity_history", "stage_name")

_CREATED = FactTable(
    name="opportunity_created",
    because="One row for each opportunity, on the day it was created, or on its close date.",
    is_state=False,
    day_columns=("created_on", "close_on"),
    columns={
        **DEAL,
        "is_closed": boolean("it is closed by now"),
        "is_won": boolean("it is won by now"),
        "is_qualified": boolean("it has reached the qualified stage by now"),
        "first_amount": money("its amount when it was created"),
    },
    needs={**DEAL_NEEDS, "first_amount": MONEY_NEEDS},
)

_QUALIFIED = FactTable(
    name="qualified_opportunity",
    because="One row for each opportunity, on the day it first reached the qualified stage.",
    is_state=False,
    day_columns=("qualified_on",),
    columns={
        **DEAL,
        "qualified_on": day("the day it first reached the qualified stage"),
        "qualified_amount": money("its amount on that day"),
        "is_closed": boolean("it is closed by now"),
        "is_won": boolean("it is won by now"),
        "days_to_qualify": number("days from creation to that day"),
        "days_since_qualified": number("days from that day until now, whatever became of it"),
        "days_to_close": number("days from that day until it closed, or until now while open"),
    },
    growing=frozenset({"days_since_qualified", "days_to_close"}),
    needs={**DEAL_NEEDS, "qualified_amount": MONEY_NEEDS},
)

_CLOSED = FactTable(
    name="closed_opportunity",
    because=(
        "One row for each closed opportunity. A won one counts on its close date; a lost one "
        "on the day it was moved to lost, since nobody keeps the close date of a loss."
    ),
    is_state=False,
    day_columns=("closed_on",),
    columns={
        **DEAL,
        "closed_on": day("won: the close date; lost: the day it was moved to lost"),
        "is_won": boolean("it was won"),
        "loss_reason": text("why it was lost, by the field that app.yaml names for it"),
        "is_lost_to_competitor": boolean(
            "it was lost, for a reason with one of the words of ``competitive_losses``"
        ),
        "amount_before_close": money("its amount before it was closed"),
        "first_amount": money("its amount when it was created"),
        "furthest_progress": number("the furthest it had come, 0 to 1"),
        "cycle_days": number("days from creation to the day it counts on"),
        "qualified_cycle_days": number("days from the qualified stage to the day it counts on"),
        "month_of_quarter": number("1, 2 or 3: which month of the fiscal quarter it counts in"),
    },
    needs={
        **DEAL_NEEDS,
        "amount_before_close": MONEY_NEEDS,
        "first_amount": MONEY_NEEDS,
        "loss_reason": _REASON_NEEDS,
        "is_lost_to_competitor": _REASON_NEEDS,
    },
)

_CREDITED = replace(
    _CLOSED,
    name="credited_opportunity",
    because=(
        "The same, with one row for each person whom the CRM credits with a part of it, and money "
        "times that part; for its owner alone where it is not split, or by ``split_credit``. A "
        "split counts from the day on which it was last written: there is no history of it."
    ),
    columns={
        **_CLOSED.columns,
        "rep_id": text("whoever has a share in it, else its owner at the time"),
        "amount": money("the person's share of its amount"),
        "amount_before_close": money("the person's share of its amount before it was closed"),
        "first_amount": money("the person's share of its amount when it was created"),
        "share": number("the person's share, above 0 to 1"),
    },
)

_CHANGE = FactTable(
    name="opportunity_change",
    because=(
        "One row for each opportunity and day on which it was created or its stage, amount, close "
        "date, forecast or owner changed, as it stood at the end of that day."
    ),
    is_state=False,
    day_columns=("changed_on",),
    columns={
        **DEAL,
        "changed_on": day("the day of the change"),
        "is_closed": boolean("it was closed after the change"),
        "is_won": boolean("it was won after the change"),
        "was_closed": boolean("it was closed before the change"),
        "stage_before": text("its stage before; null for one just created"),
        "progress_before": number("its stage's progress before"),
        "amount_before": money("its amount before"),
        "close_before": day("its close date before"),
        "is_stage_move": boolean("it moved to another stage"),
        "is_forward": boolean("it moved to a later open stage, or was won"),
        "is_backward": boolean("it moved to an earlier open stage"),
        "is_first_entry": boolean("it came to a stage further than ever before"),
        "days_in_stage_before": number("days it had been in the stage that it left"),
        "is_stage_entry": boolean("it came to an open stage, newly created or from another stage"),
        "has_left_stage": boolean("by now it has left the stage that it came to"),
        "days_in_stage": number("days it stayed in the stage that it came to, or so far"),
        "moved_on": boolean("by now it has come further than this stage, or was won"),
        "is_closed_by_now": boolean("it is closed by now"),
        "is_pushed": boolean("open, its close date moved into a later month"),
        "is_pulled_in": boolean("open, its close date moved into an earlier month"),
        "days_moved": number("days its close date moved, later is positive"),
    },
    rests_on=("opportunity", "id"),
    growing=frozenset({"days_in_stage"}),
    needs={
        **DEAL_NEEDS,
        "amount_before": MONEY_NEEDS,
        **dict.fromkeys(
            (
                "stage_before",
                "progress_before",
                "is_stage_move",
                "is_forward",
                "is_backward",
                "is_first_entry",
                "days_in_stage_before",
                "is_stage_entry",
                "has_left_stage",
                "days_in_stage",
                "moved_on",
                "is_pushed",
                "is_pulled_in",
                "close_before",
                "days_moved",
            ),
            HISTORY_NEEDS,
        ),
    },
)

_DUE = FactTable(
    name="due_opportunity",
    because=(
        "One row for each opportunity and month in which it was to close when the month began, "
        "as it stood then, with what became of it."
    ),
    is_state=False,
    day_columns=("month_on",),
    columns={
        **DEAL,
        "month_on": day("the first day of that month"),
        "is_slipped": boolean("it is to close, or was closed, after that month"),
        "is_won_in_month": boolean("it was won by the month's end"),
        "is_lost_in_month": boolean("it was lost by the month's end"),
    },
    needs={
        **DEAL_NEEDS,
        "month_on": HISTORY_NEEDS,
    },
)

DEAL_FACTS = (_CREATED, _QUALIFIED, _CLOSED, _CREDITED, _CHANGE, _DUE)
