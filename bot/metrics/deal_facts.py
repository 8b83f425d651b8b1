"""Tables of facts about opportunities."""

from dataclasses import replace

from bot.metrics.fact_table import FactTable, boolean, day, money, number, text

_DEAL = {
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
_DEAL_NEEDS = {
    "amount": ("opportunity", "amount_cents"),
    "forecast_category": ("opportunity", "forecast_category"),
    "probability": ("opportunity", "probability"),
    "type": ("opportunity", "type"),
    "lead_source": ("opportunity", "lead_source"),
}
_MONEY_NEEDS = ("opportunity", "amount_cents")
_REASON_NEEDS = ("opportunity", "loss_reason")
_HISTORY_NEEDS = ("opportunity_history", "stage_name")

_CREATED = FactTable(
    name="opportunity_created",
    because="One row for each opportunity, on the day it was created, or on its close date.",
    is_state=False,
    day_columns=("created_on", "close_on"),
    columns={
        **_DEAL,
        "is_closed": boolean("it is closed by now"),
        "is_won": boolean("it is won by now"),
        "is_qualified": boolean("it has reached the qualified stage by now"),
        "first_amount": money("its amount when it was created"),
    },
    needs={**_DEAL_NEEDS, "first_amount": _MONEY_NEEDS},
)

_QUALIFIED = FactTable(
    name="qualified_opportunity",
    because="One row for each opportunity, on the day it first reached the qualified stage.",
    is_state=False,
    day_columns=("qualified_on",),
    columns={
        **_DEAL,
        "qualified_on": day("the day it first reached the qualified stage"),
        "qualified_amount": money("its amount on that day"),
        "is_closed": boolean("it is closed by now"),
        "is_won": boolean("it is won by now"),
        "days_to_qualify": number("days from creation to that day"),
        "days_since_qualified": number("days from that day until now, whatever became of it"),
        "days_to_close": number("days from that day until it closed, or until now while open"),
    },
    growing=frozenset({"days_since_qualified", "days_to_close"}),
    needs={**_DEAL_NEEDS, "qualified_amount": _MONEY_NEEDS},
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
        **_DEAL,
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
        **_DEAL_NEEDS,
        "amount_before_close": _MONEY_NEEDS,
        "first_amount": _MONEY_NEEDS,
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
        **_DEAL,
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
        **_DEAL_NEEDS,
        "amount_before": _MONEY_NEEDS,
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
            _HISTORY_NEEDS,
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
        **_DEAL,
        "month_on": day("the first day of that month"),
        "is_slipped": boolean("it is to close, or was closed, after that month"),
        "is_won_in_month": boolean("it was won by the month's end"),
        "is_lost_in_month": boolean("it was lost by the month's end"),
    },
    needs={
        **_DEAL_NEEDS,
        "month_on": _HISTORY_NEEDS,
    },
)

_OPEN = FactTable(
    name="open_opportunity",
    because="One row for each opportunity that is open at the end of the day ``as_of``.",
    is_state=True,
    day_columns=("as_of",),
    columns={
        **_DEAL,
        "as_of": day("the day whose state this is"),
        "first_amount": money("its amount when it was created"),
        "is_qualified": boolean("it has reached the qualified stage"),
        "days_open": number("days since it was created"),
        "days_in_stage": number("days since it entered its stage"),
        "weekdays_in_stage": number(
            "weekdays since it entered its stage, however days are counted"
        ),
        "usual_days_in_stage": number(
            "the days after which four of five won deals had left this stage: those of the owner's "
            "role, drawn to those of all roles as if ten more; null below ten in all roles"
        ),
        "stage_win_rate": number(
            "of all closed deals that were ever in this stage, the share won; null below thirty"
        ),
        "day_of_cycle": number(
            "1 divided by the usual cycle: the middle number of days, at least 1, that the deals "
            "won in the year before took; null below ten"
        ),
        "next_step": text("its next step, as the CRM has it now"),
        "days_since_next_step": number(
            "days since its next step was written anew; null where no pull has seen it change"
        ),
        "next_activity_on": day("the next open task or meeting on it after the day"),
        "last_activity_on": day("the last completed activity on it by the day"),
        "days_untouched": number("days since its last completed activity, or since it was created"),
        "contact_roles": number("contacts with a role on it by the day"),
        "decision_makers": number("contacts on it by the day whose role decides"),
        "decision_makers_met": number("of those, the ones met or talked to in the 90 days before"),
        "contacts_engaged": number("people met or talked to in the 90 days before"),
        "is_person": boolean("its account is a person and no company"),
    },
    needs={
        **_DEAL_NEEDS,
        "first_amount": _MONEY_NEEDS,
        "usual_days_in_stage": _HISTORY_NEEDS,
        "stage_win_rate": _HISTORY_NEEDS,
        "next_step": ("opportunity", "next_step"),
        "days_since_next_step": ("opportunity", "next_step"),
        "next_activity_on": ("crm_task", "what_id"),
        "last_activity_on": ("crm_task", "what_id"),
        "days_untouched": ("crm_task", "what_id"),
        "contact_roles": ("opportunity_contact_role", "contact_id"),
        "decision_makers": ("opportunity_contact_role", "role"),
        "decision_makers_met": ("crm_task", "who_id"),
        "contacts_engaged": ("crm_task", "who_id"),
    },
)

_OPEN_BEFORE = FactTable(
    name="opportunity_open_before",
    because=(
        "One row for each opportunity that was open four weeks before the day ``as_of``, as it "
        "stood then, whatever became of it since."
    ),
    is_state=True,
    day_columns=("as_of",),
    columns={
        **_DEAL,
        "as_of": day("the day by whose end it is told what became of it"),
        "amount_taken_off": money(
            "all decreases of its amount in the four weeks, while it was open or as it was won"
        ),
    },
    needs={**_DEAL_NEEDS, "amount_taken_off": _MONEY_NEEDS},
)

_NEXT_STEP = FactTable(
    name="next_step",
    because=(
        "One row for each time an open or closed opportunity's next step was written anew, as seen "
        "from one pull to the next."
    ),
    is_state=False,
    day_columns=("written_on",),
    columns={
        "id": text("the opportunity's record id"),
        "rep_id": text("its owner at the time"),
        "written_on": day("the day it was written"),
        "is_restamped": boolean(
            "only its date changed, and nothing was done on the deal since it was last written"
        ),
    },
    rests_on=("opportunity", "next_step"),
)

DEAL_FACTS = (
    _CREATED,
    _QUALIFIED,
    _CLOSED,
    _CREDITED,
    _CHANGE,
    _DUE,
    _OPEN,
    _OPEN_BEFORE,
    _NEXT_STEP,
)
