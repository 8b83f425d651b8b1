"""Whether managers are paid for what their people are paid for."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from bot.compensation.check import Check, Finding, NotMeasurable, Number, Seen, Severity
from bot.compensation.evidence import PayEvidence
from bot.compensation.figures import distance
from bot.compensation.plan import PayPlan
from bot.domain.metric import Unit

NOTHING_NAMED = "what no objective names"


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if evidence.is_managers:
        return
    above = evidence.managers_plan
    if above is None:
        yield NotMeasurable(because="app.yaml gives the managers of these people no plan")
        return
    theirs, ours = _aims(above), _aims(evidence.plan)
    apart = distance(ours, theirs)
    if apart > float(threshold):
        widest = max(set(ours) | set(theirs), key=lambda k: abs(ours.get(k, 0) - theirs.get(k, 0)))
        titles = {str(each.key): each.title for each in evidence.objectives}
        yield Finding(
            subject="manager",
            severity=Severity.HIGH,
            what=f"Managers and their people are paid for different things: {apart:.0%} of the "
            f"weights differ, most of them at '{titles.get(widest, NOTHING_NAMED)}'.",
            numbers=(
                Number(label="The managers' plan", value=above.title, unit=None, source=above.file),
                Number(label="Weights that differ", value=apart, unit=Unit.SHARE),
            ),
            next_step="Let the managers' plan serve the same objectives with like weights.",
        )


def _aims(plan: PayPlan) -> Mapping[str, float]:
    """The weights by objective; several objectives of a component share its weight."""
    found: dict[str, float] = {}
    for component in plan.components:
        aims = [str(each) for each in component.serves] or [""]
        for aim in aims:
            found[aim] = found.get(aim, 0.0) + float(component.weight) / len(aims)
    return found


CHECK = Check(
    id="C20",
    title="The managers' plan",
    because="A manager coaches for what the manager is paid for.",
    source="SalesGlobe's Sales Compensation Diamond",
    threshold=Decimal("0.4"),
    look=look,
)
