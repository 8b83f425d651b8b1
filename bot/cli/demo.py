"""``pacesetter demo``: a made-up sales team in a simulated Slack, coached by the real bot."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page is served; 0 takes any.")
    ] = 8080,
    once: Annotated[
        bool, typer.Option("--once", help="Do the main job once, print who was told what, exit.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Which made-up organisation.")] = 7,
    keep: Annotated[
        Path | None, typer.Option(help="Keep database, truth and logs in this folder.")
    ] = None,
) -> None:
    """Watch a sales team being coached: both sandboxes and the real bot, on this machine only."""
    from bot.demo import run_demo  # noqa: PLC0415 - slow to import

    raise typer.Exit(run_demo(port=0 if once else port, is_once=once, seed=seed, keep=keep))
