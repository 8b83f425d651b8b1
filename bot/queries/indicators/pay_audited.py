"""Plans drift away from what the business wants."""

from bot.domain.duty import Duty, Sign, Standing, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ASK_FOR_IT, NOT_OPEN, ManagerLook

IN_PLACE, ON_THE_WAY = 180, 270


def read(look: ManagerLook) -> Sign:
    if not look.sees_pay:
        return unknown(NOT_OPEN, next_step=ASK_FOR_IT)
    pay = look.pay
    if not pay.plans:
        return unknown("no pay plan on record")
    if pay.last_audited_on is None:
        return Sign(
            standing=Standing.TO_DO, told=f"{pay.audited} of {pay.plans} audited", facts=pay.plans
        )
    days = (look.today - pay.last_audited_on).days
    return Sign(
        standing=standing_of(days, in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{look.count(days, 'day')} ago",
        facts=pay.plans,
        behind=(f"The oldest audit was on {look.day(pay.last_audited_on)}.",),
    )


INDICATOR = Indicator(
    key="pay_audited",
    duty=Duty.PAY,
    order=1,
    title="Pay plan audited in half a year",
    because=(
        "The days since the pay plans of your reps were last held against the objectives, by the "
        "oldest of their audits; in place up to 180, on the way up to 270."
    ),
    source="/comp-audit",
    next_step="run /comp-audit.",
    becomes_known="a pay plan file and one /comp-audit by whoever may audit pay.",
    read=read,
    has_past=False,
)
