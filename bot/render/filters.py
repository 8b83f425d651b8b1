"""How numbers, money and days are written for people.

The prose is English, so digits, currencies and names of days are English for every reader: in an
English sentence 11.150 is eleven and a bit, and "US$" beside "$" would be two currencies.
``zone`` is taken from the template's view when it has one.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.domain.metric import Unit
from bot.render.mrkdwn import BREAKER, escaped, flat

DIGITS = Locale("en", "US")
DAYS = Locale("en", "GB")
#: From here on, small change is noise.
NO_CENTS_FROM = 100
MINUTES_IN_HOUR = 60


def filters() -> Mapping[str, Callable[..., object]]:
    return {
        "money": money,
        "whole_money": whole_money,
        "share": share,
        "number": number,
        "day": day,
        "moment": moment,
        "of": of,
        "plural": plural,
        "days": days,
        "working_days": working_days,
        "measure": measure,
        "names": names,
        "bar": bar,
        "prose": prose,
    }


def money(cents: int | None, currency: str = "USD") -> str:
    """Whole hundredths of a currency, without the hundredths unless the sum is small."""
    if cents is None:
        return "no amount"
    return _currency(Decimal(cents) / 100, currency)


def whole_money(value: float | None, currency: str = "USD") -> str:
    """Whole currency units; large sums are shortened ($1.2M)."""
    if value is None:
        return "no data"
    if abs(value) < 1_000_000:  # noqa: PLR2004 -- below a million all digits can be read
        return _currency(Decimal(str(value)), currency)
    return str(
        format_compact_currency(Decimal(str(value)), currency, fraction_digits=1, locale=DIGITS)
    )


def share(value: float | None) -> str:
    """0.5 as 50%."""
    return "no data" if value is None else str(format_percent(value, locale=DIGITS))


def number(value: float | None) -> str:
    """At most one digit after the point, and none when it says nothing."""
    if value is None:
        return "no data"
    return str(format_decimal(round(value, 1), format="#,##0.#", locale=DIGITS))


def day(on: date | str) -> str:
    """Tue 24 Nov."""
    return str(format_date(_date(on), "EEE d MMM", locale=DAYS))


@pass_context
def moment(context: Context, at: datetime | str, zone: str | None = None) -> str:
    """Tue 24 Nov, 09:12, on the reader's clock."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    if instant.tzinfo is None:
        raise ValueError(f"naive datetime {instant.isoformat()} in a message")
    local = instant.astimezone(ZoneInfo(zone or str(context.get("zone") or "UTC")))
    clock = format_time(local, "HH:mm", locale=DAYS)
    return f"{format_date(local, 'EEE d MMM', locale=DAYS)}, {clock}"


def of(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def plural(count: float, one: str, many: str | None = None) -> str:
    """The number with its noun: 1 deal, 3 deals."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def days(count: float) -> str:
    return plural(count, "day")


def working_days(count: float) -> str:
    return plural(count, "working day")


def measure(value: float | None, unit: str, currency: str = "USD") -> str:
    """A metric's value in its own unit."""
    match Unit(unit):
        case Unit.MONEY:
            return whole_money(value, currency)
        case Unit.SHARE:
            return share(value)
        case Unit.DAYS:
            return "no data" if value is None else days(value)
        case Unit.MINUTES:
            return _minutes(value)
        case Unit.COUNT:
            return number(value)


def _minutes(value: float | None) -> str:
    if value is None:
        return "no data"
    if value < MINUTES_IN_HOUR:
        return f"{number(value)} min"
    return f"{number(value / MINUTES_IN_HOUR)} h"


def bar(part: float, steps: int = 6) -> str:
    """How much of the way is done; the words beside it say the same."""
    done = round(steps * min(max(part, 0.0), 1.0))
    return "\u25b0" * done + "\u25b1" * (steps - done)


def names(people: Iterable[object], most: int = 3) -> str:
    """Kim, Sam and 2 more."""
    everybody = [flat(person) for person in people]
    shown, more = everybody[:most], len(everybody) - most
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    if len(shown) > 1:
        return f"{', '.join(shown[:-1])} and {shown[-1]}"
    return "".join(shown)


def prose(text: str, longest: int = 2500) -> Markup:
    """A play's own Markdown: headings, lists and bold survive, links and mentions do not."""
    written = []
    for line in text[:longest].splitlines():
        words = escaped(flat(line)).replace("://", f":{BREAKER}//").replace("**", "*")
        if words.startswith("#"):
            words = f"*{words.lstrip('# ').replace('*', '')}*"
        elif words.startswith(("- ", "* ")):
            words = f"• {words[2:]}"
        # A blank line stays one: the breaker keeps it from being tidied away.
        written.append(words or BREAKER)
    return Markup("\n".join(written))  # noqa: S704 -- escaped line by line above


def _currency(value: Decimal, currency: str) -> str:
    if value == value.to_integral_value() or abs(value) >= NO_CENTS_FROM:
        pattern = DIGITS.currency_formats["standard"].pattern.replace(".00", "")
        rounded = value.quantize(Decimal(1))
        return str(
            format_currency(rounded, currency, pattern, locale=DIGITS, currency_digits=False)
        )
    return str(format_currency(value, currency, locale=DIGITS))


def _date(on: date | str) -> date:
    return date.fromisoformat(on[:10]) if isinstance(on, str) else on
