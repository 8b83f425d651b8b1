"""What the manager's digest tells of changes: what is real, what is worth a look, each once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import CALLS_FELL, MEETINGS_ROSE
from bot.coaching.example import KIM as VIEW
from bot.coaching.rep_view import NoticedChange, RepView
from bot.domain.ids import RepId
from bot.domain.people import Rep
from bot.queries.digest_changes import real_changes, soft_looks
from tests.domain.people import KIM

REAL = replace(CALLS_FELL, tier="escalate")
EARLIER = timedelta(days=7)


def seen(*changes: NoticedChange, rep: Rep = KIM) -> tuple[Rep, RepView]:
    return rep, replace(VIEW, changes=changes)


def heads(lines: Iterable[str]) -> list[str]:
    return [line.partition(":")[0] for line in lines]


def test_a_large_and_sure_change_is_worth_a_look() -> None:
    assert heads(soft_looks([seen(CALLS_FELL)])) == ["Kim, Calls completed"]
    assert soft_looks([seen(replace(CALLS_FELL, observed=20))]) == ()
    assert soft_looks([seen(replace(CALLS_FELL, posterior=0.97))]) == ()


def test_what_is_real_is_told_as_that_and_not_once_more() -> None:
    both = [seen(CALLS_FELL, REAL, replace(MEETINGS_ROSE, tier="escalate"))]
    assert heads(real_changes(both)) == ["Kim, Calls completed", "Kim, Meetings held"]
    assert soft_looks(both) == ()


def test_of_one_metric_the_newest_week_is_told() -> None:
    older = replace(REAL, week=REAL.week - EARLIER, observed=3)
    [line] = real_changes([seen(older, REAL)])
    assert "down to 11" in line


def test_namesakes_are_two_people() -> None:
    other = replace(KIM, id=RepId("005000000000009AAA"))
    assert len(soft_looks([seen(CALLS_FELL), seen(CALLS_FELL, rep=other)])) == 2
    assert len(soft_looks([seen(REAL), seen(CALLS_FELL, rep=other)])) == 1
