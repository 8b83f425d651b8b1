"""Whoever wants to know whether nudging helps has to leave some of it out, by lot."""

from bot.coaching.holdout import Verdict
from bot.domain.duty import Duty, Sign, Standing, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook
from bot.queries.nudge_effect import read_nudge_effect


def read(look: ManagerLook) -> Sign:
    found = read_nudge_effect(look.session, look.today)
    if found.effect is None:
        told = f"{look.count(found.sent, 'nudge')} sent by lot, {found.withheld} held back"
        return unknown(told, can_wait=True)
    always = found.effect.always
    is_known = found.effect.verdict is not Verdict.UNKNOWN
    return Sign(
        standing=Standing.IN_PLACE if is_known else Standing.ON_THE_WAY,
        told=f"{100 * always.estimate:+.0f} points",
        facts=found.sent + found.withheld,
        doubt=f"{100 * always.low:+.0f} to {100 * always.high:+.0f} would fit",
        behind=(
            f"{look.count(found.sent, 'nudge')} sent by lot, to everybody",
            f"{found.withheld} held back by lot",
        ),
    )


INDICATOR = Indicator(
    key="nudge_effect_known",
    duty=Duty.LEADING_METRICS,
    order=4,
    title="Whether nudges help is known",
    because=(
        "How many more deals were in order a week after a nudge than after one held back by lot, "
        "over everybody; in place once the interval leaves out zero, on the way before."
    ),
    source="/coach-admin",
    next_step="keep every fifth nudge back by lot for a quarter (holdout_share: 0.2).",
    becomes_known="a holdout_share above 0 in app.yaml, and some weeks.",
    read=read,
)
