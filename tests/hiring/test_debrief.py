"""Who may read whose scores, at any moment."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.hiring.debrief import Sitting, is_independent, may_see_scores

MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)


def sitting(who: str, planned: int = 0, scored: int | None = None) -> Sitting:
    """Hours after Monday morning."""
    at = MONDAY + timedelta(hours=scored) if scored is not None else None
    return Sitting(interviewer=who, planned_at=MONDAY + timedelta(hours=planned), scored_at=at)


@pytest.mark.parametrize(
    ("sittings", "asker", "hires", "sees"),
    [
        ([sitting("kim"), sitting("sam", scored=2)], "kim", False, False),
        ([sitting("kim", scored=1), sitting("sam")], "kim", False, True),
        ([sitting("kim", scored=1), sitting("kim", 5)], "kim", False, False),
        ([sitting("kim", scored=1), sitting("sam")], "maria", True, False),
        ([sitting("kim", scored=1), sitting("sam", scored=2)], "maria", True, True),
        ([sitting("kim", scored=1)], "noor", False, False),
        ([], "maria", True, False),
    ],
)
def test_scores_show_once_ones_own_are_in_or_all_are(
    sittings: list[Sitting], asker: str, *, hires: bool, sees: bool
) -> None:
    assert may_see_scores(asker, sittings, hires=hires) is sees


@pytest.mark.parametrize(
    ("own", "others", "hires", "is_alone"),
    [
        (sitting("kim", 0), [], False, True),
        (sitting("kim", 0), [sitting("sam", 0, 2)], False, True),
        # A manager who had read the scores when their own interview was planned.
        (sitting("maria", 5), [sitting("sam", 0, 2)], True, False),
        # The same, for somebody who does not hire and so could not read them.
        (sitting("kim", 5), [sitting("sam", 0, 2)], False, True),
        # Scores were missing when it was planned, and had never all been there.
        (sitting("maria", 5), [sitting("sam", 0, 2), sitting("kim", 1, 8)], True, True),
        # They had all been there once, before another interview was planned.
        (sitting("maria", 5), [sitting("sam", 0, 2), sitting("kim", 4)], True, False),
        # A second talk by whoever has read the others after the first.
        (sitting("kim", 9), [sitting("kim", 0, 2), sitting("sam", 0, 3)], False, False),
    ],
)
def test_whoever_could_have_read_others_did_not_score_alone(
    own: Sitting, others: list[Sitting], *, hires: bool, is_alone: bool
) -> None:
    assert is_independent(own, others, hires=hires) is is_alone
