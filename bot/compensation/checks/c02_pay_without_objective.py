"""Measures that serve no objective."""

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
from bot.compensation.evidence import NO_OBJECTIVES, PayEvidence


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    _ = threshold
    if not evidence.objectives:
        yield NotMeasurable(because=NO_OBJECTIVES)
        return
    for component in evidence.plan.components:
        if not component.serves:
            yield Finding(
                subject=component.key,
                severity=Severity.HIGH,
                what=f"The plan pays for '{component.title}', which serves none of the objectives.",
                numbers=(component_number(evidence, component),),
                next_step="Say with serves: which objective it is there for; if there is none, "
                "give its weight to what is wanted.",
            )


CHECK = Check(
    id="C02",
    title="Pay without an objective",
    because="People do what they are paid for, also where nobody wants it any more.",
    source="SalesGlobe's Sales Compensation Diamond",
    threshold=None,
    look=look,
)
