"""A team's commit forecast in the same words wherever a manager reads of it."""

from datetime import date

from bot.coaching.evidence.forecast_error import FEWEST, ForecastError
from bot.queries.manager_look import ManagerLook

_LEAN = {"high": "too high", "low": "too low", "neither": "neither way for sure"}


def known_forecast(look: ManagerLook) -> ForecastError | None:
    """None as well where nothing ever stood in commit."""
    stood = any(each.committed_cents for each in look.month_forecasts)
    return look.forecast_error if stood else None


def told(found: ForecastError) -> str:
    return f"{found.bias.estimate:+.0%} in sum, {found.error.estimate:.0%} off month by month"


def leaning(found: ForecastError) -> str:
    return f"leans {_LEAN[found.leans]}: {found.bias.low:+.0%} to {found.bias.high:+.0%} would fit"


def months_told(look: ManagerLook) -> str:
    """As many, and up to when, so that two answers with other months are not taken for one."""
    months = look.month_forecasts
    return f"{look.count(len(months), 'month')} to {month_name(look, months[-1].month_on)}"


def month_name(look: ManagerLook, day: date) -> str:
    """What most of a fiscal month is called."""
    first, last = look.runtime.organisation.fiscal.month(day)
    return f"{first + (last - first) / 2:%B %Y}"


def too_few(look: ManagerLook) -> str:
    months = look.count(len(look.month_forecasts), "month")
    if len(look.month_forecasts) < FEWEST:
        return f"{months} with deals due, it takes {FEWEST}"
    return f"of {months} with deals due none had any in commit, or none brought a deal"
