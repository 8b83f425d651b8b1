"""Tables of facts about opportunities that are open, and about their next steps."""

from bot.metrics.deal_facts import DEAL, DEAL_NEEDS, HISTORY_NEEDS, MONEY_NEEDS
from bot.metrics.fact_table import FactTable, boolean, day, money, number, text

_OPEN = FactTable(
    name="open_opportunity",
    because="One row for each opportunity that is open at the end of the day ``as_of``.",
    is_state=True,
    day_columns=("as_of",),
    columns={
        **DEAL,
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
        **DEAL_NEEDS,
        "first_amount": MONEY_NEEDS,
        "usual_days_in_stage": HISTORY_NEEDS,
        "stage_win_rate": HISTORY_NEEDS,
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
        **DEAL,
        "as_of": day("the day by whose end it is told what became of it"),
        "amount_taken_off": money(
            "all decreases of its amount in the four weeks, while it was open or as it was won"
        ),
    },
    needs={**DEAL_NEEDS, "amount_taken_off": MONEY_NEEDS},
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

OPEN_DEAL_FACTS = (_OPEN, _OPEN_BEFORE, _NEXT_STEP)
