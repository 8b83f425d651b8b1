"""What it pays to move one deal across a kink or a cliff."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import (
    Check,
    Finding,
    NotMeasurable,
    Number,
    Seen,
    Severity,
    place,
)
from bot.compensation.curve import Bend
from bot.compensation.evidence import PayEvidence
from bot.compensation.payout import target_of
from bot.compensation.plan import Component
from bot.domain.metric import Unit

#: Components that count deals move by one deal as well.
BY_DEAL = frozenset({"won_amount", "won_count"})


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    for component in evidence.plan.components:
        bends = [each for each in component.curve.bends() if each.is_cliff or _rises(each)]
        if not bends or component.metric not in BY_DEAL:
            continue
        size = evidence.usual_deal if component.metric == "won_amount" else Decimal(1)
        quota = component.quota or _usual_quota(evidence, component)
        if size is None or quota is None:
            yield NotMeasurable(
                because=f"the usual deal, or the usual quota, of '{component.title}' is not known"
            )
            continue
        for bend in bends:
            gain = gain_across(bend, size / quota)
            if gain > threshold:
                yield _finding(evidence, component, bend, size=size, gain=gain)


def _rises(bend: Bend) -> bool:
    return bend.rate_after > bend.rate_before


def gain_across(bend: Bend, deal: Decimal) -> Decimal:
    """Of the target pay: what a deal pays beyond the bend more than below it."""
    return bend.jump + deal * max(bend.rate_after - bend.rate_before, Decimal(0))


def _usual_quota(evidence: PayEvidence, component: Component) -> Decimal | None:
    """From what people sold at their attainment."""
    told = sorted(
        period.sold / attained
        for period in evidence.settled()
        if (attained := period.attained.get(component.key)) and period.sold > 0
    )
    return told[len(told) // 2] if told else None


def _finding(
    evidence: PayEvidence, component: Component, bend: Bend, *, size: Decimal, gain: Decimal
) -> Finding:
    target = target_of(evidence.plan.variable, component.period, 1) * component.weight
    kind = "cliff" if bend.is_cliff else "kink"
    return Finding(
        subject=f"{component.key} at {bend.at.normalize():f}",
        severity=Severity.HIGH if bend.is_cliff else Severity.MEDIUM,
        what=f"'{component.title}' has a {kind} at {bend.at:.0%} of quota: one usual deal "
        f"moved across it pays {gain:.0%} of the target more.",
        numbers=(
            Number(
                label="Gain of moving one usual deal", value=gain * target, unit=Unit.MONEY,
                source=place(evidence, component.line), is_pay=True,
            ),
            Number(
                label="The usual deal", value=size, source="/metric median_won_amount",
                unit=Unit.MONEY if component.metric == "won_amount" else Unit.COUNT,
            ),
            Number(label="Rate before", value=bend.rate_before, unit=Unit.COUNT),
            Number(label="Rate after", value=bend.rate_after, unit=Unit.COUNT),
        ),
        next_step="Make it a marginal rate that rises in small steps, so that no single deal is "
        "worth moving.",
    )  # fmt: skip


CHECK = Check(
    id="C14",
    title="Kinks and cliffs",
    because="Where one deal more or less changes the pay by much, deals are moved, not won.",
    source="Larkin, Journal of Labor Economics 2014: accelerators move timing and discounts",
    threshold=Decimal("0.25"),
    look=look,
)
