"""Running it: run, doctor, manifest, db."""

import typer

from bot.cli.program import open_program

database_app = typer.Typer(help="Migrations.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    _ = app


@database_app.command("upgrade")
def upgrade_database() -> None:
    """Bring the database up to date."""
    open_program()
    typer.echo("the database is up to date")
