"""The only place that decides to interrupt a person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.coaching.policy import Policy, QuietHours
from bot.coaching.rep_view import Touch
from bot.domain.light import light
from bot.domain.nudge import Defer, Hold, HoldReason, Proposal, Send, Tone, Verdict
from bot.domain.week import ALL_DAYS, WEEKEND


@light(frozen=True, slots=True, kw_only=True)
class History:
    """What was said to one person before, and what they asked of us. Days are the person's own."""

    zone: ZoneInfo
    today: date
    sent_today: int = 0
    urgent_sent_today: int = 0
    sent_this_week: int = 0
    warned_today: bool = False
    #: dedupe key → the day it was last said.
    last_said: Mapping[str, date] = field(default_factory=dict)
    muted: frozenset[str] = frozenset()
    #: dedupe key → not again before the day after this one.
    snoozed_until: Mapping[str, date] = field(default_factory=dict)
    paused_until: date | None = None
    #: The person's own, in place of the team's.
    quiet_hours: QuietHours | None = None
    #: The days of the week on which they work, 0 for Monday.
    works: frozenset[int] = ALL_DAYS - WEEKEND
    is_present: bool = True
    is_active: bool = True
    is_in_slack: bool = True
    working_days_since_joining: int = 9999
    touch: Touch = Touch.USUAL
    #: The day of the newest nudge that was not answered.
    open_since: date | None = None


@light(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict with what an experiment needs to know about how it came about."""

    proposal: Proposal
    verdict: Verdict
    #: Nothing but the draw stood between the proposal and the person.
    is_eligible: bool
    send_probability: float
    draw: float


def judge(
    proposals: Iterable[Proposal],
    *,
    policy: Policy,
    history: History,
    cooldown_days: Mapping[str, int],
    now: datetime,
    draw: Callable[[Proposal], float],
) -> list[Judgement]:
    """Give every proposal to one person a verdict, the most useful first.

    ``draw`` gives a uniform number in [0, 1). Passing it in keeps the holdout reproducible.
    """
    room = _Room(policy, history)
    quiet_hours = history.quiet_hours or policy.quiet_hours
    quiet_until = quiet_hours.over_at(now, history.zone, works=history.works)
    said = Send() if quiet_until <= now else Defer(quiet_until)
    judgements = []
    for key, proposal in _most_useful_first(proposals):
        drawn = draw(proposal)
        reason = _reason_to_hold(key, proposal, policy, history, cooldown_days)
        reason = reason or room.refuses(proposal)
        verdict: Verdict
        if reason is not None:
            verdict = Hold(reason)
        else:
            # A withheld nudge still uses up the slot. If a weaker nudge took its place we would
            # be comparing one nudge with another, not a nudge with silence.
            room.take(proposal)
            verdict = _withheld(policy, proposal, drawn) or said
        judgements.append(
            Judgement(
                proposal=proposal,
                verdict=verdict,
                is_eligible=_is_drawn(policy, proposal) and reason is None,
                send_probability=_send_probability(policy) if reason is None else 0.0,
                draw=drawn,
            )
        )
    return judgements


def _most_useful_first(proposals: Iterable[Proposal]) -> list[tuple[str, Proposal]]:
    """Each with its key."""
    keyed = [(proposal.dedupe_key, proposal) for proposal in proposals]
    return sorted(keyed, key=lambda each: (-each[1].priority, each[0]))


def _is_drawn(policy: Policy, proposal: Proposal) -> bool:
    """Whether a lot may withhold it, to learn what nudges do."""
    return not policy.is_in_shadow and not proposal.is_of_programme


def _withheld(policy: Policy, proposal: Proposal, drawn: float) -> Hold | None:
    if policy.is_in_shadow:
        return Hold(HoldReason.SHADOW_MODE)
    is_withheld = _is_drawn(policy, proposal) and drawn < policy.holdout_share
    return Hold(HoldReason.HOLDOUT) if is_withheld else None


def _send_probability(policy: Policy) -> float:
    return 0.0 if policy.is_in_shadow else 1 - policy.holdout_share


class _Room:
    """How much may still be said to the person."""

    def __init__(self, policy: Policy, history: History) -> None:
        self._today = policy.nudges_per_day - history.sent_today
        self._week = _week_cap(policy, history.touch) - history.sent_this_week
        self._is_simple = history.touch is Touch.SIMPLE
        self._said_now = False
        self._urgent = policy.urgent_per_day - history.urgent_sent_today
        self._warned = history.warned_today

    def refuses(self, proposal: Proposal) -> HoldReason | None:
        if proposal.is_urgent:
            return HoldReason.DAILY_CAP if self._urgent <= 0 else None
        if self._today <= 0:
            return HoldReason.DAILY_CAP
        if self._week <= 0:
            return HoldReason.WEEKLY_CAP
        if self._is_simple and self._said_now:
            return HoldReason.ONE_AT_A_TIME
        if self._warned and proposal.tone is Tone.WARNING:
            return HoldReason.BAD_NEWS_TODAY
        return None

    def take(self, proposal: Proposal) -> None:
        if proposal.is_urgent:
            self._urgent -= 1
        else:
            self._today -= 1
            self._week -= 1
            self._said_now = True
        self._warned = self._warned or proposal.tone is Tone.WARNING


def _week_cap(policy: Policy, touch: Touch) -> int:
    match touch:
        case Touch.USUAL:
            return policy.nudges_per_week
        case Touch.LIGHT:
            return min(policy.nudges_per_week, policy.light_touch_per_week)
        case Touch.SIMPLE:
            return min(policy.nudges_per_week, policy.simple_touch_per_week)


def _is_too_much(proposal: Proposal, policy: Policy, history: History) -> HoldReason | None:
    """What the usual rep would hear and this one does not; urgent things everybody hears."""
    if proposal.is_urgent:
        return None
    match history.touch:
        case Touch.USUAL:
            return None
        case Touch.LIGHT:
            is_about_money = (
                bool(proposal.records) and proposal.priority >= policy.light_touch_from_priority
            )
            is_welcome = proposal.tone is Tone.POSITIVE or is_about_money
            return None if is_welcome else HoldReason.LIGHT_TOUCH
        case Touch.SIMPLE:
            since = history.open_since
            is_open = (
                since is not None and (history.today - since).days < policy.simple_touch_open_days
            )
            return HoldReason.ONE_AT_A_TIME if is_open else None


def _reason_to_hold(
    key: str,
    proposal: Proposal,
    policy: Policy,
    history: History,
    cooldown_days: Mapping[str, int],
) -> HoldReason | None:
    said = history.last_said.get(key)
    snoozed = history.snoozed_until.get(key)
    is_paused = history.paused_until is not None and history.today <= history.paused_until
    is_new_here = history.working_days_since_joining < policy.settling_in_working_days
    is_cooling = said is not None and (history.today - said).days < cooldown_days.get(
        str(proposal.rule), 0
    )
    # The first that holds; what comes later is not even asked.
    return (
        (policy.is_stopped and HoldReason.KILL_SWITCH)
        or (not history.is_active and HoldReason.INACTIVE)
        or (not history.is_in_slack and HoldReason.NOT_IN_SLACK)
        or (proposal.rule in policy.rules_off and HoldReason.RULE_OFF)
        or (proposal.rule in policy.rules_in_shadow and HoldReason.SHADOW)
        or (proposal.doubt is not None and HoldReason.IN_DOUBT)
        or (not history.is_present and HoldReason.ON_LEAVE)
        or (is_paused and HoldReason.PAUSED)
        or (proposal.rule in history.muted and HoldReason.MUTED)
        or (snoozed is not None and history.today <= snoozed and HoldReason.SNOOZED)
        or (is_new_here and not proposal.is_of_programme and HoldReason.SETTLING_IN)
        or (is_cooling and HoldReason.COOLING_DOWN)
        or _is_too_much(proposal, policy, history)
    )
