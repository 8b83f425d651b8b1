from dataclasses import replace

from bot.coaching.manager_rules.bench_thin import RULE
from bot.coaching.manager_view import HiringFacts


def test_a_month_without_an_interview_is_told() -> None:
    view = replace(RULE.example, hiring=HiringFacts(days_without_interview=30))
    [proposal] = RULE.notice(view)
    assert proposal.view["days"] == 30


def test_a_full_bench_and_an_interview_last_week_are_fine() -> None:
    view = replace(RULE.example, hiring=HiringFacts(days_without_interview=29))
    assert list(RULE.notice(view)) == []


def test_a_thin_bench_alone_is_told_without_days() -> None:
    view = replace(RULE.example, hiring=HiringFacts(thin=(("SDR", 0, 2),)))
    [proposal] = RULE.notice(view)
    assert proposal.view["days"] is None
