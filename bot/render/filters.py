"""How numbers, money and days are written for people, as the reader's locale has them.

The prose is English; digits, currencies and dates are the reader's own. In templates ``locale`` and
``zone`` are taken from the view. A locale that nobody knows is taken for American English.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, wraps
from inspect import signature
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.domain.metric import Unit
from bot.render.mrkdwn import BREAKER, escaped, flat
from bot.render.words import ENGLISH

Words = Mapping[str, str]
DEFAULT = "en_US"
#: Day of the week, day and month, in the order and with the marks of the locale.
DAY = "MMMEd"
SPAN = "MMMd"
#: From here on, small change is noise.
NO_CENTS_FROM = 100
MINUTES_IN_HOUR = 60
#: Roboto has Latin, Greek and Cyrillic letters.
LAST_LETTER_DRAWN = 0x52F


def filters() -> Mapping[str, Callable[..., object]]:
    """By name; those whose words differ between locales ask the view for the reader's."""
    told = (
        money,
        whole_money,
        exact_money,
        share,
        number,
        day,
        full_day,
        span,
        clock,
        plural,
        days,
        working_days,
        measure,
        of,
        names,
    )
    return {each.__name__: _for_reader(each) for each in told} | {
        "moment": moment,
        "bar": bar,
        "prose": prose,
    }


def _for_reader(told: Callable[..., str]) -> Callable[..., str]:
    asks = signature(told).parameters

    @wraps(told)
    def in_template(context: Context, *given: object, **named: object) -> str:
        known = {
            "locale": context.get("locale"),
            "words": getattr(context.environment, "words", ENGLISH),
            "say": getattr(getattr(context.environment, "phrases", None), "say", str),
        }
        reader = {name: value for name, value in known.items() if name in asks}
        return told(*given, **{**reader, **named})

    return pass_context(in_template)


@cache
def locale_of(name: str | None) -> Locale:
    """Slack writes en-GB, Salesforce en_GB."""
    try:
        return Locale.parse((name or DEFAULT).replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale.parse(DEFAULT)


def is_known(name: str) -> bool:
    """Whether there is such a locale, so that a slip in its name can be told."""
    try:
        Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return False
    return True


def drawable(locale: str | None) -> str:
    """The same locale where the letters of our charts can write it, else American English."""
    written = format_skeleton(DAY, date(2000, 1, 1), locale=locale_of(locale))
    return locale or DEFAULT if max(map(ord, written)) <= LAST_LETTER_DRAWN else DEFAULT


def money(
    cents: int | None,
    currency: str = "USD",
    *,
    locale: str | None = None,
    words: Words = ENGLISH,
) -> str:
    """Whole hundredths of a currency, without the hundredths unless the sum is small."""
    if cents is None:
        return words["no_amount"]
    return _currency(Decimal(cents) / 100, currency, locale_of(locale))


def whole_money(
    value: float | None,
    currency: str = "USD",
    *,
    locale: str | None = None,
    words: Words = ENGLISH,
) -> str:
    """Whole currency units; large sums are shortened ($1.2M)."""
    if value is None:
        return words["no_data"]
    amount, reader = Decimal(str(value)), locale_of(locale)
    if abs(value) < 1_000_000:  # noqa: PLR2004 -- below a million all digits can be read
        return _currency(amount, currency, reader)
    return str(format_compact_currency(amount, currency, fraction_digits=1, locale=reader))


def exact_money(
    value: Decimal | float | None,
    currency: str = "USD",
    *,
    locale: str | None = None,
    words: Words = ENGLISH,
) -> str:
    """To the cent, however large: for pay, where every cent is explained."""
    if value is None:
        return words["no_data"]
    amount = Decimal(str(value))
    return str(format_currency(amount, currency, locale=locale_of(locale)))


def share(value: float | None, *, locale: str | None = None, words: Words = ENGLISH) -> str:
    """0.5 as 50%."""
    if value is None:
        return words["no_data"]
    return str(format_percent(value, locale=locale_of(locale)))


def number(value: float | None, *, locale: str | None = None, words: Words = ENGLISH) -> str:
    """At most one digit after the point, and none when it says nothing."""
    if value is None:
        return words["no_data"]
    return str(format_decimal(round(value, 1), format="#,##0.#", locale=locale_of(locale)))


def day(on: date | str, *, locale: str | None = None) -> str:
    """Tue 24 Nov."""
    return str(format_skeleton(DAY, _date(on), locale=locale_of(locale)))


def full_day(on: date | str, *, locale: str | None = None) -> str:
    """Nov 24, 2026: for a day that may be long ago."""
    return str(format_date(_date(on), "medium", locale=locale_of(locale)))


def span(first: date | str, last: date | str, *, locale: str | None = None) -> str:
    """Feb 16 - Mar 1, with the years where they differ."""
    begin, end = _date(first), _date(last)
    skeleton = SPAN if begin.year == end.year else f"y{SPAN}"
    return str(format_interval(begin, end, skeleton, locale=locale_of(locale)))


def clock(at: time | str, *, locale: str | None = None) -> str:
    """17:30, or 5:30 PM."""
    told = time.fromisoformat(at) if isinstance(at, str) else at
    return str(format_time(told, "short", locale=locale_of(locale)))


@pass_context
def moment(context: Context, at: datetime | str, zone: str | None = None) -> str:
    """Tue 24 Nov, 09:12, on the reader's clock."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    if instant.tzinfo is None:
        raise ValueError(f"naive datetime {instant.isoformat()} in a message")
    locale = context.get("locale")
    local = instant.astimezone(ZoneInfo(zone or str(context.get("zone") or "UTC")))
    clock = format_time(local, "short", locale=locale_of(locale))
    return f"{day(local.date(), locale=locale)}, {clock}"


def of(part: int, whole: int, *, locale: str | None = None, words: Words = ENGLISH) -> str:
    """3 of 4."""
    return f"{number(part, locale=locale)} {words['of']} {number(whole, locale=locale)}"


def plural(
    count: float,
    one: str,
    many: str | None = None,
    *,
    locale: str | None = None,
    say: Callable[[str], str] = str,
) -> str:
    """The number with its noun: 1 deal, 3 deals."""
    return f"{number(count, locale=locale)} {say(one if count == 1 else many or one + 's')}"


def days(count: float, *, locale: str | None = None, words: Words = ENGLISH) -> str:
    return plural(count, words["day"], words["days"], locale=locale)


def working_days(count: float, *, locale: str | None = None, words: Words = ENGLISH) -> str:
    return plural(count, words["working_day"], words["working_days"], locale=locale)


def measure(
    value: float | None,
    unit: str,
    currency: str = "USD",
    *,
    locale: str | None = None,
    words: Words = ENGLISH,
) -> str:
    """A metric's value in its own unit."""
    if value is None:
        return words["no_data"]
    match Unit(unit):
        case Unit.MONEY:
            return whole_money(value, currency, locale=locale)
        case Unit.SHARE:
            return share(value, locale=locale)
        case Unit.DAYS:
            return days(value, locale=locale, words=words)
        case Unit.MINUTES:
            return _minutes(value, locale, words)
        case Unit.COUNT:
            return number(value, locale=locale)


def _minutes(value: float, locale: str | None, words: Words) -> str:
    if value < MINUTES_IN_HOUR:
        return f"{number(value, locale=locale)} {words['minutes']}"
    return f"{number(value / MINUTES_IN_HOUR, locale=locale)} {words['hours']}"


def bar(part: float, steps: int = 6) -> str:
    """How much of the way is done; the words beside it say the same."""
    done = round(steps * min(max(part, 0.0), 1.0))
    return "\u25b0" * done + "\u25b1" * (steps - done)


def names(people: Iterable[object], most: int = 3, *, words: Words = ENGLISH) -> str:
    """Kim, Sam and 2 more."""
    everybody = [flat(person) for person in people]
    shown, more = everybody[:most], len(everybody) - most
    if more > 0:
        return f"{', '.join(shown)} {words['and']} {more} {words['more']}"
    if len(shown) > 1:
        return f"{', '.join(shown[:-1])} {words['and']} {shown[-1]}"
    return "".join(shown)


@pass_context
def prose(context: Context, text: str, longest: int = 2500) -> Markup:
    """A play's own Markdown: headings, lists and bold survive, links and mentions do not."""
    phrases = getattr(context.environment, "phrases", None)
    text = phrases.say(text) if phrases else text
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


def _currency(value: Decimal, currency: str, reader: Locale) -> str:
    if value == value.to_integral_value() or abs(value) >= NO_CENTS_FROM:
        pattern = reader.currency_formats["standard"].pattern.replace("0.00", "0")
        rounded = value.quantize(Decimal(1))
        return str(
            format_currency(rounded, currency, pattern, locale=reader, currency_digits=False)
        )
    return str(format_currency(value, currency, locale=reader))


def _date(on: date | str) -> date:
    return date.fromisoformat(on[:10]) if isinstance(on, str) else on
