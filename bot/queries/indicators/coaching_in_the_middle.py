"""The strongest need little and the newest take all there is; the middle has most to gain."""

from bot.coaching.coaching_spread import FEWEST_TALKS, coaching_spread
from bot.domain.duty import Duty, Sign, Standing, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook


def read(look: ManagerLook) -> Sign:
    spread = coaching_spread(look.reports)
    if spread is None:
        talks = look.count(sum(each.talks for each in look.reports), "one-on-one")
        return unknown(f"{talks} in eight weeks, it takes {FEWEST_TALKS} and a middle")
    if spread.core.estimate >= spread.core_reps_share:
        standing = Standing.IN_PLACE
    else:
        standing = Standing.TO_DO if spread.is_uneven else Standing.ON_THE_WAY
    return Sign(
        standing=standing,
        told=f"{spread.talks - spread.at_ends} of {spread.talks}",
        facts=spread.talks,
        doubt=(
            f"an even hand gives {look.share(spread.core_reps_share)}; "
            f"{look.share(spread.core.low)} to {look.share(spread.core.high)} would fit"
        ),
        behind=tuple(f"{each.first_name}: {each.talks} in eight weeks" for each in look.reports),
    )


INDICATOR = Indicator(
    key="coaching_in_the_middle",
    duty=Duty.FRAMEWORK,
    order=4,
    title="1:1s with those in between",
    because=(
        "Of the 1:1s of eight weeks, those with reps who are neither among the strongest quarter "
        "of their role nor finding their feet; in place when they get their even share, to do when "
        "they get less than chance would leave them."
    ),
    source="/coach",
    next_step="give one slot of next week to somebody in the middle.",
    becomes_known="eight 1:1s in eight weeks, and at least two reps in between.",
    read=read,
)
