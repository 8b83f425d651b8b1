"""What the rules about changes share: words for what was seen and for what was to be expected."""

from bot.coaching.gaps import first_step
from bot.coaching.priority import gain_of_leverage, priority
from bot.coaching.rep_view import NoticedChange, RepView
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal, Tone

#: One conversation or one blocked hour brings back a good part of what was lost.
ACTIONABILITY = 0.9
#: A metric outside the playbook is worth this share of the won amount until somebody says more.
LEVERAGE_OF_OTHERS = 0.02
#: A signal is news for this many days after its week ended.
NEWS_FOR_DAYS = 21


def is_news(view: RepView, change: NoticedChange) -> bool:
    """Recent, and strong enough to interrupt somebody for, all metrics watched considered."""
    return change.tier != "noted" and 0 <= (view.today - change.week).days <= NEWS_FOR_DAYS


def worth(change: NoticedChange) -> float:
    return priority(
        likelihood=min(max(change.posterior, 0.0), 1.0),
        gain=gain_of_leverage(max(change.leverage, LEVERAGE_OF_OTHERS)),
        actionability=ACTIONABILITY,
    )


def proposal_about(view: RepView, change: NoticedChange, *, rule: str, tone: Tone) -> Proposal:
    seen, usual = round(change.observed), round(change.expected)
    return Proposal(
        rule=RuleKey(rule),
        to=view.rep,
        about=view.rep,
        subject=change.metric,
        priority=worth(change),
        tone=tone,
        metric=change.metric,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "title": change.title,
            "kind": change.kind,
            "seen": seen,
            "usual": usual,
            "weeks": change.weeks,
            "next_step": first_step(change.play),
            "leads_to": change.leads_to,
        },
        because={
            change.title: f"{seen} in {change.weeks} weeks",
            "To be expected": f"about {usual}, from your own past, your working days and the team",
            "Week that showed it": change.week.isoformat(),
            "Probability that it is no chance": f"{change.posterior:.0%}",
            "Rule": "a change against your own past that chance and the team do not explain",
        },
    )
