"""How many reach their quota."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import (
    Check,
    Finding,
    NotMeasurable,
    Number,
    Seen,
    Severity,
    too_little,
)
from bot.compensation.evidence import PayEvidence, attainments
from bot.compensation.figures import share_over_people
from bot.domain.metric import Unit

#: Vendors' opinions of a healthy share reach from half to three quarters.
MOST = 0.75


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if missing := too_little(evidence):
        yield missing
        return
    known = attainments(evidence)
    if not known:
        yield NotMeasurable(because="nobody's attainment is known in full")
        return
    found = share_over_people({who: [each >= 1 for each in told] for who, told in known.items()})
    is_low, is_high = found.high < float(threshold), found.low > MOST
    if is_low or is_high:
        yield Finding(
            subject="quota",
            severity=Severity.MEDIUM,
            what=f"In {found.estimate:.0%} of the settled periods the quota was reached; "
            f"{'fewer' if is_low else 'more'} than is usual where quotas fit.",
            numbers=(
                Number(
                    label="Periods at quota or above",
                    value=found.estimate,
                    unit=Unit.SHARE,
                    source="/metric quota_attainment",
                ),
                Number(
                    label="Nine in ten such teams lie between",
                    value=f"{found.low:.0%} and {found.high:.0%}",
                    unit=None,
                ),
            ),
            next_step="Compare the quotas with what the last two years brought in, before the "
            "next plan.",
        )


CHECK = Check(
    id="C08",
    title="Share at quota",
    because="A quota that few reach discourages, one that all reach says nothing.",
    source="EasyComp (65-75 %), Cygnal (half or more): vendors' opinions",
    threshold=Decimal("0.5"),
    look=look,
)
