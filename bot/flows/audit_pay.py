"""An audit of the pay plans that people have: looked at, written down, told to whoever may know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.compensation.check import Audited, Check, Finding, Severity, audit, load_checks
from bot.compensation.checks.c17_pay_objectives_activity import DONE, PAID, WANTED, overlap
from bot.compensation.evidence import PayEvidence
from bot.compensation.figures import distance
from bot.compensation.plan import PayPlan, PlanKey
from bot.documents import did_you_mean
from bot.domain.errors import UnclearWords
from bot.domain.ids import SlackUserId
from bot.queries.pay import plans_in_use
from bot.queries.pay_evidence import read_evidence
from bot.queries.pay_permissions import require_pay_leader
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading, transaction
from bot.storage.pay_audits import PayAuditRow, PayFindingRow, findings_of, latest_audits
from bot.storage.roster import read_roster

ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAudit:
    """One plan's audit, with how it stands against the one before."""

    plan: PayPlan
    people: int
    settled: int
    outcomes: Sequence[Audited]
    #: (check, subject) pairs that the audit before had not found; None when there was none before.
    new: frozenset[tuple[str, str]] | None
    gone: int
    #: Pairs of what is wanted, paid for and done, to the share that would have to move.
    distances: Mapping[tuple[str, str], float | None]

    @property
    def findings(self) -> Sequence[tuple[Check, Finding]]:
        """The gravest first."""
        found = [(each.check, one) for each in self.outcomes for one in each.findings]
        return sorted(found, key=lambda pair: ORDER.index(pair[1].severity))

    @property
    def not_measurable(self) -> Sequence[tuple[Check, str]]:
        return [(each.check, why) for each in self.outcomes for why in each.not_measurable]

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
        person = require_pay_leader(
            session, asker, roster=roster, organisation=runtime.organisation
        )
        day = now.astimezone(person.zone).date()
        plans = _plans(runtime, day, words)
        seen = [read_evidence(session, runtime, roster, plan, day=day) for plan in plans]
        as_of = mirrored_at(session)
    # Looked at first and written down after, so that nobody waits for the database meanwhile.
    with transaction(runtime.database) as session:
        found = [_audit(session, runtime, each, asker=asker, at=now) for each in seen]
    return PayAudit(
        plans=tuple(found),
        others=tuple(sorted(plans_in_use(runtime) - {each.key for each in plans})),
        as_of=as_of,
        locale=person.locale,
        zone=person.zone.key,
    )


def _plans(runtime: Runtime, day: date, words: str) -> Sequence[PayPlan]:
    used = sorted(plans_in_use(runtime))
    if not used:
        raise UnclearWords(
            "No role has a pay plan yet.",
            hint="Plans stand in playbooks/compensation/; `pay: plans:` in app.yaml gives them to "
            "roles.",
        )
    wanted = words.strip().lower().replace(" ", "_")
    if wanted and wanted not in runtime.pay.plans:
        raise UnclearWords(
            f"There is no plan '{words.strip()[:40]}'.", hint=did_you_mean(wanted, used)
        )
    found = [runtime.pay.in_force(PlanKey(key), day) for key in ([wanted] if wanted else used)]
    return [plan for plan in found if plan is not None]


def _audit(
    session: Session, runtime: Runtime, evidence: PayEvidence, *, asker: SlackUserId, at: datetime
) -> PlanAudit:
    outcomes = audit(evidence, load_checks(), runtime.organisation.pay.thresholds)
    known, _ = overlap(evidence)
    distances = {
        (one, other): distance(known[one], known[other])
        if one in known and other in known and evidence.objectives
        else None
        for one, other in ((WANTED, PAID), (PAID, DONE), (WANTED, DONE))
    }
    before = [each for each in latest_audits(session) if each.plan == evidence.plan.key]
    past = {(each.check_id, each.subject) for each in findings_of(session, before)}
    present = {(each.check.id, one.subject) for each in outcomes for one in each.findings}
    row = PayAuditRow(
        plan=evidence.plan.key,
        version=evidence.plan.begins,
        day=evidence.day,
        at=at,
        by_slack_id=asker,
        people=evidence.people,
        not_measurable=sum(bool(each.not_measurable) for each in outcomes),
        wanted_to_paid=distances[WANTED, PAID],
        paid_to_done=distances[PAID, DONE],
        wanted_to_done=distances[WANTED, DONE],
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
    return PlanAudit(
        plan=evidence.plan,
        people=evidence.people,
        settled=len({each.number for each in evidence.periods}),
        outcomes=outcomes,
        new=frozenset(present - past) if before else None,
        gone=len(past - present) if before else 0,
        distances=distances,
    )
