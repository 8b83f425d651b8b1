"""``pacesetter``: every command, and the one place where an error becomes an exit code."""

import os
import sys

import typer

from bot.cli import (
    answers,
    demo,
    hiring,
    operate,
    pay,
    people,
    playbook,
    preview,
    replay,
    sandbox,
    steps,
)
from bot.domain.errors import CoachingError, ConfigError
from bot.log import configure_log

app = typer.Typer(
    name="pacesetter",
    help="Coaches what leads to sales, in Slack, from what Salesforce knows.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (demo, operate, steps, replay, answers, preview):
    module.register(app)
app.add_typer(people.leave_app, name="leave")
app.add_typer(people.people_app, name="people")
app.add_typer(people.talks_app, name="talks")
app.add_typer(hiring.app, name="hiring")
app.add_typer(playbook.app, name="playbook")
app.add_typer(pay.app, name="pay")
app.add_typer(sandbox.app, name="sandbox")
app.add_typer(operate.database_app, name="db")

WRONG_INPUT, FAILED = 2, 1


def run() -> None:
    """Errors of ours end in words and a hint, never in a traceback."""
    configure_log(is_quiet=True)
    try:
        app()
    except ConfigError as error:
        typer.echo(str(error), err=True)
        sys.exit(WRONG_INPUT)
    except CoachingError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(FAILED)
    except BrokenPipeError:
        # Whoever read our output (`| head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        from bot.storage.trouble import trouble_in  # noqa: PLC0415 - slow to import

        trouble = trouble_in(error)
        if trouble is None:
            raise
        typer.echo(f"error: the database: {trouble[0]}\n  hint: {trouble[1]}", err=True)
        sys.exit(FAILED)
