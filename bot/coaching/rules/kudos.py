"""Praise for one specific thing that went well; rare, so that it keeps its worth."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.example import KIM, by_metric, gap_of
from bot.coaching.gaps import mention, range_in_words, reading_in_words
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
    """Propose praise for the best of what improved, or else of what lies beyond its range."""
    if not view.is_present:
        return
    honest = [gap for gap in view.gaps.values() if not _is_guard_short(gap, view)]
    improved = [gap for gap in honest if _is_improved(gap, view)]
    standing_out = [gap for gap in honest if _stands_out(gap)]
    worthy = improved or standing_out
    if worthy:
        yield _proposal(view, min(worthy, key=lambda gap: (-gap.target.leverage, gap.metric.key)))


def _is_guard_short(gap: Gap, view: RepView) -> bool:
    """Whether the paired metric shows that the number may have been bought too dearly."""
    guard = view.gaps.get(gap.metric.guard) if gap.metric.guard else None
    return guard is not None and guard.band is Band.SHORT


def _is_improved(gap: Gap, view: RepView) -> bool:
    before = view.gaps_before.get(gap.metric.key)
    return (
        before is not None
        and before.band is Band.SHORT
        and gap.band in {Band.ON_TARGET, Band.BEYOND}
    )


def _stands_out(gap: Gap) -> bool:
    enough = FACTS_OVER_FEWEST * max(gap.metric.min_facts, 1)
    return gap.band is Band.BEYOND and gap.reading.facts >= enough


def _proposal(view: RepView, gap: Gap) -> Proposal:
    key = gap.metric.key
    before = view.gaps_before[key] if _is_improved(gap, view) else None
    because = {
        gap.metric.title: reading_in_words(gap),
        "Target range": range_in_words(gap),
        "Facts behind it": str(gap.reading.facts),
        "Rule": "it was short of target and no longer is, or lies beyond it on many facts",
    }
    if before is not None:
        because["Window before"] = reading_in_words(before)
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
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "metric": mention(view, gap),
            "before": before.reading.value if before else None,
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
    example=replace(KIM, gaps=by_metric(gap_of(17)), gaps_before=by_metric(gap_of(9))),
)
