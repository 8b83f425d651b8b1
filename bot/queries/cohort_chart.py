"""The curves of cohorts as a picture: of those who began, who has had theirs by a day."""

from bot.domain.chart import Curve, CurvePoint, Curves
from bot.queries.ramp_cohorts import Cohorts, Group


def cohort_chart(cohorts: Cohorts) -> Curves | None:
    """Of the first role that has any; None where nothing has happened yet."""
    for role in cohorts.roles:
        shown = [group for group in role.groups if group.curve]
        if shown:
            return Curves(
                title=f"{role.role}: {role.event}",
                axis="days at work since the start",
                curves=tuple(_curve(group) for group in shown),
            )
    return None


def _curve(group: Group) -> Curve:
    """Kaplan and Meier's, turned over."""
    points = (
        CurvePoint(at=step.days, share=1 - step.waiting, low=1 - step.high, high=1 - step.low)
        for step in group.curve
    )
    return Curve(label=f"{group.label} ({group.people})", points=tuple(points))
