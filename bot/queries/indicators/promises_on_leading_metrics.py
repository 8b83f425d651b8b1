"""A 1:1 that ends in one measurable promise changes something; one that ends in talk does not."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.domain.ids import MetricKey
from bot.domain.metric import Timing
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

FEWEST = 4
IN_PLACE, ON_THE_WAY = 0.6, 0.3


def read(look: ManagerLook) -> Sign:
    metrics = look.runtime.metrics
    if len(look.talks) < FEWEST:
        return unknown(f"{look.count(len(look.talks), 'one-on-one')} in 90 days, it takes {FEWEST}")
    leading = [
        talk
        for talk in look.talks
        if talk.metric is not None
        and MetricKey(talk.metric) in metrics
        and metrics[MetricKey(talk.metric)].metric.timing is not Timing.LAGGING
    ]
    promised = sum(talk.has_promise for talk in look.talks)
    return Sign(
        standing=standing_of(
            len(leading) / len(look.talks), in_place=IN_PLACE, on_the_way=ON_THE_WAY
        ),
        told=f"{len(leading)} of {len(look.talks)}",
        facts=len(look.talks),
        behind=(
            f"{look.count(len(look.talks), 'one-on-one')} in 90 days",
            f"{sum(talk.is_noted for talk in look.talks)} of them noted with /coach",
            f"{promised} ended in a commitment, {len(leading)} in one on a leading metric",
        ),
    )


INDICATOR = Indicator(
    key="promises_on_leading_metrics",
    duty=Duty.LEADING_METRICS,
    order=1,
    title="1:1s that end in a leading metric",
    because=(
        "Of the 1:1s of 90 days, those with a commitment on a metric that moves before the sale; "
        "in place from six in ten, on the way from three in ten."
    ),
    source="/coach",
    next_step="end your next 1:1 with one number the rep will move, and note it with /coach.",
    becomes_known="four 1:1s in 90 days, noted with /coach or in your calendar.",
    read=read,
)
