"""Looks for what would keep the bot from working, and says what to do about it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from sqlmodel import select

from bot.domain.errors import CoachingError, ConfigError, CredentialsRefused, TransientError
from bot.program import Program
from bot.queries.crm_doubts import captured_email, crm_doubts, expected_but_missing
from bot.queries.fiscal_year import FiscalYear, read_fiscal_year
from bot.queries.unavailable import unavailable_rules
from bot.storage.availability import unavailable_metrics
from bot.storage.cursors import CursorRow, last_pull, mirrored_at, read_cursors
from bot.storage.database import reading
from bot.storage.mirror.user import CrmUserRow

#: Signed requests older than five minutes are refused, so clocks may not differ by much.
CLOCK_TOLERANCE = timedelta(minutes=2)
BUDGET_WARNING = 0.8
NEVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    area: str
    words: str
    is_serious: bool = False
    hint: str = ""

    def __str__(self) -> str:
        mark = "problem" if self.is_serious else "ok" if not self.hint else "note"
        return f"{mark:8}{self.area:12}{self.words}" + (
            f"\n{'':20}hint: {self.hint}" if self.hint else ""
        )


class Identity(Protocol):
    """What Slack says of us."""

    @property
    def team(self) -> str: ...
    @property
    def bot(self) -> str: ...
    @property
    def missing_scopes(self) -> tuple[str, ...]: ...
    @property
    def slack_time(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Outside:
    """The program with the questions that tell whether Slack knows us."""

    program: Program
    _: KW_ONLY
    ask_slack: Callable[[], Identity]
    #: False in HTTP mode, where there is no socket.
    ask_socket: Callable[[], bool]


def require_access(outside: Outside) -> None:
    """Raises CredentialsRefused or ConfigError with all that is refused, before anything starts.

    Salesforce may be away for a while: people are answered from the mirror meanwhile. Without
    Slack there is nobody to answer, and that is raised as TransientError.
    """
    refusals: dict[str, CoachingError] = {}
    for ask in (outside.ask_slack, outside.ask_socket, lambda: _reach_salesforce(outside.program)):
        try:
            ask()
        except (CredentialsRefused, ConfigError) as error:
            refusals.setdefault(str(error), error)
    if len(refusals) == 1:
        raise next(iter(refusals.values()))
    if refusals:
        raise CredentialsRefused("\nerror: ".join(refusals))


def _reach_salesforce(program: Program) -> None:
    try:
        program.crm.objects()
    except TransientError as error:
        log.warning("salesforce.not_reached", reason=error.message)


def examine(outside: Outside) -> list[Finding]:
    """Every area is looked at, whatever is wrong with the others."""
    program = outside.program
    looks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("salesforce", lambda: _salesforce(program)),
        ("mirror", lambda: _mirror(program)),
        ("slack", lambda: _slack(program, outside.ask_slack)),
        ("slack", lambda: _socket(outside.ask_socket)),
        ("people", lambda: _people(program)),
        ("people", lambda: _told_of(program)),
    )
    findings: list[Finding] = []
    for area, look in looks:
        try:
            findings.extend(look())
        except ConfigError as error:
            findings.extend(_told_once(area, error, findings))
        except CoachingError as error:
            findings.append(
                Finding(area=area, words=error.message, is_serious=True, hint=error.hint)
            )
    return findings


def _told_once(area: str, error: ConfigError, known: list[Finding]) -> Iterator[Finding]:
    """A finding for each problem; a variable that keeps two areas from working is named once."""
    told = {finding.words for finding in known}
    for problem in error.problems:
        words = f"{problem.file}: {problem.message}"
        if words not in told:
            yield Finding(area=area, words=words, is_serious=True, hint=problem.hint)


def _salesforce(program: Program) -> Iterator[Finding]:
    tables = program.crm.objects()
    for note in program.crm.notes():
        yield Finding(area="salesforce", words=note.words, hint=note.hint)
    yield Finding(area="salesforce", words=f"{len(tables)} objects can be read")
    for table in tables:
        missing = expected_but_missing(table, program.crm.missing_columns(table))
        if missing:
            yield Finding(
                area="salesforce",
                words=f"{table}: the org lacks or hides {', '.join(missing)}",
                hint="grant the integration user read access, if your org has the fields",
            )
    calls = program.crm.calls()
    if calls.used is not None and calls.allowed:
        share = calls.used / calls.allowed
        yield Finding(
            area="salesforce",
            words=f"{calls.used} of {calls.allowed} API calls used in the last 24 hours",
            is_serious=share >= BUDGET_WARNING,
            hint="raise the limit or pull less often" if share >= BUDGET_WARNING else "",
        )


def _mirror(program: Program) -> Iterator[Finding]:
    with reading(program.database) as session:
        as_of, pulled = mirrored_at(session), last_pull(session)
        cursors = read_cursors(session)
        metrics = unavailable_metrics(session, program.runtime.metrics.values())
        rules = unavailable_rules(session, program.runtime)
        captured = list(captured_email(session))
        fiscal = read_fiscal_year(session, program.organisation, program.today())
    if as_of is None:
        yield Finding(
            area="mirror", words="nothing has been pulled yet", hint="run `pacesetter pull`"
        )
        return
    yield Finding(area="mirror", words=f"current as of {as_of:%Y-%m-%d %H:%M} UTC")
    if pulled is not None and pulled.problem:
        yield Finding(area="mirror", words=f"the last pull: {pulled.problem}", is_serious=True)
    yield from _tables(cursors)
    for doubt in captured:
        yield Finding(area="mirror", words=doubt.words, is_serious=True, hint=doubt.hint)
    yield _compared(cursors)
    yield _fiscal_year(fiscal)
    for metric, missing in metrics.items():
        yield Finding(
            area="metrics",
            words=f"{metric} is not available: {missing} is missing",
            hint="it is shown as not available, never as zero",
        )
    for rule in sorted(rules):
        yield Finding(
            area="rules",
            words=f"{rule} is silent: the CRM lacks or hides what it needs",
            hint="it speaks as soon as the next pull brings the fields",
        )


def _fiscal_year(fiscal: FiscalYear) -> Finding:
    first, last = fiscal.present
    words = f"the fiscal year is {{}}: the present one runs from {first} to {last}"
    if fiscal.is_followed and fiscal.theirs is None:
        return Finding(
            area="fiscal year",
            words="Salesforce does not say when it begins, so it is the calendar year",
            hint="grant the integration user read access to Organization, or write"
            " `fiscal_start_month:` under `organisation:` in app.yaml",
        )
    if fiscal.theirs is not None and fiscal.differs:
        return Finding(
            area="fiscal year",
            words=words.format("that of app.yaml")
            + ", but in Salesforce from {} to {}".format(*fiscal.theirs),
            is_serious=True,
            hint="take `fiscal_start_month:` (or `fiscal:`) out of app.yaml to follow Salesforce",
        )
    told = "Salesforce's" if fiscal.is_followed else "that of app.yaml"
    return Finding(area="fiscal year", words=words.format(told))


def _tables(cursors: Sequence[CursorRow]) -> Iterator[Finding]:
    for cursor in cursors:
        if cursor.problem:
            yield Finding(
                area="mirror",
                words=f"{cursor.table_name}: {cursor.problem}",
                hint="the next pull tries again",
            )
        for _, words in cursor.unusable.values():
            yield Finding(
                area="mirror",
                words=words,
                is_serious=True,
                hint="mend the records in Salesforce, or ask whoever writes them to",
            )
        for doubt in crm_doubts(cursor):
            words = f"{doubt.table}: {doubt.words}"
            yield Finding(area="mirror", words=words, is_serious=True, hint=doubt.hint)


def _compared(cursors: Sequence[CursorRow]) -> Finding:
    """How long ago all that the mirror holds was last compared with what Salesforce holds."""
    compared = [each for each in cursors if not each.is_unavailable]
    waiting = [each.table_name for each in compared if each.reconciled_at is None]
    if waiting or not compared:
        words = f"not yet compared with the CRM's own counts: {', '.join(waiting) or 'all'}"
        return Finding(area="mirror", words=words, hint="the next pulls do it")
    oldest = min(compared, key=lambda each: each.reconciled_at or NEVER)
    return Finding(
        area="mirror",
        words=f"every table was compared with the CRM's own counts at or after"
        f" {oldest.reconciled_at:%Y-%m-%d %H:%M} UTC ({oldest.table_name} first)",
    )


def _slack(program: Program, ask_slack: Callable[[], Identity]) -> Iterator[Finding]:
    identity = ask_slack()
    yield Finding(area="slack", words=f"{identity.bot} in {identity.team}")
    if identity.missing_scopes:
        yield Finding(
            area="slack",
            words=f"scopes not granted: {', '.join(identity.missing_scopes)}",
            is_serious=True,
            hint="install the app again from `pacesetter manifest`",
        )
    # A sandbox's clock is wound by hand and has nothing to do with this machine's.
    if identity.slack_time is not None and program.settings.clock_file is None:
        apart = abs(program.clock.now() - identity.slack_time)
        if apart > CLOCK_TOLERANCE:
            yield Finding(
                area="clock",
                words=f"this machine's clock is {apart.total_seconds():.0f} s off Slack's",
                is_serious=True,
                hint="let NTP set the clock",
            )


def _socket(ask_socket: Callable[[], bool]) -> Iterator[Finding]:
    if ask_socket():
        yield Finding(area="slack", words="Socket Mode may be used")


def _people(program: Program) -> Iterator[Finding]:
    report = program.match_people()
    yield Finding(area="people", words=f"{report.matched} people found in Slack by e-mail")
    for person in report.unmatched:
        yield Finding(
            area="people",
            words=f"{person} is not in Slack under that e-mail",
            hint="add them under `slack: people:` in app.yaml, or leave it so",
        )


def _told_of(program: Program) -> Iterator[Finding]:
    """People whom app.yaml names and nobody is."""
    with reading(program.database) as session:
        known = {
            word.lower()
            for person, email in session.exec(select(CrmUserRow.id, CrmUserRow.email))
            for word in (person, email or "")
        }
    # Before the first pull nobody is known, which is said elsewhere.
    for word in sorted(program.organisation.people.keys() - known) if known else ():
        yield Finding(
            area="people",
            words=f"nobody in the CRM is called '{word}'",
            is_serious=True,
            hint="mend the e-mail or user id under `people:` in app.yaml",
        )
