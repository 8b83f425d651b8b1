"""A finding that stays open is a decision nobody took."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ASK_FOR_IT, NOT_OPEN, ManagerLook

IN_PLACE, ON_THE_WAY = 0, 2


def read(look: ManagerLook) -> Sign:
    if not look.sees_pay:
        return unknown(NOT_OPEN, next_step=ASK_FOR_IT)
    pay = look.pay
    if not pay.audited:
        return unknown("never audited" if pay.plans else "no pay plan on record")
    return Sign(
        standing=standing_of(pay.open_findings, in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=look.count(pay.open_findings, "finding"),
        facts=pay.audited,
        doubt=f"{look.count(pay.not_measurable, 'check')} could not be measured"
        if pay.not_measurable
        else "",
        behind=tuple(f"{severity}: {count}" for severity, count in sorted(pay.findings.items())),
    )


INDICATOR = Indicator(
    key="pay_findings_open",
    duty=Duty.PAY,
    order=2,
    title="Open findings of the pay audit",
    because=(
        "Findings of the newest audit of the pay plans of your reps; in place at none, on the way "
        "at one or two."
    ),
    source="/comp-audit",
    next_step="settle the first finding of /comp-audit.",
    becomes_known="a pay plan file and one /comp-audit by whoever may audit pay.",
    read=read,
    has_past=False,
)
