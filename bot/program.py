"""Program: the assembled program with its deeds and questions by name, for command line and jobs.

Adapters to the outside are opened when first asked for, so that a command that needs no Slack
works without a token.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.compensation.plan_file import read_plan
from bot.documents import load_document, raise_problems, read_text
from bot.domain.errors import ConfigError, TransientError
from bot.domain.organisation import Organisation
from bot.flows.coach import CoachReport, coach
from bot.flows.coach_managers import coach_managers
from bot.flows.deliver import DeliverReport, deliver
from bot.flows.digest import DigestReport, digest
from bot.flows.forget_prospects import forget_prospects
from bot.flows.import_one_on_ones import import_one_on_ones
from bot.flows.import_prospects import import_prospects, import_scores
from bot.flows.keep_assignments import keep_assignments
from bot.flows.match_people import MatchReport, match_people
from bot.flows.onboard import keep_programmes
from bot.flows.pull import PullReport, pull
from bot.flows.relied_on import relied_on
from bot.flows.replay import FixedClock, ReplayLine, replay
from bot.flows.roll_up import make_facts, refresh
from bot.flows.shadow import show_admins
from bot.flows.tell_admins import tell_admins
from bot.flows.write_back import write_back
from bot.learned_playbook import diff_of, with_learned
from bot.metrics.definition import Definition
from bot.ports import Clock, Crm, Directory, Messenger
from bot.queries.decided import explain
from bot.queries.learned_role import LearnedRole, learn_role
from bot.queries.metric_readings import RepReading, read_metric_readings
from bot.queries.metric_report import MetricReport, read_metric_report
from bot.queries.pay_simulation import PaySimulation, simulate
from bot.runtime import Runtime
from bot.settings import Settings
from bot.storage.crm_year import follow_crm_year
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.fill import last_filled
from bot.storage.mirror.user import CrmUserRow
from bot.storage.outbox import DeliveryRow, DeliveryState

#: Older than this, the mirror is no ground to coach on.
STALE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSide:
    """Slack as the flows see it."""

    directory: Directory
    messenger: Messenger


class Program:
    def __init__(
        self,
        settings: Settings,
        runtime: Runtime,
        *,
        open_crm: Callable[[], Crm],
        open_slack: Callable[[], SlackSide],
    ) -> None:
        self.settings = settings
        self.runtime = runtime
        self._open_crm = open_crm
        self._open_slack = open_slack
        with reading(runtime.database) as session:
            follow_crm_year(session, runtime.organisation)

    @cached_property
    def crm(self) -> Crm:
        """Raises ConfigError naming the variables that are missing."""
        return self._open_crm()

    @cached_property
    def slack(self) -> SlackSide:
        """Raises ConfigError naming the variables that are missing."""
        return self._open_slack()

    @property
    def database(self) -> Engine:
        return self.runtime.database

    @property
    def clock(self) -> Clock:
        return self.runtime.clock

    @property
    def organisation(self) -> Organisation:
        return self.runtime.organisation

    def today(self) -> date:
        """The organisation's own day."""
        return self.clock.now().astimezone(self.organisation.zone).date()

    def at(self, day: date | None) -> Runtime:
        """The runtime as of the morning of a day, or as of now."""
        if day is None:
            return self.runtime
        return replace(self.runtime, clock=FixedClock(self._morning(day)))

    def _morning(self, day: date) -> datetime:
        at = time.fromisoformat(self.settings.schedule.coach_at)
        return datetime.combine(day, at, tzinfo=self.organisation.zone)

    def pull(self) -> PullReport:
        """Pull, then bring facts and readings up to date."""
        wanted = relied_on(self.organisation)
        report = pull(self.database, self.crm, clock=self.clock, relied_on=wanted)
        self.roll_up(now=self.clock.now())
        return report

    def roll_up(self, *, now: datetime) -> None:
        database, metrics, organisation = self.database, self.runtime.metrics, self.organisation
        make_facts(database, metrics=metrics, organisation=organisation, now=now)
        # Who is a rep hangs on facts, and what is usual in a role on who is in it.
        keep_assignments(database, organisation=organisation, now=now)
        refresh(database, metrics=metrics, organisation=organisation, now=now)
        keep_programmes(replace(self.runtime, clock=FixedClock(now)))

    def forget_prospects(self) -> int:
        """Those whose time is over; how many they were."""
        return forget_prospects(self.runtime)

    def import_hiring(self, folder: Path) -> None:
        """What a demo's applicant system wrote; nothing where our playbooks are not in use."""
        cards = self.runtime.scorecards
        prospects, scores = folder / "prospects.csv", folder / "interview_scores.csv"
        with suppress(ConfigError):
            import_prospects(self.database, prospects, cards=cards, today=self.today())
            import_scores(self.database, scores, cards=cards, now=self.clock.now())

    def import_one_on_ones(self, folder: Path) -> None:
        """What a demo's managers noted before there was a bot."""
        with suppress(ConfigError):
            import_one_on_ones(self.runtime, folder / "one_on_ones.csv")

    def match_people(self) -> MatchReport:
        return match_people(
            self.database,
            self.slack.directory,
            organisation=self.organisation,
            now=self.clock.now(),
        )

    def coach(self, day: date | None = None) -> CoachReport:
        runtime = self.at(day)
        return coach(runtime) + coach_managers(runtime)

    def require_fresh_mirror(self) -> None:
        """Raises TransientError until a pull has caught up, so that nobody hears old news."""
        with reading(self.database) as session:
            as_of = None if last_filled(session) is None else mirrored_at(session)
        if as_of is None or self.clock.now() - as_of > STALE_AFTER:
            told = "never filled" if as_of is None else f"as of {as_of:%Y-%m-%d %H:%M} UTC"
            raise TransientError(
                f"the mirror is stale ({told})",
                retry_after=timedelta(seconds=20),
                hint="coaching and digests wait for the next pull",
            )

    def digest_due(self) -> DigestReport:
        """The weekly digest; for the schedule."""
        self.require_fresh_mirror()
        return self.digest()

    def coach_due(self) -> CoachReport:
        """Coach those whose morning has come; for the schedule."""
        self.require_fresh_mirror()
        self.match_people()
        at = time.fromisoformat(self.settings.schedule.coach_at)
        report = coach(self.runtime, from_time=at) + coach_managers(self.runtime, from_time=at)
        tell_admins(self.runtime, self.slack.directory)
        self.show_admins()
        return report

    def show_admins(self) -> None:
        """In shadow mode, what would have been said."""
        if self.runtime.policy.is_in_shadow:
            show_admins(self.runtime, self.slack.directory)

    def main_job(self) -> int:
        """All of it once: pull, compare, nudge, digest, deliver; how many messages were said."""
        self.pull()
        self.match_people()
        self.coach()
        self.show_admins()
        self.digest()
        return self.deliver().sent

    def digest(self, day: date | None = None, *, is_dry: bool = False) -> DigestReport:
        directory = None if is_dry else self.slack.directory
        if not is_dry:
            self.match_people()
        return digest(self.at(day), directory, is_dry=is_dry)

    def deliver(self) -> DeliverReport:
        return deliver(self.runtime, self.slack.messenger)

    def write_back(self) -> int:
        """Write to the CRM what people agreed to; the CRM is only asked when there is something."""
        return write_back(self.runtime, lambda: self.crm.writer())  # noqa: PLW0108 -- opens no CRM before it is called

    def waiting(self) -> Sequence[DeliveryRow]:
        """What the outbox holds and is due."""
        row = DeliveryRow
        due = select(row).where(
            col(row.state) == DeliveryState.WAITING, col(row.not_before) <= self.clock.now()
        )
        with reading(self.database) as session:
            return session.exec(due.order_by(col(row.not_before))).all()

    def known_until(self) -> date:
        """The organisation's day on which something may have changed last."""
        with reading(self.database) as session:
            as_of = mirrored_at(session) or self.clock.now()
        return max(as_of.astimezone(self.organisation.zone).date(), self.today())

    def replay(
        self, first: date, last: date, *, with_signals: bool = False
    ) -> Iterator[ReplayLine]:
        at = time.fromisoformat(self.settings.schedule.coach_at)
        return replay(self.runtime, first=first, last=last, coach_at=at, with_signals=with_signals)

    def names(self) -> Mapping[str, str]:
        """Everybody whom the mirror knows, by Salesforce id."""
        with reading(self.database) as session:
            return dict(session.exec(select(CrmUserRow.id, CrmUserRow.name)).all())

    def readings(
        self, definitions: Iterable[Definition], *, day: date, words: str
    ) -> Sequence[RepReading]:
        with reading(self.database) as session:
            return read_metric_readings(
                session,
                definitions,
                organisation=self.organisation,
                day=day,
                words=words,
                now=self.clock.now(),
            )

    def metric_report(self, definition: Definition, *, day: date, words: str) -> MetricReport:
        with reading(self.database) as session:
            return read_metric_report(
                session,
                definition,
                organisation=self.organisation,
                day=day,
                words=words,
                now=self.clock.now(),
            )

    def learn(self, role: str, day: date | None) -> tuple[LearnedRole, str]:
        """What a role's quarters teach, and the diff of its playbook; empty when nothing does.

        Raises UnclearWords for a role that nobody knows.
        """
        found = learn_role(self.runtime, role, day=day or self.today())
        name = f"{found.model.key}.yaml"
        text = read_text(self.settings.playbooks / "roles" / name, file=name)
        units = {key: each.metric.unit for key, each in self.runtime.metrics.items()}
        new = with_learned(text, found.learned, day=found.day, units=units)
        return found, diff_of(text, new, file=f"playbooks/roles/{name}")

    def simulate_pay(self, file: Path, day: date | None, *, with_names: bool) -> PaySimulation:
        """What a plan file would have paid on past deals.

        Raises ConfigError for a file with mistakes, NotAllowed for too few people.
        """
        document = load_document(file)
        runtime = self.runtime
        plan = read_plan(
            document,
            {key: each.metric for key, each in runtime.metrics.items()},
            roles=set(runtime.models),
            objectives={str(each.key) for each in runtime.pay.objectives},
        )
        raise_problems(document.problems)
        if plan is None:
            raise AssertionError("a file without a problem was not read")
        with reading(self.database) as session:
            return simulate(session, runtime, plan, day=day or self.today(), with_names=with_names)

    def why(self, subject: str) -> Sequence[str]:
        with reading(self.database) as session:
            return explain(session, subject)
