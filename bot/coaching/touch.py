"""How much is said to whom: lightly to those who do well, simply to those who find their feet.

Feedback helps the middle most. Who does very well is put off by it and needs no second opinion; who
struggles is overloaded by it, and more of it makes things worse. So those in the upper quarter of
their role hear praise and about deals with real money at stake, and those in the lower quarter or
still in ramp hear one simple thing at a time. Nobody is told which of them they are.
"""

from collections.abc import Mapping

import numpy as np

from bot.coaching.rep_view import Touch
from bot.domain.ids import RepId

#: With fewer settled reps in a role its quarters are anybody's luck.
FEWEST_PEERS = 6
UPPER, LOWER = 0.75, 0.25


def touches(outcomes: Mapping[RepId, float | None]) -> Mapping[RepId, Touch]:
    """The touch for each settled rep of one role, from what came of the last half year.

    None is somebody of whom nothing is known; whoever is not in between is told apart only by a
    strict margin, so that equals are treated alike.
    """
    known = {rep: value for rep, value in outcomes.items() if value is not None}
    if len(known) < FEWEST_PEERS:
        return dict.fromkeys(outcomes, Touch.USUAL)
    lower, upper = np.quantile(list(known.values()), [LOWER, UPPER])
    return {rep: _touch(known.get(rep), float(lower), float(upper)) for rep in outcomes}


def _touch(value: float | None, lower: float, upper: float) -> Touch:
    if value is None:
        return Touch.USUAL
    if value > upper:
        return Touch.LIGHT
    return Touch.SIMPLE if value < lower else Touch.USUAL
