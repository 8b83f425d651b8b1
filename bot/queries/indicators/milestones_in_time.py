"""Milestones show early what the first deal shows late."""

from bot.domain.duty import Duty, Sign, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook


def read(look: ManagerLook) -> Sign:
    _ = look
    return unknown("nothing recorded yet")


INDICATOR = Indicator(
    key="milestones_in_time",
    duty=Duty.ONBOARDING,
    order=2,
    title="Onboarding milestones in time",
    because=("Milestones of your new hires that were met by the working day they were due."),
    source="/ramp",
    next_step="look with /ramp at the first late milestone, and clear its way.",
    becomes_known="a new hire on a programme.",
    read=read,
)
