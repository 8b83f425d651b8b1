"""The yardstick for a window that somebody asked for, in place of each target's own weeks."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.metric import Aggregate
from bot.domain.success_model import TargetRange
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.queries.yardstick import Yardstick

LONGEST = timedelta(weeks=104)


def within_reach(window: Window) -> Window:
    """``all`` has no beginning that a range could be scaled to."""
    return replace(window, first=max(window.first, window.last - LONGEST))


def window_before(window: Window) -> Window:
    last = window.first - timedelta(days=1)
    return Window(first=last - timedelta(days=window.days - 1), last=last, label=window.label)


def over_window(yardstick: Yardstick, window: Window | None) -> Yardstick:
    """With a window asked for, every flow is read over it, its range scaled to its length."""
    if window is None:
        return yardstick
    models = {
        key: replace(
            model,
            ranges={
                metric: _over(target, window.days)
                if _adds_up(yardstick.metrics[metric])
                else target
                for metric, target in model.ranges.items()
            },
        )
        for key, model in yardstick.models.items()
    }
    return replace(yardstick, models=models, window=window)


def _adds_up(definition: Definition) -> bool:
    metric = definition.metric
    return metric.aggregate in {Aggregate.COUNT, Aggregate.SUM} and not metric.is_state


def _over(target: TargetRange, days: int) -> TargetRange:
    """The range for another number of days."""
    scale = days / (7 * target.weeks)
    return replace(target, low=target.low * scale, high=target.high * scale)
