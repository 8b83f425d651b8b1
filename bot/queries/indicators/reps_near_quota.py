"""A team is consistent when most of it sells, not when one person carries it."""

from bot.coaching.evidence.dispersion import share_reaching
from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

NEAR = 0.8
FEWEST = 3
IN_PLACE, ON_THE_WAY = 0.75, 0.5


def read(look: ManagerLook) -> Sign:
    reached = [each.share for each in look.attainments]
    if len(reached) < FEWEST:
        return unknown(f"{look.count(len(reached), 'rep')} with a quota, it takes {FEWEST}")
    share = share_reaching(reached, NEAR)
    return Sign(
        standing=standing_of(share.estimate, in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{sum(value >= NEAR for value in reached)} of {len(reached)}",
        facts=len(reached),
        doubt=f"so few leave {look.share(share.low)} to {look.share(share.high)} open",
        behind=tuple(
            f"{each.rep.first_name}: {look.share(each.share)} of quota"
            for each in sorted(look.attainments, key=lambda each: each.rep.name)
        ),
    )


INDICATOR = Indicator(
    key="reps_near_quota",
    duty=Duty.FRAMEWORK,
    order=2,
    title="Reps at 80% of quota or more",
    because=(
        "Reps who reached 80% of their quota in the last quarter that is over, of those who were "
        "there for half of it; in place from three in four, on the way from half."
    ),
    source="/team-health framework",
    next_step="pick one rep between 60 and 80% and spend your next coaching hour there.",
    becomes_known="quotas in the CRM (ForecastingQuota) for at least three reps.",
    read=read,
)
