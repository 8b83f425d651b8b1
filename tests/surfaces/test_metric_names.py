"""A metric is found by a word of its name, and few are named when several may be meant."""

import pytest

from bot.domain.errors import UnclearWords
from bot.runtime import Runtime
from tests.office import asked


@pytest.mark.parametrize(
    ("line", "title"), [("/metric calls", "Calls completed"), ("/metric lost am", "Lost amount")]
)
def test_a_word_of_a_name_is_enough(office: Runtime, line: str, title: str) -> None:
    assert asked(office, line).replace("\u200b", "").startswith(f"{title}: ")


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/metric win", "Win rate by amount, Win rate by count"),
        ("/metric happiness", "and "),
        ("/metric", "a word of the name is enough"),
    ],
)
def test_of_many_metrics_a_few_are_named(office: Runtime, line: str, meant: str) -> None:
    with pytest.raises(UnclearWords) as refused:
        asked(office, line)
    assert meant in refused.value.hint
    assert len(refused.value.hint) < 300
