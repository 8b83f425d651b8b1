"""A bench is what a team falls back on when somebody leaves."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

ON_THE_WAY = 0.5


def read(look: ManagerLook) -> Sign:
    benches = look.hiring.benches
    if not any(each.on_bench for each in benches):
        return unknown("nobody on a bench yet")
    full = sum(each.on_bench >= each.target for each in benches)
    return Sign(
        standing=standing_of(full / len(benches), in_place=1, on_the_way=ON_THE_WAY),
        told=f"{full} of {len(benches)}",
        facts=len(benches),
        behind=tuple(f"{each.title}: {each.on_bench} of {each.target}" for each in benches),
    )


INDICATOR = Indicator(
    key="bench_filled",
    duty=Duty.TALENT,
    order=2,
    title="Roles with a full bench",
    because=(
        "Roles you hire for with as many people on the bench as their scorecard asks for; in place "
        "when it is all of them, on the way from half."
    ),
    source="/bench",
    next_step="add one person to the bench whom you would hire today.",
    becomes_known="a bench with a target, kept with /bench.",
    read=read,
    has_past=False,
)
