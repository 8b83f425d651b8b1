from dataclasses import replace
from datetime import date

import pytest

from bot.coaching.example import MEETINGS_HELD, gap_of
from bot.coaching.gaps import (
    first_step,
    range_in_words,
    reading_in_words,
    span_in_words,
    value_in_words,
)
from bot.domain.metric import Unit
from bot.domain.windows import Window


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (date(2026, 3, 3), "over the last 7 days (3\N{EN DASH}9 March)"),
        (date(2026, 2, 24), "over the last 2 weeks (24 February \N{EN DASH} 9 March)"),
        (date(2026, 2, 28), "over the last 10 days (28 February \N{EN DASH} 9 March)"),
        (date(2025, 12, 9), "over the last 13 weeks (9 December 2025 \N{EN DASH} 9 March 2026)"),
    ],
)
def test_a_window_is_told_in_whole_weeks_where_it_has_them(first: date, words: str) -> None:
    gap = gap_of(9)
    window = Window(first=first, last=date(2026, 3, 9), label="asked for")
    assert span_in_words(replace(gap, reading=replace(gap.reading, window=window))) == words


def test_a_state_is_told_of_today() -> None:
    assert span_in_words(gap_of(9, metric=replace(MEETINGS_HELD, is_state=True))) == "today"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.853, Unit.SHARE, "85%"),
        (12.0, Unit.COUNT, "12"),
        (12.34, Unit.COUNT, "12.3"),
        (48_000.0, Unit.MONEY, "48,000"),
        (29.0, Unit.DAYS, "29 days"),
        (7.5, Unit.MINUTES, "7.5 minutes"),
    ],
)
def test_a_value_is_told_in_its_unit(value: float, unit: Unit, words: str) -> None:
    assert value_in_words(value, unit) == words


def test_a_reading_without_a_value_says_so() -> None:
    assert reading_in_words(gap_of(None)) == "not enough data"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(10.4, 18.2, "11 to 18"), (10.0, 18.0, "10 to 18"), (0.3, 0.8, "1 to 1")],
)
def test_a_prorated_range_of_counts_is_told_in_whole_numbers(
    low: float, high: float, words: str
) -> None:
    assert range_in_words(gap_of(9, low=low, high=high)) == words


def test_a_range_is_told_from_low_to_high() -> None:
    assert range_in_words(gap_of(9, metric=replace(MEETINGS_HELD, unit=Unit.DAYS))) == (
        "14 days to 24 days"
    )


@pytest.mark.parametrize(
    ("play", "step"),
    [
        pytest.param("# Title\n\nDo this.\n\n## More\n", "Do this.", id="below-the-title"),
        pytest.param("Do this.\nAnd that.", "Do this.", id="without-a-title"),
        pytest.param("# Title\n", None, id="nothing-but-a-title"),
        pytest.param("", None, id="empty"),
    ],
)
def test_the_first_step_is_the_sentence_below_the_title(play: str, step: str | None) -> None:
    assert first_step(play) == step
