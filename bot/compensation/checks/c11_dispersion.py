"""How far attainment lies apart, and whether the middle empties."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from bot.compensation.check import Check, Finding, Number, Seen, Severity, too_little
from bot.compensation.evidence import PayEvidence, attainment_of, attainments
from bot.compensation.figures import spread_of
from bot.domain.metric import Unit

WIDE = 0.3
NEAR = (0.95, 1.05)
FEWEST_IN_HALF = 20
LEVEL = 0.05


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    known = {who: float(np.mean(told)) for who, told in attainments(evidence).items()}
    missing = too_little(evidence)
    if missing or len(known) < 3:  # noqa: PLR2004 - one person does not vary, nor without another
        if missing:
            yield missing
        return
    found = spread_of(list(known.values()))
    values = list(known.values())
    # One person with a windfall is no wide team.
    low = min(spread_of(values[:n] + values[n + 1 :]).low for n in range(len(values)))
    if low > WIDE:
        is_red = low > float(threshold)
        yield Finding(
            subject="spread",
            severity=Severity.HIGH if is_red else Severity.MEDIUM,
            what=f"People's attainment lies far apart (standard deviation {found.estimate:.2f}); "
            "0.2 to 0.3 is usual.",
            numbers=(
                Number(
                    label="Standard deviation of attainment",
                    value=f"{found.estimate:.2f} ({found.low:.2f} to {found.high:.2f})",
                    unit=None,
                    source="/metric quota_attainment",
                ),
            ),
            next_step="Look at territories and quotas first: a plan cannot make up for unequal "
            "chances.",
        )
    yield from _hollowing(evidence)


def _hollowing(evidence: PayEvidence) -> Iterator[Seen]:
    """Whether fewer lie about the quota in the later half than in the earlier one."""
    last = max((each.number for each in evidence.periods), default=0)
    halves: tuple[list[bool], list[bool]] = ([], [])
    for period in evidence.settled():
        attained = attainment_of(evidence.plan, period)
        if attained is not None:
            halves[2 * period.number > last].append(NEAR[0] <= attained <= NEAR[1])
    early, late = halves
    if min(map(len, halves)) < FEWEST_IN_HALF or not _falls(early, late):
        return
    yield Finding(
        subject="middle",
        severity=Severity.MEDIUM,
        what=f"The middle empties: {np.mean(early):.0%} of periods ended within 5% of the quota, "
        f"then {np.mean(late):.0%}.",
        numbers=(
            Number(label="Earlier half", value=float(np.mean(early)), unit=Unit.SHARE),
            Number(label="Later half", value=float(np.mean(late)), unit=Unit.SHARE),
        ),
        next_step="See whether a tier near the quota makes people stop at it, or leap over it.",
    )


def _falls(early: Sequence[bool], late: Sequence[bool]) -> bool:
    from scipy import stats  # noqa: PLC0415 - slow to import

    table = [[sum(early), len(early) - sum(early)], [sum(late), len(late) - sum(late)]]
    return float(stats.fisher_exact(table, alternative="greater").pvalue) < LEVEL


CHECK = Check(
    id="C11",
    title="Dispersion",
    because="Where attainment lies far apart, the plan rewards the patch more than the work.",
    source="EasyComp (0.2 to 0.3, 0.6 is red), Compswell on the hollowing middle",
    threshold=Decimal("0.5"),
    look=look,
)
