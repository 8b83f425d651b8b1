"""Whether a next step says anything new, or the same with another date."""

import re
from calendar import day_abbr, day_name, month_abbr, month_name

_WORD = re.compile(r"[^\W_]+")
#: In English: the names follow the locale only in a program that sets one, and ours does not.
_DATE_WORDS = frozenset(
    word.lower()
    for names in (day_abbr, day_name, month_abbr, month_name, ("sept", "tues", "thur", "thurs"))
    for word in names
    if word
) | {"today", "tomorrow", "am", "pm"}


def words_without_dates(step: str) -> tuple[str, ...]:
    """Its words in small letters, without days, months and whatever holds a digit."""
    words = (word.lower() for word in _WORD.findall(step))
    return tuple(
        word
        for word in words
        if word not in _DATE_WORDS and not any(letter.isdigit() for letter in word)
    )


def is_restamped(before: str | None, after: str | None) -> bool:
    """Both say something, and it is the same but for the date."""
    if not (before or "").strip() or not (after or "").strip():
        return False
    return words_without_dates(before or "") == words_without_dates(after or "")
