"""Whoever hires only when somebody has left, hires in haste."""

from bot.domain.duty import Duty, Sign, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook


def read(look: ManagerLook) -> Sign:
    _ = look
    return unknown("nothing recorded yet")


INDICATOR = Indicator(
    key="interviews_without_slot",
    duty=Duty.TALENT,
    order=1,
    title="Interviews without an open slot",
    because=(
        "Interviews held in 30 days while no slot was open; in place from two, on the way from one."
    ),
    source="/bench",
    next_step="ask one of your best reps whom they would hire, and meet that person this week.",
    becomes_known="interviews noted with /interview.",
    read=read,
)
