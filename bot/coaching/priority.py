"""The one scale on which rules compare what they wish to say.

A priority is *likelihood x gain x actionability*, each in 0..1:

* **likelihood**: how probable it is that what was noticed is true. A date in the past is a fact
  (1); a deal without logged activity may be a deal whose calls nobody logged (less).
* **gain**: what is at stake. 0.5 is what is usual: a median deal of the role in its last stage, or
  ``USUAL_LEVERAGE`` of the amount won. More of it brings the gain nearer to 1, ever more slowly.
* **actionability**: the share of the gain that one step of the rep this week may bring about.

The numbers that rules put in are expert priors. They decide an order, never a claim to a person.
"""

import math
from collections.abc import Iterable

from bot.coaching.rep_view import OpenOpportunity, RoleNorms

#: A share of the won amount; a focus metric that promises this much weighs as a median deal does.
USUAL_LEVERAGE = 0.02
#: A deal without an amount, or in a role without norms, weighs as much as the usual one.
WEIGHT_OF_UNKNOWN_AMOUNT = 0.5
#: Most of what was done is logged.
CONFIDENCE_IN_A_COUNT = 0.8


def priority(*, likelihood: float, gain: float, actionability: float) -> float:
    """A number in 0..1; raises ValueError when a factor lies outside it."""
    for name, factor in (
        ("likelihood", likelihood),
        ("gain", gain),
        ("actionability", actionability),
    ):
        if not 0 <= factor <= 1:
            raise ValueError(f"{name} {factor} does not lie in 0..1")
    return likelihood * gain * actionability


def stake(deal: OpenOpportunity, norms: RoleNorms) -> float:
    """What one deal has at stake: its amount against the role's, more the later it stands."""
    amount, usual = deal.amount_cents, norms.amount_median_cents
    known = amount is not None and usual > 0
    weight = _saturating(amount or 0, usual=usual) if known else WEIGHT_OF_UNKNOWN_AMOUNT
    return weight * (1 + deal.stage_progress) / 2


def joint_stake(deals: Iterable[OpenOpportunity], norms: RoleNorms) -> float:
    """What several deals have at stake together: more than any one of them, never above 1."""
    return 1 - math.prod(1 - stake(deal, norms) for deal in deals)


def gain_of_leverage(leverage: float) -> float:
    """The gain of moving a metric that promises ``leverage``, a share of the amount won."""
    return _saturating(leverage, usual=USUAL_LEVERAGE)


def confidence(facts: int, *, min_facts: int) -> float:
    """How far a reading can be relied upon: 0.5 at the fewest facts that say anything at all.

    A metric that asks for no facts is a plain count; that nothing was counted is known as well.
    """
    return _saturating(facts, usual=min_facts) if min_facts else CONFIDENCE_IN_A_COUNT


def _saturating(value: float, *, usual: float) -> float:
    """0 for nothing, 0.5 for what is usual, towards 1 for ever more."""
    worth = max(value, 0.0)
    return worth / (worth + usual)
