"""Whether new hires have a ramp or a draw, and whether it ends."""

from collections.abc import Iterator
from decimal import Decimal

from bot.compensation.check import Check, Finding, Number, Seen, Severity
from bot.compensation.evidence import PayEvidence
from bot.compensation.plan import PayPlan
from bot.domain.metric import Unit


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    plan = evidence.plan
    if not plan.ramp and plan.draw is None:
        yield Finding(
            subject="none",
            severity=Severity.MEDIUM,
            what="The plan has neither a ramp nor a draw: a new hire is held to a full quota from "
            "the first day.",
            numbers=(
                Number(label="Months of ramp", value=0, unit=Unit.COUNT, source=plan.file),
                Number(label="Months of draw", value=0, unit=Unit.COUNT, source=plan.file),
            ),
            next_step="Write a ramp with the shares of the role's playbook, or a draw.",
        )
    yield from _ramp(plan, threshold)
    if plan.draw is not None and plan.draw.months > threshold:
        yield Finding(
            subject="draw",
            severity=Severity.MEDIUM,
            what=f"The draw runs for {plan.draw.months} months: that is salary by another name.",
            numbers=(
                Number(
                    label="Months of draw", value=plan.draw.months, unit=Unit.COUNT,
                    source=plan.file,
                ),
            ),
            next_step="Let it end when the ramp does.",
        )  # fmt: skip


def _ramp(plan: PayPlan, threshold: Decimal) -> Iterator[Seen]:
    """Whether it ends, and in time."""
    if plan.ramp and plan.ramp[-1] < 1:
        yield Finding(
            subject="ramp",
            severity=Severity.MEDIUM,
            what=f"The ramp ends at {plan.ramp[-1]:.0%} of the quota and then leaps to all of it.",
            numbers=(
                Number(label="Last share", value=plan.ramp[-1], unit=Unit.SHARE, source=plan.file),
            ),
            next_step="Let the ramp end at 1.",
        )
    eased = sum(share < 1 for share in plan.ramp)
    if eased > threshold:
        yield Finding(
            subject="long ramp",
            severity=Severity.MEDIUM,
            what=f"The ramp takes {eased} months: by then it is the quota that does not fit.",
            numbers=(
                Number(label="Months of ramp", value=eased, unit=Unit.COUNT, source=plan.file),
            ),
            next_step="Let it end when the role's playbook says that the ramp does.",
        )


CHECK = Check(
    id="C19",
    title="New hires",
    because="Without a ramp new hires leave before they can earn; without an end it never begins.",
    source="the trade's definitions of ramp and draw; a year at most",
    threshold=Decimal(12),
    look=look,
)
