"""Target ranges from the team's own sustained achievers, or an honest refusal (W3).

A metric's range is proposed only when its evidence is strong: halves of the reps show it again and
again, and it foretells reps that it was not learned from. What is weak is worth watching. All of it
is association, not cause: only an experiment tells what a rep gains by moving a metric.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.coaching.evidence.achievers import FEWEST_ACHIEVERS, AchieverRange, achiever_ranges
from bot.coaching.evidence.leading import FALSE_CHANCE, Leading, find_leading
from bot.coaching.role_quarters import FEWEST_QUARTERS, FEWEST_REPS, RoleQuarters
from bot.domain.ids import MetricKey, RepId

#: A metric goes into the playbook when this share of half samples shows it (C2.7), ...
STABLE = 0.8
#: ... and out of sample the skill is luck with less than this probability.
SURE_OF_SKILL = 0.1
#: Worth watching takes less.
PERHAPS_SKILL = 0.2
SEED = 20_260_309
CAVEAT = "Association, not cause: who does well may do more of it for another reason."


class Grade(StrEnum):
    STRONG = "strong"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedMetric:
    metric: MetricKey
    grade: Grade
    #: The chance that luck makes the best look so good, and the share of half samples that show it.
    adjusted: float
    stability: float
    #: None where achievers have no range of their own.
    range: AchieverRange | None
    #: Why there is no proposal for it, in words; empty where there is one.
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    grade: Grade
    #: Why nothing is proposed, or empty.
    refusal: str
    reps: int
    quarters: int
    achievers: tuple[RepId, ...] = ()
    #: Leave one rep out: the share of a rep's ups and downs foretold by what others showed.
    skill: float = 0.0
    metrics: tuple[LearnedMetric, ...] = ()

    @property
    def proposed(self) -> Sequence[LearnedMetric]:
        return [each for each in self.metrics if not each.remark and each.range is not None]


def learn(quarters: RoleQuarters) -> Learned:
    """The same quarters always teach the same."""
    seen = quarters.seen
    reps, pairs = int(seen.any(axis=1).sum()), int(seen.any(axis=0).sum())
    known = pairs + 1 if pairs else 0
    if refusal := _refusal(reps, known):
        return Learned(grade=Grade.NONE, refusal=refusal, reps=reps, quarters=known)
    rng = np.random.default_rng(SEED)
    leading = find_leading(quarters, rng)
    achievers, ranges = achiever_ranges(quarters, rng)
    metrics = tuple(
        _learned(quarters, at, leading, ranges[at], int(achievers.sum()))
        for at in range(len(quarters.metrics))
    )
    grades = {each.grade for each in metrics}
    grade = next(each for each in Grade if each in grades or each is Grade.NONE)
    return Learned(
        grade=grade,
        refusal="" if any(not each.remark for each in metrics) else _why_nothing(grade),
        reps=reps,
        quarters=known,
        achievers=tuple(
            rep for rep, is_one in zip(quarters.reps, achievers, strict=True) if is_one
        ),
        skill=leading.skill,
        metrics=metrics,
    )


def _refusal(reps: int, quarters: int) -> str:
    missing = []
    if reps < FEWEST_REPS:
        missing.append(f"{FEWEST_REPS} reps are needed and {reps} have a quarter and the next one")
    if quarters < FEWEST_QUARTERS:
        missing.append(f"{FEWEST_QUARTERS} quarters are needed and {quarters} are known")
    return "; ".join(missing)


def _why_nothing(grade: Grade) -> str:
    if grade is Grade.NONE:
        return "no metric of the playbook goes with the next quarter's outcome more than luck does"
    return "nothing is strong enough to change a range"


def _learned(
    quarters: RoleQuarters, at: int, leading: Leading, found: AchieverRange | None, achievers: int
) -> LearnedMetric:
    grade = grade_of(leading, at)
    return LearnedMetric(
        metric=quarters.metrics[at].key,
        grade=grade,
        adjusted=float(leading.adjusted[at]),
        stability=float(leading.stability[at]),
        range=found,
        remark=_remark(leading, at, grade, found, achievers),
    )


def grade_of(leading: Leading, at: int) -> Grade:
    if leading.adjusted[at] > FALSE_CHANCE or leading.skill <= 0:
        return Grade.NONE
    if leading.stability[at] > STABLE and leading.skill_p < SURE_OF_SKILL:
        return Grade.STRONG
    return Grade.WEAK if leading.skill_p < PERHAPS_SKILL else Grade.NONE


def _remark(
    leading: Leading, at: int, grade: Grade, found: AchieverRange | None, achievers: int
) -> str:
    if np.isnan(leading.slope[at]):
        return "too little is known of it, or it never moves"
    if grade is Grade.NONE:
        return "not shown to lead to the outcome"
    if grade is Grade.WEAK:
        return "worth watching"
    if achievers < FEWEST_ACHIEVERS:
        return f"{achievers} sustained achievers; {FEWEST_ACHIEVERS} are needed for a range"
    if found is None or not found.stands_out:
        return "sustained achievers do not stand out in it"
    return ""
