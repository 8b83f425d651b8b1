"""Deals that are worth a talk, for the very reasons for which their owner would hear of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.coaching.opportunities import deals_in_reach
from bot.coaching.rep_view import OpenOpportunity, RepView
from bot.coaching.rule import Rule
from bot.queries.switched import policy_now
from bot.queries.unavailable import unavailable_rules
from bot.runtime import Runtime

MOST_DEALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DealToDiscuss:
    name: str
    url: str | None
    amount_cents: int | None
    currency: str
    stage: str
    closes_on: date
    next_step: str | None
    #: What the rules noticed, and the key of the first for the question to ask.
    reasons: tuple[str, ...]
    rule: str


def find_deals(session: Session, runtime: Runtime, view: RepView) -> tuple[DealToDiscuss, ...]:
    """Those with most at stake that some rule has noticed."""
    silent = unavailable_rules(session, runtime) | policy_now(session, runtime.policy).rules_off
    noticed: dict[str, list[Rule]] = defaultdict(list)
    for rule in runtime.rules.values():
        if rule.key in silent:
            continue
        for proposal in rule.notice(view):
            for record in proposal.records:
                noticed[record].append(rule)
    deals = [deal for deal in deals_in_reach(view) if deal.id in noticed]
    return tuple(_told(deal, noticed[deal.id]) for deal in deals[:MOST_DEALS])


def _told(deal: OpenOpportunity, rules: list[Rule]) -> DealToDiscuss:
    return DealToDiscuss(
        name=deal.name,
        url=deal.url,
        amount_cents=deal.amount_cents,
        currency=deal.currency,
        stage=deal.stage,
        closes_on=deal.closes_on,
        next_step=deal.next_step,
        reasons=tuple(dict.fromkeys(rule.title.lower() for rule in rules)),
        rule=rules[0].key,
    )
