"""A bench is what a team falls back on when somebody leaves."""

from bot.domain.duty import Duty, Sign, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook


def read(look: ManagerLook) -> Sign:
    _ = look
    return unknown("nothing recorded yet")


INDICATOR = Indicator(
    key="bench_filled",
    duty=Duty.TALENT,
    order=2,
    title="Roles with a full bench",
    because=("Roles with as many people on the bench as their target asks for."),
    source="/bench",
    next_step="add one person to the bench whom you would hire today.",
    becomes_known="a bench with a target, kept with /bench.",
    read=read,
)
