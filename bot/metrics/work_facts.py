"""Tables of facts about what people did: activities, meetings, leads and accounts."""

from bot.metrics.fact_table import FactTable, boolean, day, number, text

_ACTIVITY = FactTable(
    name="activity",
    because="One row for each completed call, e-mail, meeting or other task.",
    is_state=False,
    day_columns=("done_on", "logged_on"),
    columns={
        "id": text("the Task's or Event's record id"),
        "rep_id": text("its owner"),
        "kind": text("call, email, meeting or other"),
        "done_on": day("the day it was completed or, for a meeting, ended"),
        "logged_on": day("the day it was written into the CRM"),
        "seconds": number("length of a call"),
        "is_conversation": boolean("a call in which somebody was reached"),
        "is_external": boolean("it names a contact, a lead, an account or a deal"),
        "is_late_logged": boolean("written down more than a day after it was done"),
        "who_id": text("the contact or lead"),
        "opportunity_id": text("the opportunity it is on"),
        "account_id": text("the account it is on"),
    },
    # Which of the two tables a metric needs depends on the kinds it asks for; see ``needs``
    # in bot.metrics.definition.
    needs={
        "seconds": ("crm_task", "call_seconds"),
        "is_conversation": ("crm_task", "call_seconds"),
        "who_id": ("crm_task", "who_id"),
        "opportunity_id": ("crm_task", "what_id"),
    },
)

_LEAD = FactTable(
    name="lead",
    because="One row for each lead, on the day it was created.",
    is_state=False,
    day_columns=("created_on", "converted_on"),
    columns={
        "id": text("the lead's record id"),
        "rep_id": text("its owner"),
        "created_on": day("the day it was created"),
        "converted_on": day("the day it was converted"),
        "is_converted": boolean("it was converted"),
        "lead_source": text("its LeadSource"),
        "minutes_to_first_touch": number("from creation to the first call, e-mail or meeting"),
    },
    rests_on=("lead", "id"),
    needs={
        "lead_source": ("lead", "lead_source"),
        "minutes_to_first_touch": ("crm_task", "who_id"),
    },
)

WORK_FACTS = (_ACTIVITY, _LEAD)
