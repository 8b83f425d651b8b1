"""What admins switch, each deed with its line in the audit log, in one transaction."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.coaching.rule import AnyRule
from bot.domain.errors import UnclearWords
from bot.domain.ids import SlackUserId
from bot.flows.preferences import find_kind
from bot.queries.permissions import Admin, require_admin
from bot.queries.switched import OFF, ON, SHADOW
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.roster import read_roster
from bot.storage.switches import EVERYTHING, RULE, STOPPED, AuditRow, SwitchRow

DEFAULT = "default"
STATES = {
    ON: "switched on",
    OFF: "switched off",
    SHADOW: "put in shadow",
    DEFAULT: "left to app.yaml again",
}
LONGEST_REASON = 200


def stop(runtime: Runtime, *, by: SlackUserId, reason: str) -> bool:
    """Nothing leaves from now on, on any instance; False when it was stopped already."""
    with transaction(runtime.database) as session:
        admin = _require(session, runtime, by)
        if session.get(SwitchRow, EVERYTHING) is not None:
            return False
        words = " ".join(reason.split())[:LONGEST_REASON]
        _switch(session, runtime, admin, EVERYTHING, STOPPED)
        _note(session, runtime, admin, "stopped everything" + (f": {words}" if words else ""))
    return True


def start(runtime: Runtime, *, by: SlackUserId) -> bool:
    """What waits in the outbox leaves again; False when nothing was stopped."""
    with transaction(runtime.database) as session:
        admin = _require(session, runtime, by)
        switch = session.get(SwitchRow, EVERYTHING)
        if switch is None:
            return False
        session.delete(switch)
        _note(session, runtime, admin, "let everything go on")
    return True


def switch_rule(runtime: Runtime, *, by: SlackUserId, words: Sequence[str]) -> tuple[AnyRule, str]:
    """The rule and what became of it. Raises UnclearWords with what may be said."""
    state = words[-1].lower() if words else ""
    if state not in STATES or len(words) < 2:  # noqa: PLR2004 - a rule and its state
        raise UnclearWords(
            "Which rule, and how should it stand?",
            hint="`/coach-admin rule no_activity off`, or `on`, `shadow`, `default`",
        )
    rule = find_kind(runtime.every_rule, words[:-1])
    with transaction(runtime.database) as session:
        admin = _require(session, runtime, by)
        if state == DEFAULT:
            known = session.get(SwitchRow, f"{RULE}{rule.key}")
            if known is not None:
                session.delete(known)
        else:
            _switch(session, runtime, admin, f"{RULE}{rule.key}", state)
        _note(session, runtime, admin, f"{rule.title}: {STATES[state]}")
    return rule, STATES[state]


def _require(session: Session, runtime: Runtime, by: SlackUserId) -> Admin:
    roster = read_roster(session, runtime.organisation)
    return require_admin(session, by, roster=roster, organisation=runtime.organisation)


def _switch(session: Session, runtime: Runtime, admin: Admin, key: str, value: str) -> None:
    now = runtime.clock.now()
    session.merge(SwitchRow(key=key, value=value, changed_at=now, changed_by=admin.name))


def _note(session: Session, runtime: Runtime, admin: Admin, deed: str) -> None:
    now = runtime.clock.now()
    row = AuditRow(at=now, by_slack_id=admin.slack_id, by_name=admin.name, deed=deed)
    session.add(row)
