"""More measures than anybody keeps in mind."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import Check, Finding, Seen, Severity, component_number
from bot.compensation.evidence import PayEvidence


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    components = evidence.plan.components
    if len(components) > threshold:
        lightest = min(components, key=lambda each: each.weight)
        yield Finding(
            subject="measures",
            severity=Severity.MEDIUM,
            what=f"The plan has {len(components)} measures; more than {threshold} are hard to keep "
            "in mind.",
            numbers=tuple(component_number(evidence, each) for each in components),
            next_step=f"Manage '{lightest.title}' in 1:1s, and give its weight to the others.",
        )


CHECK = Check(
    id="C03",
    title="Too many measures",
    because="With each further measure the others count for less, and the plan says less.",
    source="Cygnal and others: three measures a role",
    threshold=Decimal(3),
    look=look,
)
