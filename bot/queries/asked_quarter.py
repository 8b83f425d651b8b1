"""Which fiscal quarter is meant: the last one unless another is asked for."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.errors import UnclearWords
from bot.domain.fiscal import FiscalCalendar
from bot.domain.windows import Window
from bot.queries.spoken import FILLERS

LAST = "The last quarter that is over"
SO_FAR = "The quarter under way, so far"
ASKED = "The quarter that you asked for"
MOST_AGO = 20
DAY = timedelta(days=1)
HINT = "say `this quarter`, `last quarter`, `2 quarters ago`, `Q1` or `Q1 2026`; or none of it"

_NAMED = re.compile(r"\bq([1-4])(?:\s+(\d{4}))?\b", re.IGNORECASE)
_AGO = re.compile(r"\b(\d{1,2})\s+quarters?\s+ago\b", re.IGNORECASE)
_SPOKEN = re.compile(r"\b(this|last)\s+quarter\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(days?|weeks?|months?|quarters?|years?)\b", re.IGNORECASE)


def split_quarter(
    words: Sequence[str], *, today: date, fiscal: FiscalCalendar
) -> tuple[str, Window]:
    """A team's name and a quarter out of free words; each may be missing. Raises UnclearWords."""
    text = " ".join(word for word in words if word.lower() not in FILLERS)
    for pattern, read in ((_NAMED, _named), (_AGO, _ago), (_SPOKEN, _spoken)):
        if found := pattern.search(text):
            quarter = read(found, today, fiscal)
            return " ".join((text[: found.start()] + text[found.end() :]).split()), quarter
    if _OTHER.search(text):
        raise UnclearWords("The framework is about whole quarters.", hint=HINT)
    return text, quarters_ago(1, today, fiscal)


def quarters_ago(number: int, today: date, fiscal: FiscalCalendar) -> Window:
    first, last = fiscal.quarter(today)
    if number == 0:
        return Window(first=first, last=today, label=SO_FAR)
    for _ in range(number):
        first, last = fiscal.quarter(first - DAY)
    return Window(first=first, last=last, label=LAST if number == 1 else ASKED)


def _spoken(found: re.Match[str], today: date, fiscal: FiscalCalendar) -> Window:
    return quarters_ago(0 if found[1].lower() == "this" else 1, today, fiscal)


def _ago(found: re.Match[str], today: date, fiscal: FiscalCalendar) -> Window:
    if int(found[1]) > MOST_AGO:
        raise UnclearWords("I do not look back that far.", hint=HINT)
    return quarters_ago(int(found[1]), today, fiscal)


def _named(found: re.Match[str], today: date, fiscal: FiscalCalendar) -> Window:
    """Of the fiscal year that is called so; else the newest that has begun."""
    for number in range(MOST_AGO + 1):
        quarter = quarters_ago(number, today, fiscal)
        place, first = 1, fiscal.year(quarter.first)[0]
        while first < quarter.first:
            place, first = place + 1, fiscal.quarter(first)[1] + DAY
        if place == int(found[1]) and found[2] in (None, str(fiscal.year_name(quarter.first))):
            return quarter
    raise UnclearWords(f"I find no quarter {found[0]} that has begun.", hint=HINT)
