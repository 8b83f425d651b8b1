"""Whether a next step says anything new, or the same with another date."""

import re

_WORD = re.compile(r"[^\W_]+")
_DATE_WORDS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july "
    "august september october november december mon tue tues wed thu thur thurs fri sat sun monday "
    "tuesday wednesday thursday friday saturday sunday today tomorrow am pm".split()
)


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
