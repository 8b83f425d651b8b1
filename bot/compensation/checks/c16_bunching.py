"""Whether more people end just above a threshold than just below it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.compensation.check import Check, Finding, NotMeasurable, Number, Seen, Severity, too_little
from bot.compensation.evidence import PayEvidence
from bot.compensation.plan import Component
from bot.domain.metric import Unit

FEWEST = 10
LEVEL = 0.05


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if missing := too_little(evidence):
        yield missing
        return
    points = [
        (component, bend.at)
        for component in evidence.plan.components
        for bend in component.curve.bends()
        if bend.is_cliff or bend.rate_after > bend.rate_before
    ]
    thin: list[str] = []
    for component, at in points:
        told = [period.attained.get(component.key) for period in evidence.settled()]
        known = [each for each in told if each is not None]
        reach = _reach(component, known, threshold)
        above = sum(at <= each < at + reach for each in known)
        below = sum(at - reach <= each < at for each in known)
        if above + below < FEWEST:
            thin.append(f"{above + below} at {at:.0%}")
            continue
        # One density on both sides would put as many below as above; several points, several tries.
        p = _likely_by_chance(above, above + below)
        if p * len(points) < LEVEL:
            yield Finding(
                subject=f"{component.key} at {at.normalize():f}",
                severity=Severity.MEDIUM,
                what=f"{above} periods ended just above {at:.0%} of quota and {below} just "
                "below: more than chance would have.",
                numbers=(
                    Number(label="Just above", value=above, unit=Unit.COUNT),
                    Number(label="Just below", value=below, unit=Unit.COUNT),
                ),
                next_step="Look at when the last deals of those periods were closed, and at what "
                "price.",
            )
    if thin:
        yield NotMeasurable(
            because=f"it takes {FEWEST} periods within {threshold:.0%} of a threshold; "
            f"there are {', '.join(thin)}"
        )


def _likely_by_chance(above: int, many: int) -> float:
    from scipy import stats  # noqa: PLC0415 - slow to import

    return float(stats.binomtest(above, many, 0.5, alternative="greater").pvalue)


def _reach(component: Component, known: Sequence[Decimal], threshold: Decimal) -> Decimal:
    """Counts come in steps; each side takes at least two, or one side could hold none."""
    quota = component.quota
    is_counted = quota is not None and all((each * quota) % 1 == 0 for each in known)
    return max(threshold, 2 / quota) if quota is not None and is_counted else threshold


CHECK = Check(
    id="C16",
    title="Bunching above thresholds",
    because="Results that gather just above a threshold were moved there.",
    source="a density test, as in the bunching literature",
    threshold=Decimal("0.05"),
    look=look,
)
