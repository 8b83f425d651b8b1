"""Kim as a new hire: on a programme, with one thing done, one due and one that waits."""

from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.example import KIM, MONDAY
from bot.coaching.rep_view import RepView
from bot.domain.ids import MetricKey, RoleKey
from bot.domain.programme import Measure, Milestone, MilestoneKind, Programme
from bot.domain.progress import MilestoneLine, Progress, Standing

FIRST_CALL = Milestone(
    key="first_discovery_call",
    title="First discovery call",
    day=25,
    kind=MilestoneKind.MEASURED,
    how="Hold a first meeting of your own with a customer, and write down what you learned.",
    measure=Measure(metric=MetricKey("meetings_held"), at_least=1),
)
PITCH = Milestone(
    key="pitch_certified",
    title="Pitch certified",
    day=12,
    kind=MilestoneKind.CERTIFICATION,
    how="Give the pitch to your manager as if to a buyer; ready counts, not perfect.",
)
FIRST_WIN = Milestone(
    key="first_win",
    title="First deal won",
    day=85,
    kind=MilestoneKind.MEASURED,
    how="Ask of each open deal what the buyer still needs to say yes.",
    measure=Measure(metric=MetricKey("won_count"), at_least=1),
    needs=("first_discovery_call",),
)
PROGRAMME = Programme(
    key="mid_market_ae",
    version=1,
    role=RoleKey("mid_market_ae"),
    title="First 120 days, mid-market",
    because="Whoever talks with customers in the fourth week wins in the third month.",
    starts_from=None,
    milestones=(PITCH, FIRST_CALL, FIRST_WIN),
    outcome="first_win",
)


def line_of(
    milestone: Milestone, standing: Standing, *, due_on: date, behind: int = 0
) -> MilestoneLine:
    is_reached = standing is Standing.REACHED
    return MilestoneLine(
        milestone=milestone,
        due_on=due_on,
        standing=standing,
        reached_on=due_on if is_reached else None,
        reached_day=milestone.day if is_reached else None,
        behind=behind,
        waits_for=("First discovery call",) if standing is Standing.WAITS else (),
    )


def kim_on_day(day: int, *, call: Standing = Standing.OPEN, behind: int = 0) -> RepView:
    """Monday is the ``day``-th working day; the first call was due on the 25th."""
    due_on = MONDAY + timedelta(days=25 - day)
    progress = Progress(
        programme=PROGRAMME,
        assignment=1,
        started_on=MONDAY - timedelta(days=30),
        day=day,
        lines=(
            line_of(PITCH, Standing.REACHED, due_on=MONDAY - timedelta(days=20)),
            line_of(FIRST_CALL, call, due_on=due_on, behind=behind),
            line_of(FIRST_WIN, Standing.WAITS, due_on=MONDAY + timedelta(days=90)),
        ),
    )
    return replace(KIM, progress=progress, working_days_since_joining=day)
