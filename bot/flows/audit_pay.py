"""An audit of the pay plans that people have: looked at, written down, told to whoever may know."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.compensation.check import Audited, Check, Finding, Severity, audit, load_checks
from bot.compensation.evidence import PayEvidence
from bot.compensation.overlap import DONE, PAID, WANTED, distances
from bot.compensation.plan import PayPlan, PlanKey
from bot.documents import did_you_mean
from bot.domain.errors import UnclearWords
from bot.domain.ids import SlackUserId
from bot.domain.roster import Roster
from bot.queries.pay import plans_in_use, plans_of
from bot.queries.pay_evidence import read_evidence
from bot.queries.pay_permissions import PayReader, require_pay_auditor
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading, transaction
from bot.storage.pay_audits import PayAuditRow, PayFindingRow, findings_of, latest_audits
from bot.storage.roster import read_roster

ORDER = tuple(Severity)
MOST_IN_FULL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAudit:
    """One plan's audit, with how it stands against the one before."""

    plan: PayPlan
    people: int
    left: int
    settled: int
    outcomes: Sequence[Audited]
    #: (check, subject) pairs that the audit before had not found; None when there was none before.
    new: frozenset[tuple[str, str]] | None
    gone: int
    #: The file of this very version said something else at the audit before.
    is_rewritten: bool

    @property
    def findings(self) -> Sequence[tuple[Check, Finding]]:
        """The gravest first."""
        found = [(each.check, one) for each in self.outcomes for one in each.findings]
        return sorted(found, key=lambda pair: ORDER.index(pair[1].severity))

    @property
    def first(self) -> Sequence[tuple[Check, Finding]]:
        """The gravest of each of the first checks, to begin with."""
        by_check = {check.id: (check, found) for check, found in reversed(self.findings)}
        ordered = [by_check[check] for check in dict.fromkeys(each.id for each, _ in self.findings)]
        return ordered[:MOST_IN_FULL]

    @property
    def others(self) -> Sequence[tuple[Check, int]]:
        """The checks of what is told in a line for want of room, with how many findings."""
        rest = Counter(check.id for check, _ in self.findings)
        rest.subtract(check.id for check, _ in self.first)
        known = {check.id: check for check, _ in self.findings}
        return [(known[check], count) for check, count in rest.items() if count]

    @property
    def not_measurable(self) -> Sequence[tuple[Check, str]]:
        return [(each.check, why) for each in self.outcomes for why in each.not_measurable]

    @property
    def not_measured(self) -> Sequence[tuple[str, str]]:
        """The checks that lack the same, and what it is."""
        found: dict[str, list[str]] = {}
        for check, because in self.not_measurable:
            found.setdefault(because, []).append(f"{check.id} {check.title}")
        return [(", ".join(checks), because) for because, checks in found.items()]

    @property
    def sound(self) -> int:
        return sum(each.is_sound for each in self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayAudit:
    plans: tuple[PlanAudit, ...]
    others: tuple[str, ...]
    as_of: datetime | None
    locale: str
    zone: str


def audit_pay(runtime: Runtime, *, asker: SlackUserId, words: str) -> PayAudit:
    """Audit one plan, or all that people have. Raises NotAllowed or UnclearWords."""
    now = runtime.clock.now()
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        organisation = runtime.organisation
        person = require_pay_auditor(session, asker, roster=roster, organisation=organisation)
        day = now.astimezone(person.zone).date()
        allowed = _allowed(runtime, roster, person)
        plans = _plans(runtime, allowed, day, words)
        seen = [read_evidence(session, runtime, roster, plan, day=day) for plan in plans]
        as_of = mirrored_at(session)
    # Looked at first and written down after, so that nobody waits for the database meanwhile.
    with transaction(runtime.database) as session:
        found = [_audit(session, runtime, each, asker=asker, at=now) for each in seen]
    return PayAudit(
        plans=tuple(found),
        others=tuple(sorted(allowed - {each.key for each in plans})),
        as_of=as_of,
        locale=person.locale,
        zone=person.zone.key,
    )


def _allowed(runtime: Runtime, roster: Roster, reader: PayReader) -> frozenset[str]:
    """Whoever leads pay sees to all plans, a manager to those of their own people."""
    if reader.leads_pay(runtime.organisation):
        return plans_in_use(runtime)
    manager = reader.person.manager if reader.person else None
    if manager is None:
        return frozenset()
    reps = [rep for rep in roster.reps.values() if rep.is_active]
    return plans_of(runtime, [rep for rep in reps if roster.reports_to(rep, manager.id)])


def _plans(runtime: Runtime, allowed: frozenset[str], day: date, words: str) -> Sequence[PayPlan]:
    used = sorted(allowed)
    if not used:
        raise UnclearWords(
            "Nobody whose plan you may look at has one yet.",
            hint="Plans stand in playbooks/compensation/; `pay: plans:` in app.yaml gives them to "
            "roles.",
        )
    wanted = words.strip().lower().replace(" ", "_")
    if wanted and wanted not in used:
        raise UnclearWords(
            f"There is no plan '{words.strip()[:40]}' here.", hint=did_you_mean(wanted, used)
        )
    found = [runtime.pay.in_force(PlanKey(key), day) for key in ([wanted] if wanted else used)]
    return [plan for plan in found if plan is not None]


def _audit(
    session: Session, runtime: Runtime, evidence: PayEvidence, *, asker: SlackUserId, at: datetime
) -> PlanAudit:
    outcomes = audit(evidence, load_checks(), runtime.organisation.pay.thresholds)
    before = [each for each in latest_audits(session) if each.plan == evidence.plan.key]
    past = {(each.check_id, each.subject) for each in findings_of(session, before)}
    present = {(each.check.id, one.subject) for each in outcomes for one in each.findings}
    _write_down(session, evidence, outcomes, asker=asker, at=at)
    return PlanAudit(
        plan=evidence.plan,
        people=evidence.people,
        left=evidence.left,
        settled=len({each.number for each in evidence.periods}),
        outcomes=outcomes,
        new=frozenset(present - past) if before else None,
        gone=len(past - present) if before else 0,
        is_rewritten=any(_is_rewritten(each, evidence.plan) for each in before),
    )


def _is_rewritten(audited: PayAuditRow, plan: PayPlan) -> bool:
    return audited.version == plan.begins and audited.fingerprint != plan.fingerprint


def _write_down(
    session: Session,
    evidence: PayEvidence,
    outcomes: Sequence[Audited],
    *,
    asker: SlackUserId,
    at: datetime,
) -> None:
    apart = distances(evidence)
    row = PayAuditRow(
        plan=evidence.plan.key,
        version=evidence.plan.begins,
        fingerprint=evidence.plan.fingerprint,
        day=evidence.day,
        at=at,
        by_slack_id=asker,
        people=evidence.people,
        not_measurable=sum(bool(each.not_measurable) for each in outcomes),
        wanted_to_paid=apart[WANTED, PAID],
        paid_to_done=apart[PAID, DONE],
        wanted_to_done=apart[WANTED, DONE],
    )
    session.add(row)
    session.flush()
    session.add_all(
        PayFindingRow(
            audit_id=row.id or 0,
            check_id=each.check.id,
            subject=one.subject,
            severity=one.severity,
            what=one.what,
        )
        for each in outcomes
        for one in each.findings
    )
