"""A new hire without a programme learns by accident."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

ON_THE_WAY = 0.5


def read(look: ManagerLook) -> Sign:
    roles = sorted({rep.role for rep in look.reps if rep.is_active})
    if not roles:
        return unknown("nobody reports to you")
    known = {each.role for each in look.runtime.programmes}
    having = sum(role in known for role in roles)
    titles = look.runtime.models
    return Sign(
        standing=standing_of(having / len(roles), in_place=1, on_the_way=ON_THE_WAY),
        told=f"{having} of {len(roles)}",
        facts=len(roles),
        behind=tuple(
            f"{titles[role].title if role in titles else role}: "
            f"{'has a programme' if role in known else 'no programme yet'}"
            for role in roles
        ),
    )


INDICATOR = Indicator(
    key="programme_per_role",
    duty=Duty.ONBOARDING,
    order=1,
    title="Roles with an onboarding programme",
    because=(
        "Roles of your reps that have a programme file; in place when it is all of them, on the "
        "way from half."
    ),
    source="/ramp",
    next_step="write the milestones of the first 30 days into a programme file.",
    becomes_known="a programme file for your reps' roles.",
    read=read,
    has_past=False,
)
