"""How numbers, money and days are written for people.

The prose is English, so names of days stay English in every locale; digits and currencies follow
the reader's. ``locale`` and ``zone`` are taken from the template's view when it has them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.domain.metric import Unit
from bot.render.mrkdwn import BREAKER, escaped, flat

DEFAULT_LOCALE = Locale("en", "US")
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
        "prose": prose,
    }


@pass_context
def money(context: Context, cents: int | None, currency: str = "USD") -> str:
    """Whole hundredths of a currency, without the hundredths unless the sum is small."""
    if cents is None:
        return "no amount"
    return _currency(Decimal(cents) / 100, currency, _locale(context))


@pass_context
def whole_money(context: Context, value: float | None, currency: str = "USD") -> str:
    """Whole currency units; large sums are shortened ($1.2M)."""
    if value is None:
        return "no data"
    if abs(value) < 1_000_000:  # noqa: PLR2004 -- below a million all digits can be read
        return _currency(Decimal(str(value)), currency, _locale(context))
    return str(
        format_compact_currency(
            Decimal(str(value)), currency, fraction_digits=1, locale=_locale(context)
        )
    )


@pass_context
def share(context: Context, value: float | None) -> str:
    """0.5 as 50%."""
    return "no data" if value is None else str(format_percent(value, locale=_locale(context)))


@pass_context
def number(context: Context, value: float | None) -> str:
    """At most one digit after the point, and none when it says nothing."""
    if value is None:
        return "no data"
    return str(format_decimal(round(value, 1), format="#,##0.#", locale=_locale(context)))


@pass_context
def day(context: Context, on: date | str) -> str:
    """Tue 24 Nov."""
    return str(format_date(_date(on), "EEE d MMM", locale=_english(_locale(context))))


@pass_context
def moment(context: Context, at: datetime | str, zone: str | None = None) -> str:
    """Tue 24 Nov, 09:12, on the reader's clock."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    if instant.tzinfo is None:
        raise ValueError(f"naive datetime {instant.isoformat()} in a message")
    local = instant.astimezone(ZoneInfo(zone or str(context.get("zone") or "UTC")))
    locale = _english(_locale(context))
    clock = format_time(local, "HH:mm", locale=locale)
    return f"{format_date(local, 'EEE d MMM', locale=locale)}, {clock}"


def of(part: int, whole: int) -> str:
    return f"{part} of {whole}"


@pass_context
def plural(context: Context, count: float, one: str, many: str | None = None) -> str:
    """The number with its noun: 1 deal, 3 deals."""
    return f"{number(context, count)} {one if count == 1 else many or one + 's'}"


@pass_context
def days(context: Context, count: float) -> str:
    return plural(context, count, "day")


@pass_context
def working_days(context: Context, count: float) -> str:
    return plural(context, count, "working day")


@pass_context
def measure(context: Context, value: float | None, unit: str, currency: str = "USD") -> str:
    """A metric's value in its own unit."""
    match Unit(unit):
        case Unit.MONEY:
            return whole_money(context, value, currency)
        case Unit.SHARE:
            return share(context, value)
        case Unit.DAYS:
            return "no data" if value is None else days(context, value)
        case Unit.MINUTES:
            return _minutes(context, value)
        case Unit.COUNT:
            return number(context, value)


def _minutes(context: Context, value: float | None) -> str:
    if value is None:
        return "no data"
    if value < MINUTES_IN_HOUR:
        return f"{number(context, value)} min"
    return f"{number(context, value / MINUTES_IN_HOUR)} h"


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


def _currency(value: Decimal, currency: str, locale: Locale) -> str:
    if value == value.to_integral_value() or abs(value) >= NO_CENTS_FROM:
        pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
        rounded = value.quantize(Decimal(1))
        return str(
            format_currency(rounded, currency, pattern, locale=locale, currency_digits=False)
        )
    return str(format_currency(value, currency, locale=locale))


def _date(on: date | str) -> date:
    return date.fromisoformat(on[:10]) if isinstance(on, str) else on


def _locale(context: Context) -> Locale:
    name = str(context.get("locale") or "").replace("-", "_")
    try:
        return Locale.parse(name) if name else DEFAULT_LOCALE
    except (UnknownLocaleError, ValueError):
        return DEFAULT_LOCALE


def _english(locale: Locale) -> Locale:
    return locale if locale.language == "en" else Locale("en", "GB")
