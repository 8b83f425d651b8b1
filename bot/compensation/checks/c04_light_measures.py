"""Measures too light to move anybody."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import Check, Finding, Seen, Severity, component_number
from bot.compensation.evidence import PayEvidence

#: Below two thirds of the threshold it is more than good to know.
CLEARLY = Decimal(2) / 3


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    for component in evidence.plan.components:
        if component.weight < threshold:
            is_clear = component.weight < threshold * CLEARLY
            yield Finding(
                subject=component.key,
                severity=Severity.MEDIUM if is_clear else Severity.LOW,
                what=f"'{component.title}' is {component.weight:.0%} of the variable pay: "
                "too little to change what people do.",
                numbers=(component_number(evidence, component),),
                next_step="Make it weigh more, or manage it without pay.",
            )


CHECK = Check(
    id="C04",
    title="Measures that weigh too little",
    because="Below some 15% a measure costs attention and moves nobody.",
    source="a rule of thumb of the trade",
    threshold=Decimal("0.15"),
    look=look,
)
