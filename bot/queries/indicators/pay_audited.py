"""Plans drift away from what the business wants."""

from bot.domain.duty import Duty, Sign, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook


def read(look: ManagerLook) -> Sign:
    _ = look
    return unknown("nothing recorded yet")


INDICATOR = Indicator(
    key="pay_audited",
    duty=Duty.PAY,
    order=1,
    title="Pay plan audited in half a year",
    because=(
        "The days since your pay plan was last held against your objectives; in place up to 180."
    ),
    source="/comp-audit",
    next_step="run /comp-audit.",
    becomes_known="a pay plan file and one /comp-audit.",
    read=read,
)
