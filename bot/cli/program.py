"""How commands come by the program, and how they read what people type."""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.program import Program


def data_home() -> Path:
    """Where the default database lives: PACESETTER_HOME, else the user's data folder."""
    named = os.environ.get("PACESETTER_HOME")
    if named:
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "pacesetter"


def open_program() -> "Program":
    from bot.bootstrap import build  # noqa: PLC0415 - slow to import

    return build(os.environ, home=data_home())


def parse_day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no day; write one like 2026-03-09") from None


def require_day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise typer.BadParameter("a day is needed")
    return day
