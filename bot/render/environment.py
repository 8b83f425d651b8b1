"""Renderer: a template's path and plain values in, a checked Message or View out."""

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.runtime import Context

from bot.domain.message import Message, View
from bot.render import block_kit
from bot.render.errors import BreaksBlockKit, CannotRender
from bot.render.mrkdwn import clipped, flat
from bot.render.page import LONGEST_STAND_IN, Page
from bot.render.sandbox import WordingEnvironment
from bot.render.split import message_of

OURS = Path(__file__).parent / "templates"
WRONG_IN_A_TEMPLATE = (TemplateError, TypeError, ValueError, LookupError, ArithmeticError)


class Renderer:
    """Templates of ours, and a team's own wording of the same path before them.

    A wording may extend what it replaces: ``{% extends "ours/nudges/no_activity.j2" %}``.
    Compiled templates are kept; a wording that was edited is read again. Safe to share between
    threads.
    """

    def __init__(self, overrides: Path | None = None) -> None:
        ours = FileSystemLoader(OURS)
        theirs = [FileSystemLoader(overrides)] if overrides is not None else []
        self._environment = WordingEnvironment(
            ChoiceLoader([*theirs, ours, PrefixLoader({"ours": ours})])
        )

    def render(self, template: str, view: Mapping[str, object]) -> Message:
        """Raises CannotRender, naming template and line."""
        with _explained(template):
            text, page = self._lay_out(template, view)
            page.parts[0].text = clipped(text, LONGEST_STAND_IN)
            message = message_of(page.parts)
            block_kit.check(message)
        return message

    def render_view(self, template: str, view: Mapping[str, object]) -> View:
        """A modal when the template calls ``modal(...)``, a Home tab otherwise."""
        with _explained(template):
            _, page = self._lay_out(template, view)
            made = View(payload={**page.frame, "blocks": page.parts[0].blocks})
            block_kit.check(made)
        return made

    def _lay_out(self, name: str, view: Mapping[str, object]) -> tuple[str, Page]:
        template = self._environment.get_template(name)
        page = Page()
        context = template.new_context({**view, **page.calls()})
        try:
            everything = flat("".join(template.root_render_func(context)))
            text = _stand_in(context)
        except WRONG_IN_A_TEMPLATE:
            # Makes the traceback name the template's own lines, and raises again.
            self._environment.handle_exception()
        if everything != text:
            stray = everything.replace(text, "", 1)
            raise CannotRender(
                name, f"words outside of section, context or header are lost: '{stray[:60]}'"
            )
        return text, page


def _stand_in(context: Context) -> str:
    found = context.blocks.get("text")
    return flat("".join(found[0](context))) if found else ""


@contextmanager
def _explained(template: str) -> Iterator[None]:
    """Whatever goes wrong inside a template is said with its name and line."""
    try:
        yield
    except CannotRender:
        raise
    except BreaksBlockKit as error:
        raise CannotRender(template, f"Slack would refuse it at {error}") from error
    except TemplateNotFound as error:
        raise CannotRender(template, f"there is no template '{error.name}'") from error
    except TemplateSyntaxError as error:
        raise CannotRender(
            error.name or template, error.message or "not a template", line=error.lineno
        ) from error
    except WRONG_IN_A_TEMPLATE as error:
        raise CannotRender(template, str(error), line=_line(error)) from error
    except RecursionError as error:
        raise CannotRender(template, "it includes itself without end") from error


def _line(error: Exception) -> int | None:
    """The template's line: Jinja rewrites tracebacks so that they name the .j2 file."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [frame.lineno for frame in frames if frame.filename.endswith(".j2")]
    return places[-1] if places else None
