"""Periods in which people earned nothing."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import Check, Finding, Number, Seen, Severity, too_little
from bot.compensation.evidence import PayEvidence
from bot.compensation.figures import share_over_people
from bot.domain.metric import Unit


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if missing := too_little(evidence):
        yield missing
        return
    nothing: dict[str, list[bool]] = {}
    for period in evidence.settled():
        nothing.setdefault(period.person, []).append(period.paid <= 0)
    found = share_over_people(nothing)
    if found.low > float(threshold):
        gates = [each for each in evidence.plan.components if each.curve.threshold]
        yield Finding(
            subject="nothing",
            severity=Severity.HIGH,
            what=f"In {found.estimate:.0%} of the settled periods somebody past their ramp earned "
            "no variable pay at all.",
            numbers=(
                Number(label="Periods without pay", value=found.estimate, unit=Unit.SHARE),
                Number(label="At least, by nine in ten", value=found.low, unit=Unit.SHARE),
            ),
            next_step="Pay a lower rate under the threshold in place of nothing."
            if gates
            else "See whether the quotas of those periods were ones that could be reached.",
        )


CHECK = Check(
    id="C09",
    title="Nothing earned",
    because="Whoever earns nothing for a whole period stops reading the plan.",
    source="Cygnal: fewer than 5 %",
    threshold=Decimal("0.05"),
    look=look,
)
