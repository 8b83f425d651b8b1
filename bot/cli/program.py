"""How commands come by the program, and how they read what people type."""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.domain.errors import PermanentError

#: Days before and after would run over the calendar's edge when windows are laid.
YEARS = range(1970, 2200)

if TYPE_CHECKING:
    from bot.bootstrap import Loaded
    from bot.program import Program


def data_home() -> Path:
    """Where the default database lives: PACESETTER_HOME, else the user's data folder."""
    named = os.environ.get("PACESETTER_HOME")
    if named:
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "pacesetter"


def open_program(loaded: "Loaded | None" = None) -> "Program":
    from bot.bootstrap import build  # noqa: PLC0415 - slow to import

    return build(os.environ, home=data_home(), loaded=loaded)


def open_filled_program(loaded: "Loaded | None" = None) -> "Program":
    """Raises PermanentError, with what to do, while the mirror is still empty."""
    from bot.storage.cursors import read_cursors  # noqa: PLC0415 - slow to import
    from bot.storage.database import reading  # noqa: PLC0415 - slow to import

    program = open_program(loaded)
    with reading(program.database) as session:
        is_empty = all(cursor.pulled_until is None for cursor in read_cursors(session))
    if is_empty:
        raise PermanentError(
            "nothing has been pulled yet, so there is nothing to measure or to say",
            hint="run `pacesetter pull`, or `pacesetter import DIR` with a Salesforce data export",
        )
    return program


def parse_day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no day; write one like 2026-03-09") from None
    if day.year not in YEARS:
        raise typer.BadParameter(f"'{text}' lies outside the years that a CRM knows")
    return day


def require_day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise typer.BadParameter("a day is needed")
    return day
