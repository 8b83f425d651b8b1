"""One metric at a time: the gap whose closing promises most, for some weeks."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.example import KIM, MEETINGS_HELD, by_metric, gap_of
from bot.coaching.gaps import earlier, first_step, mention, range_in_words, reading_in_words
from bot.coaching.leverage import FOCUS_DAYS, Focus, HeldFocus, choose_focus, gain_in_words
from bot.coaching.priority import confidence, gain_of_leverage, priority
from bot.coaching.rep_view import RepView, Touch
from bot.coaching.rule import Rule
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

KEY = RuleKey("focus_of_the_week")
#: A habit moves slowly, and one week's attention is a good part of what moves it.
ACTIONABILITY = 0.8
#: From this confidence in the reading on, the gap is more than bad luck.
CONFIDENT = 0.75


def notice(view: RepView) -> Iterator[Proposal]:
    """Propose the focus on the first day of the rep's week: the one that holds, or the best."""
    if not view.is_present or view.today.weekday() != min(view.works):
        return
    focus = choose_focus(view.gaps, held=view.focus, today=view.today)
    if focus is not None:
        yield _proposal(view, focus)


def _proposal(view: RepView, focus: Focus) -> Proposal:
    gap, key = focus.gap, focus.gap.metric.key
    trust = confidence(gap.reading.facts, min_facts=gap.metric.min_facts)
    return Proposal(
        rule=KEY,
        to=view.rep,
        about=view.rep,
        subject=key,
        priority=priority(
            likelihood=trust,
            gain=gain_of_leverage(focus.gain.estimate),
            actionability=ACTIONABILITY,
        ),
        tone=Tone.NEUTRAL,
        metric=key,
        window=gap.reading.window,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "metric": mention(view, gap),
            "before": None if view.touch is Touch.SIMPLE else earlier(view, gap),
            "is_confident": trust >= CONFIDENT,
            "week": HeldFocus(metric=key, since=focus.since).week(view.today),
            "next_step": first_step(view.plays.get(key, "")),
        },
        because={
            gap.metric.title: reading_in_words(gap),
            "Target range": range_in_words(gap),
            "Facts behind it": str(gap.reading.facts),
            "If it moved to the middle": gain_in_words(focus.gain),
            "Your focus since": focus.since.isoformat(),
            "Rule": "of the metrics short of target beyond doubt, the one that promises most; "
            f"it stays for {FOCUS_DAYS // 7} weeks unless it is reached or clearly overtaken",
        },
    )


RULE = Rule(
    key=KEY,
    title="Focus of the week",
    because="Of all your metrics short of target, closing this one promises most.",
    template="nudges/focus_of_the_week.j2",
    cooldown_days=7,
    notice=notice,
    example=replace(
        KIM,
        gaps=by_metric(gap_of(9)),
        gaps_before=by_metric(gap_of(12, weeks_ago=4)),
        plays={
            MEETINGS_HELD.key: (
                "# Discovery calls\n\nAsk two open customers for a 25-minute call this week."
            )
        },
    ),
)
