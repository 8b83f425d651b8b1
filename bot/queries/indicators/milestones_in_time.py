"""Milestones show early what the first deal shows late."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

IN_PLACE, ON_THE_WAY = 0.8, 0.6


def read(look: ManagerLook) -> Sign:
    hires = look.new_hires.hires
    due = [
        (hire, line)
        for hire in hires
        for line in hire.progress.asked
        if line.due_on < look.today or line.reached_on is not None
    ]
    if not due:
        told = "no milestone was due yet" if hires else "nobody is on a programme"
        return unknown(told, can_wait=True)
    met = sum(line.reached_on is not None and line.reached_on <= line.due_on for _, line in due)
    return Sign(
        standing=standing_of(met / len(due), in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{met} of {len(due)}",
        facts=len(due),
        behind=tuple(f"{hire.rep.name}: {hire.words}" for hire in hires),
    )


INDICATOR = Indicator(
    key="milestones_in_time",
    duty=Duty.ONBOARDING,
    order=2,
    title="Onboarding milestones in time",
    because=(
        "Milestones of your new hires that were met by the working day they were due, of those "
        "that are due by now; in place from eight in ten, on the way from six in ten."
    ),
    source="/ramp",
    next_step="look with /ramp at the first late milestone, and clear its way.",
    becomes_known="a new hire on a programme.",
    read=read,
)
