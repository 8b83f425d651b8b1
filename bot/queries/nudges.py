"""What was said to a person and what was not, and why: every silence has a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from bot.coaching.policy import QuietHours
from bot.coaching.rule import AnyRule
from bot.domain.errors import NotAllowed
from bot.domain.ids import DecisionId, MetricKey, RepId, RuleKey, SlackUserId
from bot.domain.windows import Window, weeks_back
from bot.queries.permissions import Person, person_of
from bot.queries.record_names import NamedRecord, name_records
from bot.queries.standing import days_that_count
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.decisions import AnswerRow, DecisionRow
from bot.storage.facts.select import Knowledge
from bot.storage.made_of import records_behind
from bot.storage.people import MuteRow, PauseRow, QuietHoursRow

SPOKEN = ("send", "defer")
MOST_SHOWN = 5
#: A nudge without an answer is open for so long.
OPEN_FOR = timedelta(days=14)
MOST_RECORDS = 10
#: How far back facts are looked for where a decision does not say on which days.
WEEKS_OF_RECORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeLine:
    id: DecisionId
    title: str
    text: str
    day: date
    #: Why it was held, or until when it waits; None when it was said at once.
    reason: str | None
    #: done · snooze · not_right · mute, or None while there is none.
    answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    key: RuleKey
    title: str
    is_muted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudges:
    first_name: str
    said: tuple[NudgeLine, ...]
    held: tuple[NudgeLine, ...]
    kinds: tuple[Kind, ...]
    #: Not a word until this day is over.
    paused_until: date | None
    #: From when to when nothing arrives, as HH:MM, and whether these are the person's own hours.
    quiet: tuple[str, str]
    is_quiet_own: bool
    as_of: datetime | None
    locale: str
    zone: str

    @property
    def open(self) -> tuple[NudgeLine, ...]:
        return tuple(line for line in self.said if line.answer is None)

    @property
    def muted(self) -> tuple[Kind, ...]:
        return tuple(kind for kind in self.kinds if kind.is_muted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    nudge: DecisionId
    title: str
    because: str
    #: The numbers behind it: label and text.
    numbers: tuple[tuple[str, str], ...]
    #: The records behind it: name, and where it opens in the CRM if that is known.
    records: Sequence[NamedRecord]
    #: How many there are, of which the newest are named.
    records_in_all: int
    #: What `/metric` shows in full; None for a nudge about deals.
    metric: str | None
    decided_at: datetime
    #: The CRM was last read completely at this instant.
    as_of: datetime | None
    cooldown_days: int
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId, most: int = MOST_SHOWN) -> Nudges:
    """Raises UnknownPerson."""
    with reading(runtime.database) as session:
        person = person_of(session, asker, runtime.organisation)
        today = runtime.clock.now().astimezone(person.zone).date()
        pause = session.get(PauseRow, person.crm_id)
        quiet = session.get(QuietHoursRow, person.crm_id)
        usual = runtime.policy.quiet_hours
        said = _latest(session, person, today, SPOKEN, most)
        held = _latest(session, person, today, ("hold",), most)
        muted = set(
            session.exec(select(MuteRow.rule).where(col(MuteRow.person_id) == person.crm_id))
        )
        return Nudges(
            first_name=person.first_name,
            said=_lines(session, runtime.every_rule, person, said),
            held=_lines(session, runtime.every_rule, person, held),
            kinds=tuple(
                Kind(key=key, title=rule.title, is_muted=key in muted)
                for key, rule in _kinds_for(person, runtime).items()
            ),
            paused_until=pause.until if pause and pause.until >= today else None,
            quiet=(quiet.begin, quiet.end) if quiet else _hours(usual),
            is_quiet_own=quiet is not None,
            as_of=mirrored_at(session),
            locale=person.locale,
            zone=person.zone.key,
        )


def _kinds_for(person: Person, runtime: Runtime) -> Mapping[RuleKey, AnyRule]:
    return runtime.every_rule if person.manager is not None else runtime.rules


def _hours(quiet: QuietHours) -> tuple[str, str]:
    return f"{quiet.begin:%H:%M}", f"{quiet.end:%H:%M}"


def find_last_said(runtime: Runtime, *, asker: SlackUserId) -> DecisionId | None:
    """The newest nudge that was said to the asker. Raises UnknownPerson."""
    with reading(runtime.database) as session:
        person = person_of(session, asker, runtime.organisation)
        today = runtime.clock.now().astimezone(person.zone).date()
        newest = _latest(session, person, today, SPOKEN, 1)
        return DecisionId(newest[0].id) if newest and newest[0].id is not None else None


def ask_why(runtime: Runtime, *, asker: SlackUserId, nudge: DecisionId) -> Why:
    """Raises NotAllowed for a nudge that was said to somebody else."""
    with reading(runtime.database) as session:
        person = person_of(session, asker, runtime.organisation)
        decision = require_own(session, nudge, person)
        rule = runtime.every_rule.get(RuleKey(decision.rule))
        records, in_all = _records_behind(session, runtime, decision, person.locale)
        return Why(
            nudge=nudge,
            title=rule.title if rule else decision.rule,
            because=rule.because if rule else "",
            numbers=tuple(decision.because.items()),
            records=records,
            records_in_all=in_all,
            metric=decision.metric,
            decided_at=decision.decided_at,
            as_of=mirrored_at(session),
            cooldown_days=rule.cooldown_days if rule else 0,
            locale=person.locale,
            zone=person.zone.key,
        )


def _records_behind(
    session: Session, runtime: Runtime, decision: DecisionRow, locale: str
) -> tuple[Sequence[NamedRecord], int]:
    """The records a nudge named, or those of its metric on the very days its number covers."""
    definition = runtime.metrics.get(MetricKey(decision.metric or ""))
    if decision.records or definition is None:
        named = decision.records[:MOST_RECORDS]
        return name_records(session, runtime.organisation, named), len(decision.records)
    facts = records_behind(
        session,
        definition,
        rep=RepId(decision.about_id),
        window=_window_of(decision),
        knowledge=Knowledge(day=decision.day, now=decision.decided_at),
        days=days_that_count(definition),
    )
    newest = {str(fact.record): fact.day for fact in facts[:MOST_RECORDS]}
    days = {} if definition.metric.is_state else newest
    told = name_records(session, runtime.organisation, list(newest), days=days, locale=locale)
    return told, len(facts)


def _window_of(decision: DecisionRow) -> Window:
    if decision.first_day is None or decision.last_day is None:
        return weeks_back(decision.day, WEEKS_OF_RECORDS)
    return Window(first=decision.first_day, last=decision.last_day, label="the days counted")


def require_addressee(runtime: Runtime, *, nudge: DecisionId, asker: SlackUserId) -> None:
    """Raises NotAllowed for anybody but the one the nudge was said to."""
    with reading(runtime.database) as session:
        require_own(session, nudge, person_of(session, asker, runtime.organisation))


def require_own(
    session: Session, nudge: DecisionId, person: Person, *, locked: bool = False
) -> DecisionRow:
    """The decision behind a nudge; ``locked`` lets one writer at a time answer it.

    Raises NotAllowed for anybody but the one it was said to.
    """
    decision = session.get(DecisionRow, nudge, with_for_update=locked)
    if decision is None or decision.to_id != person.crm_id:
        raise NotAllowed(
            "That nudge was said to somebody else.", hint="`/nudges` shows what I said to you."
        )
    return decision


def _latest(
    session: Session, person: Person, today: date, verdicts: Sequence[str], most: int
) -> Sequence[DecisionRow]:
    return session.exec(
        select(DecisionRow)
        .where(
            col(DecisionRow.to_id) == person.crm_id,
            col(DecisionRow.verdict).in_(verdicts),
            col(DecisionRow.day) > today - OPEN_FOR,
        )
        .order_by(col(DecisionRow.day).desc(), col(DecisionRow.id).desc())
        .limit(most)
    ).all()


def _lines(
    session: Session,
    rules: Mapping[RuleKey, AnyRule],
    person: Person,
    decisions: Sequence[DecisionRow],
) -> tuple[NudgeLine, ...]:
    ids = [row.id for row in decisions if row.id is not None]
    answers: dict[int, str] = {}
    found = session.exec(
        select(AnswerRow)
        .where(col(AnswerRow.decision_id).in_(ids), col(AnswerRow.by_slack_id) == person.slack_id)
        .order_by(col(AnswerRow.id))
    )
    for row in found:
        answers[row.decision_id] = row.answer
    return tuple(
        NudgeLine(
            id=DecisionId(row.id),
            title=rules[RuleKey(row.rule)].title if row.rule in rules else row.rule,
            text=plain_text(row.text or ""),
            day=row.day,
            reason=row.reason,
            answer=answers.get(row.id),
        )
        for row in decisions
        if row.id is not None
    )


def plain_text(stored: str) -> str:
    """A stored stand-in text as words again: it was escaped for Slack when it was rendered."""
    text = stored.replace("\u200b", "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
