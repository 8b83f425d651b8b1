"""What the best earn against the middle."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from bot.compensation.check import Check, Finding, NotMeasurable, Number, Seen, Severity, too_little
from bot.compensation.evidence import PayEvidence
from bot.compensation.figures import top_against_middle
from bot.domain.metric import Unit

#: A tenth of fewer is less than one person.
FEWEST = 10
MOST = 3.0


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if missing := too_little(evidence, people=FEWEST):
        yield missing
        return
    paid: dict[str, float] = {}
    target: dict[str, float] = {}
    for period in evidence.settled():
        paid[period.person] = paid.get(period.person, 0.0) + float(period.paid)
        target[period.person] = target.get(period.person, 0.0) + float(period.target)
    ratios = [paid[who] / target[who] for who in paid if target[who]]
    if len(ratios) < FEWEST:
        yield NotMeasurable(because=f"it takes {FEWEST} people with pay at target")
        return
    span = top_against_middle(ratios)
    # It must not hang on one person.
    without = [_ratio(ratios[:n] + ratios[n + 1 :]) for n in range(len(ratios))]
    is_low = max(*without, span.high) < float(threshold)
    is_high = min(*without, span.low) > MOST
    if is_low or is_high:
        ratio = _ratio(ratios)
        yield Finding(
            subject="top",
            severity=Severity.LOW if is_low else Severity.MEDIUM,
            what=f"The best tenth is paid {ratio:.1f} times the middle, "
            + ("little more for much more." if is_low else "so most pay goes to few."),
            numbers=(
                Number(label="Best tenth against the middle", value=ratio, unit=Unit.COUNT),
                Number(
                    label="98 in 100 such teams lie between",
                    value=f"{span.low:.1f} and {span.high:.1f}",
                    unit=None,
                ),
                Number(label="People", value=len(ratios), unit=Unit.COUNT),
            ),
            next_step="Raise the rate beyond the quota, or lift the cap."
            if is_low
            else "Look at how quotas and accounts are cut before touching rates.",
        )


def _ratio(ratios: Sequence[float]) -> float:
    middle = float(np.median(ratios))
    return float(np.quantile(ratios, 0.9)) / middle if middle else np.inf


CHECK = Check(
    id="C10",
    title="The best against the middle",
    because="Where the best earn hardly more than the middle, the best look elsewhere.",
    source="Cygnal: 1.5 to 3 times the median",
    threshold=Decimal("1.5"),
    look=look,
)
