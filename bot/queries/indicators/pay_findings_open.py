"""A finding that stays open is a decision nobody took."""

from bot.domain.duty import Duty, Sign, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook


def read(look: ManagerLook) -> Sign:
    _ = look
    return unknown("nothing recorded yet")


INDICATOR = Indicator(
    key="pay_findings_open",
    duty=Duty.PAY,
    order=2,
    title="Open findings of the pay audit",
    because=("Findings of the newest audit that nobody has settled; in place at none."),
    source="/comp-audit",
    next_step="settle the first finding of /comp-audit.",
    becomes_known="a pay plan file and one /comp-audit.",
    read=read,
)
