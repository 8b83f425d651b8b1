"""Somebody new needs to be talked to every week."""

from datetime import timedelta

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook
from bot.queries.touches import RAMP_DAYS

WEEKS = 4
WEEK = timedelta(days=7)
IN_PLACE, ON_THE_WAY = 0.75, 0.5


def read(look: ManagerLook) -> Sign:
    """Weeks of new hires with a 1:1, of the last four whole ones in which they were there."""
    hires = [rep for rep in look.reps if (look.today - rep.joined_on).days < RAMP_DAYS]
    due, held, behind = 0, 0, []
    for rep in hires:
        days = [talk.day for talk in look.talks if talk.rep == rep.id]
        ends = [look.today - WEEK * back for back in range(WEEKS)]
        ends = [end for end in ends if end - WEEK >= rep.joined_on]
        talked = sum(any(end - WEEK < day <= end for day in days) for end in ends)
        due, held = due + len(ends), held + talked
        behind.append(f"{rep.first_name}: a 1:1 in {talked} of {len(ends)} weeks")
    if not due:
        return unknown("nobody is new on the team", can_wait=True)
    return Sign(
        standing=standing_of(held / due, in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{held} of {due} weeks",
        facts=due,
        behind=tuple(behind),
    )


INDICATOR = Indicator(
    key="new_hire_talks",
    duty=Duty.ONBOARDING,
    order=3,
    title="New hires with a weekly 1:1",
    because=(
        "Of the last four weeks of each new hire, those with a 1:1 on record; in place from three "
        "in four, on the way from half."
    ),
    source="/coach",
    next_step="put a weekly half hour with each new hire into your calendar, called 1:1.",
    becomes_known="a new hire on your team.",
    read=read,
)
