"""What is paid against what was meant to be paid."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import Check, Finding, Number, Seen, Severity, too_little
from bot.compensation.evidence import PayEvidence
from bot.compensation.figures import mean_over_people
from bot.domain.metric import Unit

LEAST = 0.9


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if missing := too_little(evidence):
        yield missing
        return
    ratios: dict[str, list[float]] = {}
    for period in evidence.settled():
        if period.target:
            ratios.setdefault(period.person, []).append(float(period.paid / period.target))
    found = mean_over_people(ratios)
    is_high, is_low = found.low > float(threshold), found.high < LEAST
    if is_high or is_low:
        yield Finding(
            subject="pool",
            severity=Severity.MEDIUM,
            what=f"The plan pays {found.estimate:.0%} of the variable pay at target, "
            + ("more than it is meant to cost." if is_high else "so its promise is not kept."),
            numbers=(
                Number(label="Paid against target", value=found.estimate, unit=Unit.SHARE),
                Number(
                    label="Nine in ten such teams lie between",
                    value=f"{found.low:.0%} and {found.high:.0%}",
                    unit=None,
                ),
            ),
            next_step="Try other rates with pacesetter pay simulate before the next version.",
        )


CHECK = Check(
    id="C12",
    title="Payout against the pool",
    because="A plan whose payout is far from its pool is either dear or a broken promise.",
    source="EasyComp: 105 to 115 % of the pool",
    threshold=Decimal("1.15"),
    look=look,
)
