"""What admins want to know: is it fed, what may it say, what did it hold back, who changed what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.domain.ids import SlackUserId
from bot.queries.crm_doubts import CrmDoubt, captured_email, crm_doubts, expected_but_missing
from bot.queries.permissions import require_admin
from bot.queries.switched import OFF, ON, SHADOW, policy_now
from bot.queries.unavailable import unavailable_rules
from bot.runtime import Runtime
from bot.storage.availability import unavailable_metrics
from bot.storage.cursors import PullRow, last_pull, mirrored_at, read_cursors
from bot.storage.database import reading
from bot.storage.decisions import DecisionRow
from bot.storage.outbox import DeliveryRow
from bot.storage.people import SlackMatchRow
from bot.storage.roster import read_roster
from bot.storage.switches import (
    EVERYTHING,
    RULE,
    AuditRow,
    SwitchRow,
    latest_deeds,
    read_switches,
)

HELD_WITHIN = timedelta(days=7)
MOST_DEEDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleState:
    key: str
    title: str
    #: on · off · shadow
    state: str
    #: Whether the CRM lacks what it needs, so that it is silent whatever its state.
    is_unfed: bool
    #: The admin who switched it; None where app.yaml decides.
    switched_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    rule: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminView:
    #: The switch that lets nothing leave; None while things leave.
    stopped: SwitchRow | None
    as_of: datetime | None
    pull: PullRow | None
    #: (table, what is wrong with it)
    problems: tuple[tuple[str, str], ...]
    #: What changed in the CRM so that somebody must edit app.yaml.
    doubts: tuple[CrmDoubt, ...]
    metrics_unfed: Mapping[str, str]
    rules: tuple[RuleState, ...]
    #: Deliveries by state, those that were sent left out.
    outbox: Mapping[str, int]
    unmatched: int
    held: tuple[Held, ...]
    deeds: Sequence[AuditRow]
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId) -> AdminView:
    """Raises UnknownPerson or NotAllowed."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        admin = require_admin(session, asker, roster=roster, organisation=runtime.organisation)
        return AdminView(
            stopped=read_switches(session).get(EVERYTHING),
            as_of=mirrored_at(session),
            pull=last_pull(session),
            problems=_problems(session),
            doubts=(
                *(each for row in read_cursors(session) for each in crm_doubts(row)),
                *captured_email(session),
            ),
            metrics_unfed={
                runtime.metrics[key].metric.title: missing
                for key, missing in unavailable_metrics(session, runtime.metrics.values()).items()
            },
            rules=_rules(session, runtime),
            outbox=_outbox(session),
            unmatched=_unmatched(session),
            held=_held(session, runtime),
            deeds=latest_deeds(session, MOST_DEEDS),
            locale=admin.locale,
            zone=admin.zone,
        )


def _problems(session: Session) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for cursor in read_cursors(session):
        found.extend((cursor.table_name, words) for _, words in cursor.unusable.values())
        if cursor.problem:
            found.append((cursor.table_name, cursor.problem))
        elif cursor.is_unavailable:
            found.append((cursor.table_name, "the CRM does not give it to us"))
        elif lacking := expected_but_missing(cursor.table_name, cursor.missing_columns):
            found.append((cursor.table_name, f"lacks {', '.join(lacking)}"))
    return tuple(found)


def _rules(session: Session, runtime: Runtime) -> tuple[RuleState, ...]:
    policy, switches = policy_now(session, runtime.policy), read_switches(session)
    unfed = unavailable_rules(session, runtime)
    found = []
    for rule in runtime.every_rule.values():
        switch = switches.get(f"{RULE}{rule.key}")
        is_off, is_shadow = rule.key in policy.rules_off, rule.key in policy.rules_in_shadow
        found.append(
            RuleState(
                key=rule.key,
                title=rule.title,
                state=OFF if is_off else SHADOW if is_shadow else ON,
                is_unfed=rule.key in unfed,
                switched_by=switch.changed_by if switch else None,
            )
        )
    return tuple(found)


def _outbox(session: Session) -> Mapping[str, int]:
    row = DeliveryRow
    counted = select(row.state, func.count()).where(col(row.state) != "sent").group_by(row.state)
    return {str(state): int(count) for state, count in session.exec(counted).all()}


def _unmatched(session: Session) -> int:
    row = SlackMatchRow
    return int(
        session.exec(select(func.count()).select_from(row).where(col(row.slack_id).is_(None))).one()
    )


def _held(session: Session, runtime: Runtime) -> tuple[Held, ...]:
    """By rule and reason, the most frequent first; whom it was for is between them and the bot."""
    row = DecisionRow
    since = runtime.clock.now() - HELD_WITHIN
    wanted = select(row.rule, row.reason).where(
        col(row.verdict) == "hold", col(row.decided_at) >= since
    )
    titles = {str(key): rule.title for key, rule in runtime.every_rule.items()}
    counts = Counter(session.exec(wanted).all())
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0][0]))
    return tuple(
        Held(rule=titles.get(rule, rule), reason=reason or "", count=count)
        for (rule, reason), count in ordered
    )
