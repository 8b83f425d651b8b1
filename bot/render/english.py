"""Days and numbers as the program writes them in its sentences, in the reader's own way."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal, format_percent

MONTHS = {date(2000, month, 1).strftime("%B"): month for month in range(1, 13)}
NAMES: Mapping[str, int] = MONTHS | {name[:3]: month for name, month in MONTHS.items()}
MONTH = f"(?P<month>{'|'.join(sorted(NAMES, key=len, reverse=True))})"
DAY, YEAR = r"(?P<day>\d{1,2})", r"(?P<year>\d{4})"
#: Any leap year: it is not shown.
SOME_YEAR = 2000


def _day(found: re.Match[str], reader: Locale) -> str:
    named = {"day": "1", "year": "", **found.groupdict()}
    on = date(int(named["year"] or SOME_YEAR), NAMES[named["month"]], int(named["day"]))
    width = "MMMM" if len(named["month"]) > len("Mar") else "MMM"
    if named["year"] and len(named["month"]) > len("Mar") and "day" in found.groupdict():
        return str(format_date(on, "long", locale=reader))
    shown = f"{'y' if named['year'] else ''}{width}{'d' if 'day' in found.groupdict() else ''}"
    return str(format_skeleton(shown, on, locale=reader))


def _number(found: re.Match[str], reader: Locale) -> str:
    value = Decimal(found["number"].replace(",", ""))
    if found["share"]:
        pattern = str(reader.percent_formats[None].pattern).replace("0%", "0.#%")
        pattern = pattern.replace("0\xa0%", "0.#\xa0%")
        return str(format_percent(value / 100, format=pattern, locale=reader))
    return str(format_decimal(value, locale=reader))


def _span(found: re.Match[str], reader: Locale) -> str:
    last_year = found["last_year"] or found["first_year"]
    month = found["first_month"] or found["last_month"]
    first = date(int(found["first_year"] or SOME_YEAR), MONTHS[month], int(found["first"]))
    last = date(int(last_year or SOME_YEAR), MONTHS[found["last_month"]], int(found["last"]))
    skeleton = "yMMMd" if last_year else "MMMd"
    return str(format_interval(first, last, skeleton, locale=reader))


#: As ``Window.in_words`` has it.
SPAN = re.compile(
    rf"(?P<first>\d{{1,2}})(?: (?P<first_month>{'|'.join(MONTHS)}))?(?: (?P<first_year>\d{{4}}))?"
    rf" ?\u2013 ?(?P<last>\d{{1,2}}) (?P<last_month>{'|'.join(MONTHS)})(?: (?P<last_year>\d{{4}}))?"
)
#: Where the program has it; anywhere else it may be somebody's own words.
COUNTED = re.compile(rf"(?<=(?:week|eeks|days) \(){SPAN.pattern}(?=\))")
FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Locale], str]], ...] = (
    (SPAN, _span),
    (re.compile(rf"{DAY} {MONTH}(?: {YEAR})?"), _day),
    (re.compile(rf"{MONTH} {DAY}(?:, {YEAR})?"), _day),
    (re.compile(rf"{MONTH} {YEAR}"), _day),
    # Four digits without a comma are a year.
    (re.compile(r"(?P<number>\d{1,3}(?:,\d{3})*(?:\.\d+)?)(?P<share>%?)"), _number),
)


def with_spans(words: str, reader: Locale) -> str:
    """The days that a sentence of the program's counted, as the reader writes them."""

    def write(found: re.Match[str]) -> str:
        try:
            return _span(found, reader)
        except ValueError:
            return found[0]

    return write(whole) if (whole := SPAN.fullmatch(words)) else COUNTED.sub(write, words)


def rewritten(words: str, reader: Locale) -> str:
    """A day, month, number or share that is all there is; anything else as it stands."""
    for form, write in FORMS:
        if found := form.fullmatch(words):
            try:
                return write(found, reader)
            except ValueError:
                return words
    return words
