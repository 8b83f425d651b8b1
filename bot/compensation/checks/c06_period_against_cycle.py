"""Periods that do not go with the rhythm of the sales."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import (
    Check,
    Finding,
    NotMeasurable,
    Number,
    Seen,
    Severity,
    component_number,
)
from bot.compensation.evidence import PayEvidence
from bot.compensation.plan import Period
from bot.domain.metric import Unit

DAYS_IN = {Period.MONTH: 30, Period.QUARTER: 91, Period.YEAR: 365}
FEWEST_CYCLES = 10
#: What is paid when a deal closes; other measures come faster than the cycle by their nature.
OUTCOMES = frozenset({"won_amount", "won_count"})


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    outcomes = [each for each in evidence.plan.components if each.metric in OUTCOMES]
    if not outcomes:
        return
    cycle = evidence.cycle_days
    if cycle is None or evidence.cycles < FEWEST_CYCLES:
        yield NotMeasurable(
            because=f"it takes {FEWEST_CYCLES} won deals to tell the sales cycle; there are "
            f"{evidence.cycles}"
        )
        return
    for component in outcomes:
        days, times = DAYS_IN[component.period], float(threshold)
        if cycle / times <= days <= cycle * times:
            continue
        is_long = days > cycle
        yield Finding(
            subject=component.key,
            severity=Severity.MEDIUM,
            what=f"'{component.title}' is settled by the {component.period}, while a deal takes "
            f"{cycle:.0f} days: the period is too {'long' if is_long else 'short'} for it.",
            numbers=(
                Number(
                    label="Sales cycle",
                    value=cycle,
                    unit=Unit.DAYS,
                    source="/metric sales_cycle_days",
                ),
                Number(label="Period", value=days, unit=Unit.DAYS),
                component_number(evidence, component),
            ),
            next_step="A shorter period keeps pay close to the work."
            if is_long
            else "A longer period keeps chance from deciding what is paid.",
        )


CHECK = Check(
    id="C06",
    title="Period against sales cycle",
    because="Pay that comes long after the work, or by the luck of one deal, steers nothing.",
    source="SalesGlobe: the period matches the rhythm of sales; within half and twice the cycle",
    threshold=Decimal(2),
    look=look,
)
