"""Scores that are given before the debrief are one's own."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

IN_PLACE, ON_THE_WAY = 0.9, 0.7


def read(look: ManagerLook) -> Sign:
    hiring = look.hiring
    if hiring.scored_share is None:
        return unknown("no interview in 90 days")
    held = hiring.interviews_in_90_days
    alone = hiring.independent_share
    return Sign(
        standing=standing_of(hiring.scored_share, in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{round(hiring.scored_share * held)} of {held}",
        facts=held,
        behind=()
        if alone is None
        else (f"Scored before anybody else's scores could be seen: {look.share(alone)}.",),
    )


INDICATOR = Indicator(
    key="scorecards_in_time",
    duty=Duty.TALENT,
    order=3,
    title="Scorecards handed in",
    because=(
        "Interviews of the last 90 days with a scorecard; in place from nine in ten, on the way "
        "from seven in ten."
    ),
    source="/interview",
    next_step="ask for the scores that are missing before you talk about the person.",
    becomes_known="interviews scored with /interview.",
    read=read,
)
