"""The policy as admins have switched it since app.yaml was read."""

from dataclasses import replace

from sqlmodel import Session

from bot.coaching.policy import Policy
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.switches import EVERYTHING, RULE, read_switches

ON, OFF, SHADOW = "on", "off", "shadow"


def policy_now(session: Session, policy: Policy) -> Policy:
    """A rule that was switched stands as it was switched, whatever app.yaml says."""
    switches = read_switches(session)
    states = {
        key.removeprefix(RULE): row.value for key, row in switches.items() if key.startswith(RULE)
    }
    return replace(
        policy,
        is_stopped=policy.is_stopped or EVERYTHING in switches,
        rules_off=_with(policy.rules_off, states, OFF),
        rules_in_shadow=_with(policy.rules_in_shadow, states, SHADOW),
    )


def _with(rules: frozenset[str], states: dict[str, str], state: str) -> frozenset[str]:
    return (rules - states.keys()) | {rule for rule, value in states.items() if value == state}


def switched(runtime: Runtime) -> Runtime:
    with reading(runtime.database) as session:
        return replace(runtime, policy=policy_now(session, runtime.policy))
