"""Measures that one person does not move."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import (
    Check,
    Finding,
    NotMeasurable,
    Seen,
    Severity,
    component_number,
)
from bot.compensation.evidence import PayEvidence
from bot.compensation.plan import Control


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    components = evidence.plan.components
    shared = [each for each in components if each.control is Control.SHARED]
    for component in components:
        if component.control is Control.NONE:
            yield Finding(
                subject=component.key,
                severity=Severity.HIGH,
                what=f"'{component.title}' is paid for, and the plan itself says that people "
                "cannot move it.",
                numbers=(component_number(evidence, component),),
                next_step="Measure what the role does about it in its place.",
            )
        elif component.control is None:
            yield NotMeasurable(
                because=f"nobody has said how far people move '{component.title}'; write "
                "control: own, shared or none"
            )
    weight = sum((each.weight for each in shared), Decimal(0))
    if weight > threshold and not evidence.is_managers:
        yield Finding(
            subject="shared",
            severity=Severity.MEDIUM,
            what=f"{weight:.0%} of the variable pay hangs on what people only move together.",
            numbers=tuple(component_number(evidence, each) for each in shared),
            next_step="Keep most of the pay on what one person can bring about.",
        )


CHECK = Check(
    id="C05",
    title="Line of sight",
    because="Pay for what one cannot move is luck, and feels like it.",
    source="Cygnal; SalesGlobe's Sales Compensation Diamond",
    threshold=Decimal("0.5"),
    look=look,
)
