"""Who is paid by which plan, and what is wrong with one of them; told to the bot as settings."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from integrations.sandbox.changes import SlackPerson
from integrations.sandbox.org.effort import quarter_end
from integrations.sandbox.org.roles import Role
from integrations.sandbox.org.scene import Scene

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


#: Of the enterprise plan, and how far they are done in a quarter.
TASKS, DONE = ("three_plans", "reviews"), (0.5, 0.75, 1.0, 1.0)
QUARTERS = 8


def task_results(scene: Scene) -> Mapping[str, object]:
    """How far tasks were done in the quarters that are over, as `people:` of app.yaml has it."""
    found: dict[str, object] = {}
    for person in scene.cast.executives():
        if person.role_on(scene.today) is Role.ENTERPRISE:
            rng = scene.stream("tasks", person.handle)
            told = [
                {"begins": each, "done": {task: rng.choice(DONE) for task in TASKS}}
                for each in _quarters_before(scene.today)
            ]
            found[person.email] = {"pay": {"tasks": told}}
    return found


def _quarters_before(day: date) -> list[date]:
    """The first days of the last quarters that are over."""
    found: list[date] = []
    while len(found) <= QUARTERS:
        end = quarter_end(day)
        begins = end.replace(month=end.month - 2, day=1)
        found.append(begins)
        day = begins - timedelta(days=1)
    return found[1:]
