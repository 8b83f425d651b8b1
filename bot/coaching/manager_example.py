"""Maria on a Monday with everything in good order; a rule's example spoils what it looks for."""

from datetime import date, timedelta

from bot.coaching.example import MONDAY
from bot.coaching.manager_view import (
    HiringFacts,
    ManagerView,
    PayFacts,
    Report,
    Said,
)
from bot.coaching.rep_view import Touch
from bot.domain.ids import RepId

MARIA_ID = RepId("005000000000009AAA")


def report(
    number: int,
    first_name: str,
    *,
    days: int = 4,
    talks: int = 4,
    touch: Touch = Touch.USUAL,
    last_talk_on: date | None = MONDAY - timedelta(days=6),
    is_present: bool = True,
) -> Report:
    return Report(
        rep=RepId(f"00500000000000{number}AAA"),
        first_name=first_name,
        is_present=is_present,
        touch=touch,
        last_talk_on=last_talk_on,
        working_days_without=days,
        talks=talks,
    )


MARIA = ManagerView(
    manager=MARIA_ID,
    first_name="Maria",
    today=MONDAY,
    locale="en_US",
    reports=(
        report(1, "Kim"),
        report(2, "Sam"),
        report(3, "Bo", touch=Touch.LIGHT),
        report(4, "Dana", touch=Touch.SIMPLE),
        report(5, "Ines"),
    ),
    said=Said(praise=3, warnings=2, neutral=5),
    hiring=HiringFacts(days_without_interview=9),
    pay=PayFacts(plan="Account executive plan", days_since_audit=30),
)
