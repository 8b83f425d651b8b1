"""Whether those who contribute more are paid more."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import Check, Finding, Number, Seen, Severity, too_little
from bot.compensation.evidence import PayEvidence
from bot.compensation.figures import rank_correlation
from bot.domain.metric import Unit

FEWEST = 8


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if missing := too_little(evidence, people=FEWEST):
        yield missing
        return
    paid: dict[str, float] = {}
    sold: dict[str, float] = {}
    for period in evidence.settled():
        paid[period.person] = paid.get(period.person, 0.0) + float(period.paid)
        sold[period.person] = sold.get(period.person, 0.0) + float(period.sold)
    people = sorted(paid)
    if len(set(sold.values())) < 2:  # noqa: PLR2004 - alike, so nothing to go with
        return
    found = rank_correlation([paid[who] for who in people], [sold[who] for who in people])
    if found.high < float(threshold):
        yield Finding(
            subject="performance",
            severity=Severity.HIGH,
            what="Who sells more is not paid more: the order of pay has little to do with the "
            "order of sales.",
            numbers=(
                Number(
                    label="Rank correlation of pay and sales",
                    value=f"{found.estimate:.2f} ({found.low:.2f} to {found.high:.2f})",
                    unit=None,
                    source="/metric won_amount",
                ),
                Number(label="People", value=len(people), unit=Unit.COUNT),
            ),
            next_step="Find the component that pays most to those who sell least, and ask what it "
            "is for.",
        )


CHECK = Check(
    id="C18",
    title="Pay for performance",
    because="Variable pay that does not vary with the contribution is a lottery.",
    source="Forrester's plan health scorecard; Spearman's correlation of 0.7",
    threshold=Decimal("0.7"),
    look=look,
)
