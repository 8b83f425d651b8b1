"""The yardstick for a window that somebody asked for, in place of each target's own weeks."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.windows import Window
from bot.queries.standing import prorated
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
                metric: prorated(target, window.days / (7 * target.weeks))
                if yardstick.metrics[metric].adds_up_over_days
                else target
                for metric, target in model.ranges.items()
            },
        )
        for key, model in yardstick.models.items()
    }
    return replace(yardstick, models=models, window=window)
