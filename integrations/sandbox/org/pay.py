"""Who is paid by which plan, and what is wrong with one of them; told to the bot as settings."""

from collections.abc import Iterable, Mapping

from integrations.sandbox.changes import SlackPerson

PLANS = {
    "sdr_outbound": "sdr_outbound",
    "smb_ae": "smb_ae",
    "mid_market_ae": "legacy_mid_market",
    "enterprise_ae": "enterprise_ae",
    "manager": "sales_manager",
}
#: They may audit plans; operations, who run payroll, see single people's pay as well.
LEADERS = ("VP Sales", "Sales Manager, Mid-Market")
SEES_EACH_PERSON = ("Revenue Operations Manager",)

#: Two fifths of the mid-market plan pay for e-mails, activities and calls, which nobody wants.
TRUTH: Mapping[str, object] = {
    "misaligned_plan": "legacy_mid_market",
    "pays_for_what_no_objective_names": ["emails", "activities", "calls"],
    "wanted_and_not_paid_for": ["pipeline"],
    "cliff_at": "1",
    "checks": ["C01", "C02", "C03", "C04", "C14", "C15", "C17", "C19", "C20"],
}


def pay_settings(people: Iterable[SlackPerson]) -> Mapping[str, object]:
    """As the section `pay:` of app.yaml has it."""
    known = list(people)
    return {
        "plans": dict(PLANS),
        "leaders": [each.email for each in known if each.title in LEADERS],
        "sees_each_person": [each.email for each in known if each.title in SEES_EACH_PERSON],
    }
