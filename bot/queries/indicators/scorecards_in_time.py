"""Scores that are given before the debrief are one's own."""

from bot.domain.duty import Duty, Sign, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook


def read(look: ManagerLook) -> Sign:
    _ = look
    return unknown("nothing recorded yet")


INDICATOR = Indicator(
    key="scorecards_in_time",
    duty=Duty.TALENT,
    order=3,
    title="Scorecards handed in",
    because=(
        "Interviews whose interviewers all scored before the debrief; in place from nine in ten."
    ),
    source="/interview",
    next_step="ask for the scores that are missing before you talk about the person.",
    becomes_known="interviews scored with /interview.",
    read=read,
)
