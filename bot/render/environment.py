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
from bot.render.filters import locale_of
from bot.render.mrkdwn import clipped, flat
from bot.render.page import LONGEST_STAND_IN, Page
from bot.render.phrases import Phrases, read_phrases
from bot.render.sandbox import WordingEnvironment
from bot.render.split import message_of
from bot.render.words import ENGLISH, read_words

OURS = Path(__file__).parent / "templates"
WRONG_IN_A_TEMPLATE = (TemplateError, TypeError, ValueError, LookupError, ArithmeticError)


class Renderer:
    """Templates of ours, and a team's own wording of the same path before them.

    A wording may extend what it replaces: ``{% extends "ours/nudges/no_activity.j2" %}``. Its
    folder ``de`` or ``pt_BR`` has the words for readers of that language and comes first for them.
    Compiled templates are kept; a wording that was edited is read again, a language that was added
    is known after a new start. Safe to share between threads.
    """

    def __init__(self, overrides: Path | None = None) -> None:
        self._overrides = overrides
        self._languages = _languages(overrides)
        self._environments: dict[tuple[object, ...], WordingEnvironment] = {}

    def render(self, template: str, view: Mapping[str, object]) -> Message:
        """Raises CannotRender, naming template and line."""
        with self._explained(template):
            text, page = self._lay_out(template, view)
            page.parts[0].text = clipped(text, LONGEST_STAND_IN)
            message = message_of(page.parts)
            block_kit.check(message)
        return message

    def render_view(self, template: str, view: Mapping[str, object]) -> View:
        """A modal when the template calls ``modal(...)``, a Home tab otherwise."""
        with self._explained(template):
            _, page = self._lay_out(template, view)
            made = View(payload={**page.frame, "blocks": page.parts[0].blocks})
            block_kit.check(made)
        return made

    def say(self, words: str, locale: str | None) -> str:
        """What the program says outside of templates, in the words for that reader."""
        return self._environment(locale).phrases.say(words)

    def sources(self, template: str, locale: str | None = None) -> list[Path]:
        """The files that could be this template for that reader, the one that is used first."""
        places = [*self._folders(locale), OURS]
        return [place / template for place in places if (place / template).is_file()]

    def own_templates(self) -> list[str]:
        """The paths below ``wording/`` that the team has words at, languages included."""
        if self._overrides is None:
            return []
        found = self._overrides.rglob("*.j2")
        return sorted(path.relative_to(self._overrides).as_posix() for path in found)

    def _folders(self, locale: object) -> tuple[Path, ...]:
        """Where the team's words for a reader may be, those of the reader's language first."""
        if self._overrides is None:
            return ()
        reader = locale_of(str(locale) if locale else None)
        names = (f"{reader.language}_{reader.territory}", reader.language)
        return (
            *(self._languages[name] for name in names if name in self._languages),
            self._overrides,
        )

    def _environment(self, locale: object) -> WordingEnvironment:
        folders, reader = self._folders(locale), None
        if len(folders) > 1:
            reader = locale_of(str(locale))
        key = (*folders, str(reader))
        if key not in self._environments:
            ours = FileSystemLoader(OURS)
            theirs = [FileSystemLoader(folder) for folder in folders]
            loader = ChoiceLoader([*theirs, ours, PrefixLoader({"ours": ours})])
            words, phrases = {**ENGLISH}, dict[str, str]()
            for folder in reversed(folders):
                words |= read_words(folder)
                phrases |= read_phrases(folder)
            self._environments[key] = WordingEnvironment(
                loader, words=words, phrases=Phrases(phrases, reader)
            )
        return self._environments[key]

    def _lay_out(self, name: str, view: Mapping[str, object]) -> tuple[str, Page]:
        environment = self._environment(view.get("locale"))
        template = environment.get_template(name)
        page = Page(environment.phrases.say)
        calls = page.calls()
        if taken := sorted(view.keys() & calls.keys()):
            raise CannotRender(name, f"'{taken[0]}' lays out and cannot be a value too")
        context = template.new_context({**view, **calls})
        try:
            everything = flat("".join(template.root_render_func(context)))
            text = _stand_in(context)
        except WRONG_IN_A_TEMPLATE:
            # Makes the traceback name the template's own lines, and raises again.
            environment.handle_exception()
        if everything != text:
            stray = everything.replace(text, "", 1)
            raise CannotRender(
                name, f"words outside of section, context or header are lost: '{stray[:60]}'"
            )
        return text, page

    @contextmanager
    def _explained(self, template: str) -> Iterator[None]:
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
            name = self._named(error.filename) or error.name or template
            raise CannotRender(
                name, error.message or "not a template", line=error.lineno
            ) from error
        except WRONG_IN_A_TEMPLATE as error:
            file, line = _place(error)
            message = str(error).removeprefix("Page.")
            raise CannotRender(self._named(file) or template, message, line=line) from error
        except RecursionError as error:
            raise CannotRender(template, "it includes itself without end") from error

    def _named(self, file: str | None) -> str | None:
        """A template's file by the folder that it is in: ours, or the team's wording."""
        for root in (self._overrides, OURS):
            if file and root and Path(file).is_relative_to(root):
                return f"{root.name}/{Path(file).relative_to(root).as_posix()}"
        return None


def _languages(overrides: Path | None) -> Mapping[str, Path]:
    """A team's folders that are a language's, by its name; ours are kinds of messages."""
    if overrides is None:
        return {}
    kinds = {path.name for path in OURS.iterdir()}
    return {path.name: path for path in overrides.iterdir() if path.name not in kinds}


def _stand_in(context: Context) -> str:
    found = context.blocks.get("text")
    return flat("".join(found[0](context))) if found else ""


def _place(error: Exception) -> tuple[str | None, int | None]:
    """Which line of which file: Jinja rewrites tracebacks so that they name the .j2 file."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [(frame.filename, frame.lineno) for frame in frames if frame.filename.endswith(".j2")]
    return places[-1] if places else (None, None)
