"""Whoever is not talked to is not coached."""

from bot.coaching.manager_view import Report
from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

WORKING_DAYS = 10
IN_PLACE, ON_THE_WAY = 0.9, 0.6


def read(look: ManagerLook) -> Sign:
    if not look.reports:
        return unknown("nobody reports to you")
    lately = [each for each in look.reports if _is_lately(each)]
    return Sign(
        standing=standing_of(
            len(lately) / len(look.reports), in_place=IN_PLACE, on_the_way=ON_THE_WAY
        ),
        told=f"{len(lately)} of {len(look.reports)}",
        facts=len(look.reports),
        behind=tuple(
            f"{each.first_name}: "
            + (
                f"last 1:1 on {look.day(each.last_talk_on)}"
                if each.last_talk_on
                else "none on record"
            )
            for each in look.reports
        ),
    )


def _is_lately(report: Report) -> bool:
    return report.last_talk_on is not None and report.working_days_without <= WORKING_DAYS


INDICATOR = Indicator(
    key="coaching_coverage",
    duty=Duty.FRAMEWORK,
    order=1,
    title="Reps with a 1:1 in ten working days",
    because=(
        "1:1s noted with /coach, and calendar entries that say 1:1 and name the rep; in place from "
        "nine in ten, on the way from six in ten."
    ),
    source="/coach",
    next_step="book half an hour with whoever stands first under /coach.",
    becomes_known="a rep who reports to you in the CRM.",
    read=read,
)
