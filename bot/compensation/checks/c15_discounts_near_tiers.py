"""Whether discounts at the end of a period are larger where a tier is near."""

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from bot.compensation.check import Check, Finding, NotMeasurable, Number, Seen, Severity, too_little
from bot.compensation.evidence import PayEvidence
from bot.domain.metric import Unit

FEWEST = 10
LEVEL = 0.05


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if missing := too_little(evidence):
        yield missing
        return
    if evidence.no_discount_because:
        yield NotMeasurable(because=evidence.no_discount_because)
        return
    if evidence.usual_deal is None:
        yield NotMeasurable(because="the usual deal is not known, so no tier is near or far")
        return
    near: list[float] = []
    far: list[float] = []
    for deal in evidence.deals:
        if deal.is_late and deal.discount is not None:
            is_near = deal.to_tier is not None and deal.to_tier <= evidence.usual_deal
            (near if is_near else far).append(deal.discount)
    if min(len(near), len(far)) < FEWEST:
        yield NotMeasurable(
            because=f"it takes {FEWEST} deals with a discount at the end of periods near a tier, "
            f"and as many far from one; there are {len(near)} and {len(far)}"
        )
        return
    from scipy import stats  # noqa: PLC0415 - slow to import

    gap = float(np.mean(near) - np.mean(far))
    p = float(stats.ttest_ind(near, far, equal_var=False, alternative="greater").pvalue)
    if gap > float(threshold) and p < LEVEL:
        yield Finding(
            subject="discount",
            severity=Severity.HIGH,
            what=f"At the end of a period discounts are {gap * 100:.1f} points larger where one "
            "usual deal reaches the next tier.",
            numbers=(
                Number(label="Discount near a tier", value=f"{np.mean(near):.1%}", unit=None),
                Number(label="Discount elsewhere", value=f"{np.mean(far):.1%}", unit=None),
                Number(label="Deals near a tier", value=len(near), unit=Unit.COUNT),
            ),
            next_step="Ask for an approval of discounts in the last ten days, and flatten that "
            "tier.",
        )


CHECK = Check(
    id="C15",
    title="Discounts by distance to a tier",
    because="A discount that reaches a tier is paid by the company twice.",
    source="Larkin, Journal of Labor Economics 2014; p below 0.05 and more than two points",
    threshold=Decimal("0.02"),
    look=look,
)
