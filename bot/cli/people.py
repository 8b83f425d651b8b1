"""What the CRM does not know of people, from files."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.program import open_program

leave_app = typer.Typer(help="Days off.", no_args_is_help=True)
people_app = typer.Typer(help="Roles and teams.", no_args_is_help=True)
talks_app = typer.Typer(help="1:1s that were noted elsewhere.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)]


@leave_app.command("import")
def import_leave(file: File) -> None:
    """Read days off from a CSV file: person (e-mail or CRM id), first_day, last_day."""
    from bot.flows.import_leave import import_leave as read  # noqa: PLC0415 - slow to import

    new, lines = read(open_program().database, file)
    typer.echo(f"{new} of {lines} lines were new")


@people_app.command("import")
def import_people(file: File) -> None:
    """Read past roles and teams from a CSV file: person, role, team, first_day, last_day."""
    from bot.flows.import_people import import_people as read  # noqa: PLC0415 - slow to import

    program = open_program()
    rows, people = read(
        program.database,
        file,
        roles=program.runtime.models,
        organisation=program.organisation,
        now=program.clock.now(),
    )
    typer.echo(f"{rows} assignments of {people} people were read")


@talks_app.command("import")
def import_one_on_ones(file: File) -> None:
    """Read past 1:1s from a CSV file: manager, rep, held_on, notes, commitment, due_on, outcome."""
    from bot.flows.import_one_on_ones import (  # noqa: PLC0415 - slow to import
        import_one_on_ones as read,
    )

    new, lines = read(open_program().runtime, file)
    typer.echo(f"{new} of {lines} lines were new")
