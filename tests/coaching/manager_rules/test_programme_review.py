from dataclasses import replace
from datetime import timedelta

from bot.coaching.example import MONDAY
from bot.coaching.manager_rules.programme_review import RULE


def test_each_cohort_is_a_subject_of_its_own() -> None:
    [cohort] = RULE.example.cohorts
    other = replace(cohort, ended_on=MONDAY)
    said = list(RULE.notice(replace(RULE.example, cohorts=(cohort, other))))
    assert len({each.subject for each in said}) == 2
    assert cohort.ended_on == MONDAY - timedelta(days=2)
