"""Rules that would see what is not there, because the CRM lacks or hides what they need."""

from sqlmodel import Session

from bot.domain.ids import RuleKey
from bot.runtime import Runtime
from bot.storage.availability import Available


def unavailable_rules(session: Session, runtime: Runtime) -> frozenset[RuleKey]:
    known = Available.read(session)
    return frozenset(
        rule.key
        for rule in runtime.every_rule.values()
        if not all(known.has(*pair) for pair in rule.needs)
    )
