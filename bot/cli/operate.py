"""Running it: run, doctor, manifest, db."""

import json
import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.preview import wording_renderer
from bot.cli.program import data_home, open_program
from bot.domain.errors import TransientError

if TYPE_CHECKING:
    from bot.program import Program
    from bot.render.environment import Renderer

#: What Slack shows of a manifest; names of commands are typed, and stay.
READ_BY_PEOPLE = frozenset({"description", "long_description", "usage_hint"})

database_app = typer.Typer(help="Migrations.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(doctor)
    app.command()(manifest)


def run(
    *,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Do the main job once before following the schedule.")
    ] = False,
    until_stdin_ends: Annotated[bool, typer.Option("--until-stdin-ends", hidden=True)] = False,
    hiring: Annotated[Path | None, typer.Option("--hiring", hidden=True)] = None,
) -> None:
    """The bot: listeners and schedule, until told to stop; SIGTERM finishes what is under way."""
    from bot.bootstrap import build_service, outside  # noqa: PLC0415 - slow to import
    from bot.doctor import require_access  # noqa: PLC0415 - slow to import
    from bot.log import configure_log  # noqa: PLC0415 - slow to import

    configure_log()
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    if until_stdin_ends:
        from integrations.sandbox.lifeline import end_with_parent  # noqa: PLC0415 - demo only

        end_with_parent(is_over)
    program = open_program()
    require_access(outside(program, os.environ))
    service = build_service(program, os.environ)
    if hiring is not None:
        # People are known from the first pull on; nobody is reminded before the bench is there.
        program.pull()
        program.import_hiring(hiring)
        program.import_one_on_ones(hiring)
    said = _do_once(program) if at_once else None
    service.start()
    # Whoever reads this types a command at once, so somebody has to be listening by now.
    if said is not None:
        typer.echo(said)
    typer.echo("running; press Ctrl-C to stop")
    # A signal may reach another thread; Python runs its handler once this one wakes.
    while not is_over.wait(0.5):
        pass
    service.stop()


def _do_once(program: "Program") -> str:
    """The schedule tries again what an outage on the other side keeps from being done now."""
    try:
        return f"{program.main_job()} messages are there to read"
    except TransientError as error:
        return f"not all could be done yet: {error}; it is tried again as scheduled"


def doctor() -> None:
    """Look for what would keep the bot from working: credentials, fields, people, clock."""
    from bot.bootstrap import outside  # noqa: PLC0415 - slow to import
    from bot.doctor import examine  # noqa: PLC0415 - slow to import

    findings = examine(outside(open_program(), os.environ))
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.is_serious for finding in findings):
        raise typer.Exit(1)


def manifest(
    *,
    events_url: Annotated[
        str | None, typer.Option("--events-url", help="Where Slack calls us, in HTTP mode.")
    ] = None,
    locale: Annotated[
        str | None, typer.Option(help="Whose language commands are described in; English if none.")
    ] = None,
) -> None:
    """The Slack app manifest for this configuration, as JSON."""
    from bot.bootstrap import make_manifest  # noqa: PLC0415 - slow to import

    made: object = make_manifest(events_url=events_url)
    if locale is not None:
        made = _in_language(made, wording_renderer(), locale)
    typer.echo(json.dumps(made, indent=2, ensure_ascii=False))


def _in_language(made: object, renderer: "Renderer", locale: str) -> object:
    """All that people read of it: Slack has room for one language."""
    if isinstance(made, list):
        return [_in_language(each, renderer, locale) for each in made]
    if isinstance(made, Mapping):
        return {
            key: renderer.say(value, locale)
            if key in READ_BY_PEOPLE and isinstance(value, str)
            else _in_language(value, renderer, locale)
            for key, value in made.items()
        }
    return made


@database_app.command("upgrade")
def upgrade_database() -> None:
    """Bring the database up to date."""
    open_program()
    typer.echo("the database is up to date")


@database_app.command("check")
def check_database() -> None:
    """Say whether the database has all tables and columns of this version."""
    from bot.bootstrap import check_schema  # noqa: PLC0415 - slow to import
    from bot.storage.trouble import OTHER_TABLES  # noqa: PLC0415 - slow to import

    state = check_schema(os.environ, home=data_home())
    for line in state.pending:
        typer.echo(f"pending: {line}")
    for line in state.lacking:
        typer.echo(f"lacking: {line}")
    if state.pending or state.lacking:
        hint = "run `pacesetter db upgrade`" if state.pending else OTHER_TABLES
        typer.echo(f"hint: {hint}")
        raise typer.Exit(1)
    typer.echo("the database is up to date")


@database_app.command("downgrade")
def downgrade_database(
    revision: Annotated[str, typer.Argument(help="The last one to keep, such as 0001.")],
) -> None:
    """Undo migrations and lose what their tables held, before going back to an old version."""
    from bot.bootstrap import undo_migrations  # noqa: PLC0415 - slow to import

    undo_migrations(os.environ, home=data_home(), to=revision)
    typer.echo(f"the database is at {revision}")


@database_app.command("revision")
def write_migration(message: str) -> None:
    """For developers: write the migration that leads to the tables as the code has them."""
    from bot.storage.migrate import revise  # noqa: PLC0415 - slow to import

    typer.echo(f"wrote {revise(message).name}; read it through, then run `make update`")
