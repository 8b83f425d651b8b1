"""Whoever hires only when somebody has left, hires in haste."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

IN_PLACE, ON_THE_WAY = 2, 1


def read(look: ManagerLook) -> Sign:
    hiring = look.hiring
    on_bench = sum(each.on_bench for each in hiring.benches)
    if not hiring.interviews_in_90_days + on_bench:
        return unknown("no interview on record yet")
    held = hiring.without_slot_in_30_days
    return Sign(
        standing=standing_of(held, in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=look.count(held, "interview"),
        facts=hiring.interviews_in_90_days + on_bench,
        behind=(
            _line(look, 30, hiring.interviews_in_30_days, held),
            _line(look, 90, hiring.interviews_in_90_days, hiring.without_slot_in_90_days),
        ),
    )


def _line(look: ManagerLook, days: int, held: int, without: int) -> str:
    interviews = look.count(held, "interview")
    return f"In {days} days: {interviews}, {without} of them without an open slot."


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
