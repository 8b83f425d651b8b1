"""The composition root: Settings in, a running program out; the only module that knows every other.

Nothing has been opened before ``build`` is called, and nothing outside is reached before it is
asked for: a command that needs no Slack works without a token.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path

import holidays
from holidays.registry import EntityLoader
from sqlalchemy import Engine

from bot import doctor
from bot.coaching.rule import load_all_rules, load_manager_rules, load_rules
from bot.compensation.check import load_checks
from bot.crm_settings import SalesforcePart
from bot.documents import load_document
from bot.domain.errors import ConfigError, Problem
from bot.domain.ids import MetricKey
from bot.domain.organisation import Organisation
from bot.domain.week import WEEKEND_BY_COUNTRY
from bot.domain.workdays import WorkCalendar, remembering
from bot.jobs.catalog import Deeds, all_jobs
from bot.jobs.engine import open_engine
from bot.jobs.scheduler import Scheduler
from bot.metrics.definition import read_definition
from bot.playbook_files import Playbooks, load_playbooks
from bot.ports import Clock, Crm
from bot.program import Program, SlackSide
from bot.render.environment import Renderer
from bot.render.preview import wrong_wordings
from bot.runtime import Runtime
from bot.service import DEFAULT_HTTP_PORT, Door, HttpDoor, Service, SocketDoor, parse_port
from bot.settings import DEFAULT_CONFIG, Settings, load_settings
from bot.storage.database import open_database
from bot.storage.examples import wrong_answers
from bot.storage.migrate import downgrade, upgrade
from bot.storage.schema import SchemaState, examine_schema
from integrations.sandbox.clock import SandboxClock


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What files and environment say; still nothing opened."""

    settings: Settings
    playbooks: Playbooks


def load(environment: Mapping[str, str], *, home: Path) -> Loaded:
    """Raises ConfigError with the problems of app.yaml and all playbooks at once."""
    problems: list[Problem] = []
    playbooks: Playbooks | None = None
    settings: Settings | None = None
    folder = playbook_folder(environment)
    try:
        playbooks = load_playbooks(folder)
    except ConfigError as error:
        problems.extend(error.problems)
    try:
        settings = load_settings(
            environment,
            home=home,
            playbooks=folder,
            known_roles=frozenset(path.stem for path in (folder / "roles").glob("*.yaml")),
            known_rules=frozenset(load_all_rules()),
            known_countries=frozenset(EntityLoader.get_country_codes(include_aliases=True)),
            pay_book=playbooks.pay if playbooks else None,
            known_checks=frozenset(load_checks()),
        )
    except ConfigError as error:
        problems.extend(error.problems)
    if problems or settings is None or playbooks is None:
        raise ConfigError(problems)
    choices = settings.organisation.choices
    counted = {key: each.under(choices) for key, each in playbooks.metrics.items()}
    return Loaded(settings=settings, playbooks=replace(playbooks, metrics=counted))


def check_everything(environment: Mapping[str, str], *, home: Path) -> Loaded:
    """As ``load``, with the examples of metrics and wordings worked out. Raises ConfigError."""
    folder = playbook_folder(environment)
    problems = [*wrong_examples(folder / "metrics"), *wrong_wordings(folder / "wording")]
    try:
        loaded = load(environment, home=home)
    except ConfigError as error:
        raise ConfigError([*error.problems, *problems]) from None
    if problems:
        raise ConfigError(problems)
    return loaded


def wrong_examples(folder: Path) -> Iterator[Problem]:
    """A problem for each answer in a metric's example that its definition does not give."""
    for path in sorted(folder.glob("*.yaml")):
        with suppress(ConfigError):
            document = load_document(path, name=f"{folder.parent.name}/{folder.name}/{path.name}")
            definition = read_definition(document, key=MetricKey(path.stem))
            if definition is None:
                continue
            for rep, words in wrong_answers(open_database("sqlite://"), definition):
                place = ("example", "expect", *([rep] if rep else []))
                hint = "work it out by hand again; then mend the example, or the definition"
                yield Problem(
                    file=document.file, line=document.line_of(place), message=words, hint=hint
                )


def playbook_folder(environment: Mapping[str, str]) -> Path:
    """PACESETTER_PLAYBOOKS, else ``playbooks`` beside the configuration, else those we ship."""
    named = environment.get("PACESETTER_PLAYBOOKS")
    if named:
        return Path(named)
    beside = Path(environment.get("PACESETTER_CONFIG", DEFAULT_CONFIG)).parent / "playbooks"
    if (beside / "metrics").is_dir():
        return beside
    return Path(str(files("playbooks")))


def build(environment: Mapping[str, str], *, home: Path, loaded: Loaded | None = None) -> Program:
    """Put the program together: the database is opened and brought up to date, nothing else."""
    loaded = loaded or load(environment, home=home)
    settings = loaded.settings
    database = _open_database(loaded, home)
    upgrade(database)
    clock: Clock = SystemClock()
    if settings.clock_file is not None:
        clock = SandboxClock(settings.clock_file)
    return Program(
        settings,
        build_runtime(loaded, clock=clock, database=database),
        open_crm=partial(open_crm, environment, settings.salesforce, clock=clock),
        open_slack=partial(open_slack, environment),
    )


def check_schema(environment: Mapping[str, str], *, home: Path) -> SchemaState:
    return examine_schema(_open_database(load(environment, home=home), home))


def undo_migrations(environment: Mapping[str, str], *, home: Path, to: str) -> None:
    """Raises ConfigError for a revision that does not exist."""
    downgrade(_open_database(load(environment, home=home), home), to=to)


def _open_database(loaded: Loaded, home: Path) -> Engine:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"no folder can be made of it: {error.strerror}"
        hint = "set PACESETTER_HOME to a folder that you may write to"
        raise ConfigError([Problem(file=str(home), message=message, hint=hint)]) from error
    return open_database(loaded.settings.database_url)


def work_calendar(organisation: Organisation) -> WorkCalendar:
    return WorkCalendar(
        holidays=remembering(public_holidays),
        country_by_zone={**WorkCalendar().country_by_zone, **organisation.holiday_country_by_zone},
        default_country=organisation.holiday_country,
        weekend_by_country={**WEEKEND_BY_COUNTRY, **organisation.weekend_by_country},
    )


def public_holidays(country: str, year: int) -> frozenset[date]:
    """Country-wide public holidays; an unknown country has none."""
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def build_runtime(loaded: Loaded, *, clock: Clock, database: Engine) -> Runtime:
    settings = loaded.settings
    wording = settings.playbooks / "wording"
    return Runtime(
        clock=clock,
        database=database,
        renderer=Renderer(overrides=wording if wording.is_dir() else None),
        policy=settings.policy,
        organisation=settings.organisation,
        calendar=work_calendar(settings.organisation),
        metrics=loaded.playbooks.metrics,
        rules=load_rules(),
        manager_rules=load_manager_rules(),
        models=loaded.playbooks.models,
        plays=loaded.playbooks.plays,
        scorecards=loaded.playbooks.scorecards,
        draw_seed=settings.organisation.name,
        programmes=loaded.playbooks.programmes,
        pay=loaded.playbooks.pay,
    )


def open_crm(environment: Mapping[str, str], said: SalesforcePart, *, clock: Clock) -> Crm:
    """Raises ConfigError naming the variables that are missing; logs in at its first use."""
    from integrations.salesforce.credentials import SalesforceCredentials  # noqa: PLC0415 - slow
    from integrations.salesforce.crm import open_salesforce  # noqa: PLC0415 - slow to import
    from integrations.salesforce.crm_object import load_objects, with_fields  # noqa: PLC0415 - slow
    from integrations.salesforce.login_ways import LoginWay  # noqa: PLC0415 - slow to import

    wanted = None if said.login == "auto" else LoginWay[said.login.upper()]
    credentials = SalesforceCredentials.from_environment(environment, wanted=wanted)
    objects = with_fields(load_objects(), said.fields)
    return open_salesforce(credentials, clock=clock, objects=objects)


def build_service(program: Program, environment: Mapping[str, str]) -> Service:
    """The program with its schedule and its doors to Slack; nothing is opened before start()."""
    from bot.surfaces.listeners import register_all  # noqa: PLC0415 - slow to import
    from integrations.slack import bolt_app  # noqa: PLC0415 - slow to import
    from integrations.slack.credentials import SlackCredentials  # noqa: PLC0415 - slow to import

    credentials = SlackCredentials.from_environment(environment)
    client = bolt_app.build_client(credentials)
    app = bolt_app.build_app(credentials, client)
    register_all(app, program.runtime, program.slack.messenger)
    jobs = all_jobs(
        program.settings.schedule,
        Deeds(
            pull=program.pull,
            coach=program.coach_due,
            digest=program.digest_due,
            deliver=program.deliver,
            forget=program.forget_prospects,
            write_back=program.write_back,
        ),
    )
    engine = open_engine(program.database, program.clock, jobs)
    scheduler = Scheduler(
        program.database, program.clock, engine, jobs, zone=program.organisation.zone
    )
    door: Door
    if credentials.uses_socket_mode:
        door = SocketDoor(bolt_app.socket_door(app, credentials, client))
    else:
        port = parse_port(environment.get("PORT") or DEFAULT_HTTP_PORT)
        door = HttpDoor(bolt_app.http_door(app), port=port)
    return Service(engine=engine, scheduler=scheduler, door=door)


def outside(program: Program, environment: Mapping[str, str]) -> doctor.Outside:
    """How to ask Salesforce and Slack whether they know us."""
    from integrations.slack.bolt_app import build_client  # noqa: PLC0415 - slow to import
    from integrations.slack.credentials import SlackCredentials  # noqa: PLC0415 - slow to import
    from integrations.slack.examine import (  # noqa: PLC0415 - slow to import
        examine_slack,
        require_app_token,
    )
    from integrations.slack.manifest import BOT_SCOPES  # noqa: PLC0415 - slow to import

    def ask_slack() -> doctor.Identity:
        client = build_client(SlackCredentials.from_environment(environment))
        return examine_slack(client, scopes=BOT_SCOPES)

    def ask_socket() -> bool:
        credentials = SlackCredentials.from_environment(environment)
        if credentials.app_token is None:
            return False
        require_app_token(build_client(credentials), credentials.app_token)
        return True

    return doctor.Outside(program, ask_slack=ask_slack, ask_socket=ask_socket)


def make_manifest(*, events_url: str | None = None) -> dict[str, object]:
    """The Slack app manifest, from the commands that are there."""
    from bot.surfaces.command import load_commands  # noqa: PLC0415 - slow to import
    from integrations.slack.manifest import SlashCommand, build_manifest  # noqa: PLC0415

    commands = [
        SlashCommand(name=each.name, summary=each.summary, usage=each.usage)
        for each in load_commands().values()
    ]
    return build_manifest(commands, events_url=events_url)


def open_slack(environment: Mapping[str, str]) -> SlackSide:
    """Raises ConfigError naming the variables that are missing; calls nothing yet."""
    from bot.render.charts.painter import Painter  # noqa: PLC0415 - slow to import
    from integrations.slack.bolt_app import build_client  # noqa: PLC0415 - slow to import
    from integrations.slack.credentials import SlackCredentials  # noqa: PLC0415 - slow to import
    from integrations.slack.directory import SlackDirectory  # noqa: PLC0415 - slow to import
    from integrations.slack.messenger import SlackMessenger  # noqa: PLC0415 - slow to import

    client = build_client(SlackCredentials.from_environment(environment))
    return SlackSide(
        directory=SlackDirectory(client), messenger=SlackMessenger(client, draw=Painter())
    )
