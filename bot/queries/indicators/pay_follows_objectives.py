"""People do what they are paid for, whatever the objectives say."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ASK_FOR_IT, NOT_OPEN, ManagerLook

IN_PLACE, ON_THE_WAY = 0.15, 0.3


def read(look: ManagerLook) -> Sign:
    if not look.sees_pay:
        return unknown(NOT_OPEN, next_step=ASK_FOR_IT)
    pay = look.pay
    if pay.wanted_to_paid is None:
        return unknown("no audit has compared them" if pay.plans else "no pay plan on record")
    others = (("pay to activity", pay.paid_to_done), ("objectives to activity", pay.wanted_to_done))
    return Sign(
        standing=standing_of(pay.wanted_to_paid, in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{look.share(pay.wanted_to_paid)} apart",
        facts=pay.audited,
        behind=tuple(
            f"From {pair}: {'not known' if apart is None else f'{look.share(apart)} apart'}"
            for pair, apart in others
        ),
    )


INDICATOR = Indicator(
    key="pay_follows_objectives",
    duty=Duty.PAY,
    order=3,
    title="Pay against objectives",
    because=(
        "How far the shares of pay lie from the shares of the objectives, in the newest audit and "
        "the plan where it is widest: 0% when they agree, 100% when nothing that is wanted is "
        "paid. In place within 15%, on the way within 30%."
    ),
    source="/comp-audit",
    next_step="move weight from the measure that is paid beyond its objective.",
    becomes_known="a pay plan file with objectives, and one /comp-audit by whoever may audit pay.",
    read=read,
    has_past=False,
)
