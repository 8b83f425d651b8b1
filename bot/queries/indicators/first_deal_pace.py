"""A programme is as good as the time it takes to the first deal, with those who still wait."""

from bot.domain.duty import Duty, Sign, Standing, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook
from bot.queries.onboarding import CohortMedian, FirstDealPace, first_deal_pace

STANDINGS = {
    "faster": Standing.IN_PLACE,
    "not told": Standing.ON_THE_WAY,
    "slower": Standing.TO_DO,
}


def read(look: ManagerLook) -> Sign:
    """Of the role in which most is known; the worst verdict where several are."""
    known = [each for each in _paces(look) if each.verdict in STANDINGS]
    if not known:
        return unknown("too few new hires in two versions of a programme", can_wait=True)
    order = list(STANDINGS)
    worst = max(known, key=lambda each: (order.index(each.verdict), each.role))
    told = {"faster": "faster", "slower": "slower", "not told": "no difference shown"}
    return Sign(
        standing=STANDINGS[worst.verdict],
        told=told[worst.verdict],
        facts=sum(part.people for each in known for part in (each.now, each.before) if part),
        behind=tuple(
            f"{_title(look, each)}, version {part.version}: {_median(part)}, "
            f"{look.count(part.people, 'new hire')}, {part.waiting} still waiting"
            for each in known
            for part in (each.now, each.before)
            if part is not None
        ),
    )


def _paces(look: ManagerLook) -> list[FirstDealPace]:
    roles = {rep.role for rep in look.reps}
    kept = sorted({each.role for each in look.runtime.programmes} & roles)
    return [
        first_deal_pace(look.session, look.runtime, look.roster, look.yardstick, role, look.today)
        for role in kept
    ]


def _title(look: ManagerLook, pace: FirstDealPace) -> str:
    model = look.runtime.models.get(pace.role)
    return model.title if model is not None else pace.role


def _median(part: CohortMedian) -> str:
    if part.median is None:
        return "half not reached"
    span = f" ({part.low:.0f} to {part.high:.0f} would fit)" if part.low and part.high else ""
    return f"half by day {part.median:.0f}{span}"


INDICATOR = Indicator(
    key="first_deal_pace",
    duty=Duty.ONBOARDING,
    order=4,
    title="First deal against the last programme version",
    because=(
        "Days to the first deal under the newest version of a programme against the one before, "
        "those who still wait counted as waiting; in place when it is faster by more than chance, "
        "on the way when no difference is shown."
    ),
    source="/ramp cohort",
    next_step="compare with /ramp cohort what the version before asked for first.",
    becomes_known="two versions of a programme with new hires in both.",
    read=read,
)
