"""A forecast that leans one way is a habit, and can be unlearned; one that scatters needs data."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.forecast_words import (
    known_forecast,
    leaning,
    month_name,
    months_told,
    told,
    too_few,
)
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

IN_PLACE, ON_THE_WAY = 0.15, 0.35


def read(look: ManagerLook) -> Sign:
    months, found = look.month_forecasts, known_forecast(look)
    if found is None:
        return unknown(too_few(look))
    return Sign(
        standing=standing_of(abs(found.bias.estimate), in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=told(found),
        facts=sum(each.deals for each in months),
        doubt=f"it {leaning(found)} ({months_told(look)})",
        behind=tuple(
            f"{month_name(look, each.month_on)}: {look.money(each.committed_cents)} committed, "
            f"{look.money(each.won_cents)} won ({look.count(each.deals, 'deal')} due)"
            for each in months
        ),
    )


INDICATOR = Indicator(
    key="forecast_bias",
    duty=Duty.FRAMEWORK,
    order=3,
    title="Commit forecast against what came",
    because=(
        "What stood in the commit forecast when a month began, against what was won of the deals "
        "due in it, over the last four whole quarters; in place within 15%, on the way within 35%."
    ),
    source="/metric commit_bias",
    next_step="ask of each commit what the buyer still has to do, and by which day.",
    becomes_known="six months in which deals stood in the Commit category when they began.",
    read=read,
)
