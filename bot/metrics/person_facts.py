"""Tables of facts about people: their quotas, and how they began."""

from bot.metrics.fact_table import FactTable, boolean, day, money, number, text

_HISTORY_NEEDS = ("opportunity_history", "stage_name")

_QUOTA = FactTable(
    name="quota_period",
    because=(
        "One row for each person with a quota in the fiscal period (a quarter unless app.yaml "
        "says otherwise) that holds the day ``as_of``, as the period stands on that day."
    ),
    is_state=True,
    day_columns=("as_of",),
    columns={
        "id": text("a quota's record id"),
        "rep_id": text("whose quota it is"),
        "as_of": day("the day whose state this is"),
        "quota": money("the quota of the period, as the CRM has it now"),
        "won": money("won in the period by the day"),
        "open_due": money("open on the day with a close date in the period"),
        "open_due_at_start": money(
            "open on the period's first day with a close date in it, as it stood then"
        ),
        "weighted_due": money(
            "open on the day with a close date in the period, each times the share won so far of "
            "the deals that were ever in its stage"
        ),
        "commit_due": money("of that, what is in the commit forecast"),
        "gap": money("what is missing to the quota; 0 once it is reached"),
        "elapsed_share": number("the share of the period's weekdays that are over, 0 to 1"),
    },
    rests_on=("quota", "amount_cents"),
    needs={
        "won": ("opportunity", "amount_cents"),
        "open_due": ("opportunity", "amount_cents"),
        "open_due_at_start": _HISTORY_NEEDS,
        "weighted_due": _HISTORY_NEEDS,
        "commit_due": ("opportunity", "forecast_category"),
        "gap": ("opportunity", "amount_cents"),
    },
)

_START = FactTable(
    name="rep_start",
    because="One row for each person by the day ``as_of``, with how long their firsts took.",
    is_state=True,
    day_columns=("as_of",),
    columns={
        "id": text("the person's record id"),
        "rep_id": text("the person"),
        "as_of": day("the day whose state this is"),
        "started_on": day("the day the CRM has known them from"),
        "days_so_far": number("days from then to the day"),
        "first_deal_on": day("the close date of the first deal won"),
        "first_qualified_on": day("the day an opportunity of theirs first reached the stage"),
        "first_meeting_on": day("the day of the first meeting held"),
        "days_to_first_deal": number("days until then, or so far"),
        "days_to_first_qualified": number("days until then, or so far"),
        "days_to_first_meeting": number("days until then, or so far"),
        "has_deal": boolean("a deal was won by the day"),
        "has_qualified": boolean("an opportunity reached the qualified stage by the day"),
        "has_met": boolean("a meeting was held by the day"),
    },
    rests_on=("crm_user", "created_at"),
    needs={
        "first_meeting_on": ("crm_event", "id"),
        "days_to_first_meeting": ("crm_event", "id"),
        "has_met": ("crm_event", "id"),
        "days_to_first_deal": ("opportunity", "id"),
        "days_to_first_qualified": ("opportunity", "id"),
    },
)

_PACE = FactTable(
    name="pipeline_pace",
    because=(
        "One row for each person in a role, or who made pipeline in the fiscal quarter that holds "
        "the day ``as_of`` or in the four before it, each looked at until the same share of its "
        "weekdays was over."
    ),
    is_state=True,
    day_columns=("as_of",),
    columns={
        "id": text("the person's record id"),
        "rep_id": text("the person"),
        "as_of": day("the day whose state this is"),
        "qualified_amount": money(
            "of the deals that became qualified so far in the quarter, as of that day of each"
        ),
        "usual_qualified_amount": money(
            "the same, on average, of those of the four quarters before that the person was here "
            "for, in the present role, from the first day; drawn to what others of the role made "
            "in theirs as if that were two quarters more"
        ),
        "earlier_quarters": number("how many quarters of the person's own these are"),
        "role_quarters": number(
            "how many quarters of others in the role; 0 for whoever began in this quarter. Fewer "
            "than eight draw nothing"
        ),
        "elapsed_share": number("the share of the quarter's weekdays that are over, 0 to 1"),
    },
    needs={
        "qualified_amount": ("opportunity", "amount_cents"),
        "usual_qualified_amount": _HISTORY_NEEDS,
        "earlier_quarters": ("crm_user", "created_at"),
    },
)

PERSON_FACTS = (_QUOTA, _START, _PACE)
