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
        "is_in_burst": boolean(
            "one of ten or more calls, meetings and tasks written down within ten minutes, after "
            "they were done"
        ),
        "is_missed": boolean("a meeting whose subject says that it was cancelled or missed"),
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

_MEETING = FactTable(
    name="meeting",
    because=(
        "One row for each meeting with somebody outside, on the day it was to take place, whether "
        "it was held or missed."
    ),
    is_state=False,
    day_columns=("meeting_on",),
    columns={
        "id": text("the Event's record id"),
        "rep_id": text("its owner"),
        "meeting_on": day("the day it was to take place"),
        "is_missed": boolean("its subject says that it was cancelled or missed"),
        "is_held": boolean("held, or made up for with the same person within 7 days"),
        "is_first_with_account": boolean("no other was held with the account in 90 days before"),
        "minutes_to_follow_up": number(
            "from its end to the rep's next call or e-mail to the same person or on the same "
            "deal, within 14 days"
        ),
        "who_id": text("the contact or lead"),
        "opportunity_id": text("the opportunity it is on"),
        "account_id": text("the account it is on"),
    },
    rests_on=("crm_event", "id"),
    needs={"minutes_to_follow_up": ("crm_task", "who_id")},
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
        "minutes_to_first_touch": number(
            "from creation to the first call, e-mail or meeting, in the hours that app.yaml names"
        ),
        "touches": number("calls, e-mails and meetings with it in its first ten days"),
    },
    rests_on=("lead", "id"),
    needs={
        "lead_source": ("lead", "lead_source"),
        "minutes_to_first_touch": ("crm_task", "who_id"),
        "touches": ("crm_task", "who_id"),
    },
)

_EMAIL_THREAD = FactTable(
    name="email_thread",
    because=(
        "One row for each exchange of e-mails that a rep began, on the day of the first one. "
        "Out-of-office answers, bounces and other automatic e-mails belong to none; an e-mail "
        "of which the CRM knows no thread is left out."
    ),
    is_state=False,
    day_columns=("sent_on",),
    columns={
        "id": text("the first e-mail's record id"),
        "rep_id": text("who sent it"),
        "sent_on": day("the day it was sent"),
        "is_answered": boolean("somebody outside wrote back"),
    },
    rests_on=("email_message", "thread_id"),
    # Where e-mails are captured and kept elsewhere, the few that are records tell of no habit.
    needs={
        "sent_on": ("crm_task", "e-mail records"),
        "is_answered": ("email_message", "is_incoming"),
    },
)

_ACCOUNT = FactTable(
    name="account",
    because="One row for each account that had been created by the day ``as_of``.",
    is_state=True,
    day_columns=("as_of",),
    columns={
        "id": text("the account's record id"),
        "rep_id": text("its owner, as the CRM has it now"),
        "as_of": day("the day whose state this is"),
        "name": text("its name"),
        "type": text("its Type"),
        "industry": text("its Industry"),
        "last_touch_on": day("the last activity of anybody with it by the day"),
        "days_untouched": number("days since then; null when it was never touched"),
    },
    rests_on=("account", "owner_id"),
    needs={
        "type": ("account", "type"),
        "industry": ("account", "industry"),
        "last_touch_on": ("crm_task", "account_id"),
        "days_untouched": ("crm_task", "account_id"),
    },
)

WORK_FACTS = (_ACTIVITY, _MEETING, _LEAD, _EMAIL_THREAD, _ACCOUNT)
