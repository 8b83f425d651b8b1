"""A new hire without a programme learns by accident."""

from bot.domain.duty import Duty, Sign, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook


def read(look: ManagerLook) -> Sign:
    _ = look
    return unknown("nothing recorded yet")


INDICATOR = Indicator(
    key="programme_per_role",
    duty=Duty.ONBOARDING,
    order=1,
    title="Roles with an onboarding programme",
    because=("Reps whose role has a file under playbooks/onboarding."),
    source="/ramp",
    next_step="write the milestones of the first 30 days into a programme file.",
    becomes_known="a programme file for your reps' roles.",
    read=read,
)
