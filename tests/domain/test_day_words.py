from datetime import date

import pytest

from bot.domain.day_words import parse_day_ahead
from bot.domain.errors import UnclearWords

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("tomorrow", date(2026, 11, 25)),
        ("until Friday", date(2026, 11, 27)),
        ("tue", date(2026, 12, 1)),
        ("monday", date(2026, 11, 30)),
        ("next week", date(2026, 11, 30)),
        ("3 days", date(2026, 11, 27)),
        ("for 2  weeks", date(2026, 12, 8)),
        (("until", "2026-12-01"), date(2026, 12, 1)),
    ],
)
def test_a_day_to_come_is_understood(words: str, day: date) -> None:
    assert parse_day_ahead(words, today=TUESDAY) == day


@pytest.mark.parametrize(
    "words", ["", "yesterday", "2026-11-24", "2025-01-01", "91 days", "0 days", "tu", "2026-13-01"]
)
def test_a_day_that_is_not_ahead_or_not_known_is_refused_with_a_hint(words: str) -> None:
    with pytest.raises(UnclearWords) as refused:
        parse_day_ahead(words, today=TUESDAY)
    assert "tomorrow" in refused.value.hint
