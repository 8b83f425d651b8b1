"""Praise for one specific thing that went well; rare, so that it keeps its worth."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.changes import fallen, in_doubt
from bot.coaching.example import KIM, by_metric, gap_of
from bot.coaching.gaps import earlier, mention, range_in_words, reading_in_words
from bot.coaching.priority import confidence, priority
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.gap import Band, Gap
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("kudos")
#: A reading beyond its range may be luck until it rests on this many times the fewest facts.
FACTS_OVER_FEWEST = 3
#: Seeing what works keeps it going; that is worth about as much as a big deal put right.
GAIN, ACTIONABILITY = 0.6, 0.8


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose praise for the best of what improved, or else of what lies beyond its range.

    What would be praised were its records not in doubt is proposed as well, to wait on record.
    """
    if not view.is_present:
        return
    # What promises nothing is watched, and never praised for its own sake.
    doubtful = fallen(view)
    gaps = [
        gap
        for gap in view.gaps.values()
        if gap.target.leverage > 0 and gap.metric.key not in doubtful
    ]
    gaps.sort(key=lambda gap: (-gap.target.leverage, gap.metric.key))
    gaps.sort(key=lambda gap: not _is_improved(gap, view))
    praise = [
        in_doubt(_proposal(view, gap), view, doubt=_gamed(gap, view))
        for gap in gaps
        if _is_improved(gap, view) or _stands_out(gap, view)
    ]
    yield from [each for each in praise if each.doubt is None][:1]
    yield from [each for each in praise if each.doubt is not None][:1]


def _is_improved(gap: Gap, view: RepView) -> bool:
    before = view.gaps_before.get(gap.metric.key)
    return (
        before is not None
        and before.band is Band.SHORT
        and before.is_earned
        and gap.is_earned
        and gap.band in {Band.ON_TARGET, Band.BEYOND}
    )


def _stands_out(gap: Gap, view: RepView) -> bool:
    """High is praised only where the paired metric, if there is one, is known as well."""
    enough = FACTS_OVER_FEWEST * max(gap.metric.min_facts, 1)
    is_known = gap.metric.guard is None or _guard(gap, view) not in {None, Band.NO_DATA}
    return gap.is_earned and gap.band is Band.BEYOND and gap.reading.facts >= enough and is_known


def _gamed(gap: Gap, view: RepView) -> str | None:
    """The paired metric is where it would be, had this one been gamed."""
    if _guard(gap, view) is not Band.SHORT or gap.metric.guard is None:
        return None
    return f"{view.gaps[gap.metric.guard].metric.title}, which should go with it, is short"


def _guard(gap: Gap, view: RepView) -> Band | None:
    """How the metric stands that would show gaming; None when it is not looked at."""
    guard = view.gaps.get(gap.metric.guard) if gap.metric.guard else None
    return guard.band if guard else None


def _proposal(view: RepView, gap: Gap) -> Proposal:
    key = gap.metric.key
    is_improved = _is_improved(gap, view)
    because = {
        gap.metric.title: reading_in_words(gap),
        "Target range": range_in_words(gap),
        "Facts behind it": str(gap.reading.facts),
        "Rule": "it was short of target and no longer is, or lies beyond it on many facts",
    }
    if is_improved:
        because["Before"] = reading_in_words(view.gaps_before[key])
    return Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject=key,
        priority=priority(
            likelihood=confidence(gap.reading.facts, min_facts=gap.metric.min_facts),
            gain=GAIN,
            actionability=ACTIONABILITY,
        ),
        tone=Tone.POSITIVE,
        metric=key,
        window=gap.reading.window,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "metric": mention(view, gap),
            "before": earlier(view, gap) if is_improved else None,
        },
        because=because,
    )


RULE = Rule(
    key=KEY,
    title="Kudos",
    because="A metric of yours climbed into its target range, or lies well beyond it.",
    template="nudges/kudos.j2",
    cooldown_days=14,
    notice=notice,
    example=replace(KIM, gaps=by_metric(gap_of(17)), gaps_before=by_metric(gap_of(9, weeks_ago=4))),
)
