"""Hiring on the command line: files of an applicant system, what hires teach, who is forgotten."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.program import open_filled_program, open_program

app = typer.Typer(help="Prospects, and what past hires teach.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)]


@app.command("import")
def import_prospects(file: File) -> None:
    """Read prospects from a CSV file of an applicant system: id, name, role, source, state."""
    from bot.flows.import_prospects import import_prospects as read  # noqa: PLC0415 - slow

    program = open_program()
    cards, today = program.runtime.scorecards, program.today()
    new, lines = read(program.database, file, cards=cards, today=today)
    typer.echo(f"{new} of {lines} prospects were new")


@app.command("import-scores")
def import_scores(file: File) -> None:
    """Read interview scores: prospect, interviewer, held_on, competency, score, evidence."""
    from bot.flows.import_prospects import import_scores as read  # noqa: PLC0415 - slow

    program = open_program()
    cards, now = program.runtime.scorecards, program.clock.now()
    new, lines = read(program.database, file, cards=cards, now=now)
    typer.echo(f"{new} of {lines} scores were new")


@app.command("analysis")
def analysis(
    role: Annotated[str | None, typer.Argument(help="A role's key; all without one.")] = None,
) -> None:
    """What past hires teach: competencies and sources against what hires became."""
    from bot.queries.hiring_report import report  # noqa: PLC0415 - slow to import

    for line in report(open_filled_program().runtime, role):
        typer.echo(line)


@app.command("forget")
def forget() -> None:
    """Erase the personal data of prospects whose time is over, as the schedule does each night."""
    typer.echo(f"{open_program().forget_prospects()} prospects were forgotten")
