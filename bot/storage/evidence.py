"""The weekly evidence: what is remembered from week to week, and the signals that survived."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from bot.coaching.evidence.common_cause import CommonFinding
from bot.coaching.evidence.gaming import TrustFlag
from bot.coaching.evidence.signals import Signal, WeekOutcome
from bot.coaching.evidence.state import EvidenceState
from bot.domain.ids import RepId
from bot.storage.columns import big_identity, json_column

ONE = "organisation"


class EvidenceStateRow(SQLModel, table=True):
    """What a new week begins from; one row."""

    __tablename__ = "evidence_state"

    key: str = Field(primary_key=True)
    #: The Monday of the newest week that was weighed.
    week: date | None = None
    state: str


class SignalRow(SQLModel, table=True):
    """Something a week showed of one rep: a change, a level or a doubt about the records."""

    __tablename__ = "signal"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    week: date = Field(index=True)
    rep_id: str = Field(index=True, max_length=18)
    metric: str
    #: sudden · drift · level · improvement · trust
    kind: str
    direction: str
    #: noted · soft · escalate
    tier: str
    observed: float
    expected: float
    weeks: int
    posterior: float
    detail: dict[str, object] = Field(sa_type=json_column())


class FindingRow(SQLModel, table=True):
    """Something a week showed of everybody, or of a team; never of a person."""

    __tablename__ = "common_finding"

    id: int | None = Field(default=None, primary_key=True, sa_type=big_identity())
    week: date = Field(index=True)
    metric: str
    cause: str
    #: None for the whole organisation.
    team_id: str | None = Field(default=None, max_length=18)
    observed: float
    expected: float
    ratio: float
    ratio_low: float
    ratio_high: float


def read_state(session: Session) -> EvidenceState | None:
    """None before the first week, and after an upgrade that cannot read the old state."""
    row = session.get(EvidenceStateRow, ONE)
    if row is None:
        return None
    try:
        return EvidenceState.from_json(row.state)
    except ValueError:
        return None


def write_outcomes(session: Session, outcomes: Sequence[WeekOutcome], state: EvidenceState) -> None:
    """Replace what the weeks showed, and remember where to go on."""
    weeks = [outcome.week for outcome in outcomes]
    for table in (SignalRow, FindingRow):
        session.connection().execute(delete(table).where(col(table.week).in_(weeks)))
    for outcome in outcomes:
        session.add_all(signal_rows(outcome.signals, outcome.trust_flags))
        session.add_all(finding_rows(outcome.findings))
    row = EvidenceStateRow(key=ONE, week=state.week, state=state.to_json())
    session.merge(row)
    session.flush()


def signal_rows(signals: Iterable[Signal], flags: Iterable[TrustFlag]) -> list[SignalRow]:
    rows = [
        SignalRow(
            week=each.week,
            rep_id=each.rep,
            metric=each.metric,
            kind=each.kind,
            direction=each.direction,
            tier=each.tier,
            observed=each.observed,
            expected=each.expected,
            weeks=each.weeks,
            posterior=each.posterior,
            detail={
                "estimate": each.estimate.estimate,
                "low": each.estimate.low,
                "high": each.estimate.high,
                "false_share": each.false_share,
                "evidence": each.evidence,
                "limit": each.limit,
                "exposure": each.exposure,
                "span": each.span,
            },
        )
        for each in signals
    ]
    return [*rows, *_doubt_rows(flags)]


def _doubt_rows(flags: Iterable[TrustFlag]) -> list[SignalRow]:
    return [
        SignalRow(
            week=flag.week,
            rep_id=flag.rep,
            metric=flag.metric,
            kind="trust",
            direction="up",
            tier="soft",
            observed=flag.activity,
            expected=flag.activity_expected,
            weeks=4,
            posterior=1 - flag.p_activity,
            detail={
                "leads_to": flag.leads_to,
                "yielded": flag.yielded,
                "yield_expected": flag.yield_expected,
                "p_yield": flag.p_yield,
            },
        )
        for flag in flags
    ]


def finding_rows(findings: Iterable[CommonFinding]) -> list[FindingRow]:
    return [
        FindingRow(
            week=each.week,
            metric=each.metric,
            cause=each.cause,
            team_id=each.team,
            observed=each.observed,
            expected=each.expected,
            ratio=each.ratio.estimate,
            ratio_low=each.ratio.low,
            ratio_high=each.ratio.high,
        )
        for each in findings
    ]


def read_signals(session: Session, *, since: date, until: date) -> Mapping[RepId, list[SignalRow]]:
    """Signals of the weeks whose Monday lies between, by rep, newest first."""
    found: dict[RepId, list[SignalRow]] = {}
    wanted = select(SignalRow).where(col(SignalRow.week) >= since, col(SignalRow.week) <= until)
    for row in session.exec(wanted.order_by(col(SignalRow.week).desc(), col(SignalRow.id))):
        found.setdefault(RepId(row.rep_id), []).append(row)
    return found


def read_findings(session: Session, *, since: date, until: date) -> Sequence[FindingRow]:
    wanted = select(FindingRow).where(col(FindingRow.week) >= since, col(FindingRow.week) <= until)
    return session.exec(wanted.order_by(col(FindingRow.week).desc(), col(FindingRow.id))).all()
