"""What a sold unit costs in variable pay, over time."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import (
    Check,
    Finding,
    NotMeasurable,
    Number,
    Seen,
    Severity,
    too_little,
)
from bot.compensation.evidence import PayEvidence
from bot.compensation.figures import rises_by_chance
from bot.domain.metric import Unit

FEWEST_SETTLEMENTS = 4
LEVEL = 0.05


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if missing := too_little(evidence):
        yield missing
        return
    paid: dict[int, Decimal] = {}
    sold: dict[int, Decimal] = {}
    for period in evidence.periods:
        paid[period.number] = paid.get(period.number, Decimal(0)) + period.paid
        sold[period.number] = sold.get(period.number, Decimal(0)) + period.sold
    costs = [float(paid[number] / sold[number]) for number in sorted(paid) if sold[number] > 0]
    if len(costs) < FEWEST_SETTLEMENTS:
        yield NotMeasurable(
            because=f"it takes {FEWEST_SETTLEMENTS} settlements with something sold; there are "
            f"{len(costs)}"
        )
        return
    half = len(costs) // 2
    early, late = sum(costs[:half]) / half, sum(costs[-half:]) / half
    if late > early * (1 + float(threshold)) and rises_by_chance(costs) < LEVEL:
        yield Finding(
            subject="cost",
            severity=Severity.MEDIUM,
            what=f"Variable pay rose from {early:.1%} to {late:.1%} of what was sold.",
            numbers=(
                Number(
                    label="Earlier", value=f"{early:.1%}", unit=None, source="/metric won_amount"
                ),
                Number(label="Later", value=f"{late:.1%}", unit=None, source="/metric won_amount"),
                Number(label="Settlements", value=len(costs), unit=Unit.COUNT),
            ),
            next_step="See which component grew faster than sales; pacesetter pay simulate shows "
            "it.",
        )


CHECK = Check(
    id="C13",
    title="Cost of sales over time",
    because="A plan that costs more for the same sales pays for something else by now.",
    source="EasyComp; Cygnal",
    threshold=Decimal("0.1"),
    look=look,
)
