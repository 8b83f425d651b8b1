"""Measures that the records do not carry."""

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
from bot.compensation.evidence import PayEvidence, Recorded
from bot.compensation.plan import Component
from bot.domain.metric import Unit

FEWEST_FACTS = 10


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    for component in evidence.plan.components:
        if component.metric is not None:
            known = evidence.recorded.get(component.metric)
            yield from _measure(evidence, component, known, float(threshold))
    due, told = evidence.tasks_due, evidence.tasks_told
    if due and told < threshold * due:
        yield Finding(
            subject="tasks",
            severity=Severity.HIGH,
            what=f"Of {due} results of tasks that were due, {told} are written down.",
            numbers=(
                Number(label="Results due", value=due, unit=Unit.COUNT, source="app.yaml"),
                Number(label="Written down", value=told, unit=Unit.COUNT, source="app.yaml"),
            ),
            next_step="Write results down under people: when a period ends.",
        )


def _measure(
    evidence: PayEvidence, component: Component, known: Recorded | None, threshold: float
) -> Iterator[Seen]:
    if known is None or (known.facts + known.left_out < FEWEST_FACTS and not known.missing_because):
        yield NotMeasurable(because=f"there are too few records of '{component.title}' to tell")
        return
    source = f"/metric {component.metric}"
    numbers = (
        Number(label="Records that count", value=known.facts, unit=Unit.COUNT, source=source),
        Number(label="Records left out", value=known.left_out, unit=Unit.COUNT, source=source),
    )
    step = f"/metric {component.metric} says what is missing; mend that before it is paid for."
    if known.missing_because:
        yield Finding(
            subject=component.key,
            severity=Severity.HIGH,
            what=f"'{component.title}' is paid for and cannot be measured: "
            f"{known.missing_because}.",
            numbers=(Number(label="Where", value=component.title, unit=None,
                            source=place(evidence, component.line)),),
            next_step=step,
        )  # fmt: skip
    elif (share := known.facts / (known.facts + known.left_out)) < threshold:
        yield Finding(
            subject=component.key,
            severity=Severity.HIGH,
            what=f"Of the records that '{component.title}' pays for, {share:.0%} can be counted.",
            numbers=numbers,
            next_step=step,
        )


CHECK = Check(
    id="C07",
    title="Data recorded",
    because="What is not in the records is paid by argument.",
    source="Cygnal: nine of ten records, at least",
    threshold=Decimal("0.9"),
    look=look,
)
