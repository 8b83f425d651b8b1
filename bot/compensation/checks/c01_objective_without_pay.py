"""Objectives that nobody is paid for."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import Check, Finding, NotMeasurable, Number, Seen, Severity
from bot.compensation.evidence import NO_OBJECTIVES, PayEvidence
from bot.domain.metric import Unit


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    _ = threshold
    if not evidence.objectives:
        yield NotMeasurable(because=NO_OBJECTIVES)
    served = {key for each in evidence.plan.components for key in each.serves}
    for objective in evidence.objectives:
        if objective.key in served or objective.managed_because:
            continue
        yield Finding(
            subject=objective.key,
            severity=Severity.HIGH,
            what=f"Nothing in the plan pays for '{objective.title}'.",
            numbers=(
                Number(
                    label="Its weight among the objectives",
                    value=objective.weight,
                    unit=Unit.SHARE,
                    source=f"playbooks/compensation/objectives.yaml:{objective.line}",
                ),
            ),
            next_step="Let a component serve it, or write down with managed_because: why it is "
            "managed and not paid for.",
        )


CHECK = Check(
    id="C01",
    title="Objectives without pay",
    because="What is wanted and not paid for competes with what is paid for, and loses.",
    source="Forrester's plan health scorecard; SalesGlobe's Sales Compensation Diamond",
    threshold=None,
    look=look,
)
