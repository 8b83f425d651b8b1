"""``pacesetter preview``: how a template reads, with the team's wording and an example."""

import json
import os
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.errors import PermanentError

if TYPE_CHECKING:
    from pathlib import Path

    from bot.render.environment import Renderer


def register(app: typer.Typer) -> None:
    app.command()(preview)


def preview(
    key: Annotated[
        str | None,
        typer.Argument(metavar="[KEY]", help="nudges/quiet_week, or its last part alone."),
    ] = None,
    *,
    locale: Annotated[str, typer.Option(help="Whose numbers, dates and language.")] = "en_US",
    output: Annotated[
        str, typer.Option("--format", help="text, or json for Slack's Block Kit Builder")
    ] = "text",
) -> None:
    """A template with the team's wording and an example; without KEY a list of all."""
    if output not in {"text", "json"}:
        raise typer.BadParameter(f"'{output}' is no format; write text or json")
    from bot.render import filters, preview  # noqa: PLC0415 - slow to import

    if not filters.is_known(locale):
        raise typer.BadParameter(f"'{locale}' is no locale; write one like de_DE or en_GB")
    wording = _wording()
    renderer = wording_renderer()
    if key is None:
        _list(renderer)
        return
    template = preview.find_template(key)
    said = preview.rendered(renderer, template, locale=locale)
    if output == "json":
        typer.echo(json.dumps(preview.as_block_kit(said), indent=1, ensure_ascii=False))
        return
    source = renderer.sources(template, locale)[0]
    whose = f"{source}" if source.is_relative_to(wording) else "our words"
    typer.echo(f"{template.removesuffix('.j2')} · {locale} · {whose}\n")
    typer.echo(preview.as_text(said), nl=False)


def _list(renderer: "Renderer") -> None:
    from bot.render.example import templates  # noqa: PLC0415 - slow to import

    known, own = templates(), renderer.own_templates()
    for template in known:
        yours = [path for path in own if path == template or path.endswith(f"/{template}")]
        note = f"  yours: {', '.join(yours)}" if yours else ""
        typer.echo(f"{template.removesuffix('.j2'):28}{note}".rstrip())


def _wording() -> "Path":
    from bot.bootstrap import playbook_folder  # noqa: PLC0415 - slow to import

    return playbook_folder(os.environ) / "wording"


def wording_renderer() -> "Renderer":
    """With the team's words. Raises PermanentError when their folder cannot be read."""
    from bot.render.environment import Renderer  # noqa: PLC0415 - slow to import

    wording = _wording()
    try:
        return Renderer(wording if wording.is_dir() else None)
    except OSError as error:
        raise PermanentError(
            f"cannot read {wording}: {error.strerror}", hint="let the bot's user read the folder"
        ) from error
