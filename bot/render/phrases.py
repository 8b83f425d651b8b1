"""What the program says in whole sentences, in the reader's words: a wording's ``phrases.yaml``.

Each line has our English and what is said in its place. ``{name}`` stands for whatever stands
there, and is put where the other sentence has it; what is a phrase itself is said in the reader's
words too, days and numbers are written as in the reader's country. What no line has stays English.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

from babel import Locale
from markupsafe import Markup

from bot.documents import Document, load_document, raise_problems
from bot.render.english import rewritten

PHRASES_FILE = "phrases.yaml"
PLACE = re.compile(r"\{(\w+)\}")
#: Nothing longer is one of our sentences.
LONGEST = 1000


class Phrases:
    """Longer sentences are tried before shorter ones, so that no line hides another."""

    def __init__(self, told: Mapping[str, str], reader: Locale | None = None) -> None:
        self._reader = reader
        self._exact = {ours: theirs for ours, theirs in told.items() if not PLACE.search(ours)}
        sentences = sorted(set(told) - set(self._exact), key=len, reverse=True)
        self._open = [(_pattern(ours), told[ours]) for ours in sentences]

    def __bool__(self) -> bool:
        return bool(self._exact or self._open)

    def say(self, text: str) -> str:
        found = self._exact.get(text)
        if found is not None or len(text) > LONGEST:
            return text if found is None else found
        for pattern, theirs in self._open:
            match = pattern.fullmatch(text)
            if match and text not in match.groupdict().values():
                return self._filled(theirs, match.groupdict())
        return self._written(text)

    def _filled(self, theirs: str, values: Mapping[str, str]) -> str:
        said = {name: self._all_of(value) for name, value in values.items()}
        return PLACE.sub(lambda place: said[place[1]], theirs)

    def _all_of(self, value: str) -> str:
        """What stands at a place may be a phrase itself, or several with commas between them."""
        whole = self.say(value)
        if whole == value and ", " in value:
            return ", ".join(map(self.say, value.split(", ")))
        return whole

    def _written(self, words: str) -> str:
        return words if self._reader is None or not self else rewritten(words, self._reader)


def is_words(value: object) -> TypeGuard[str]:
    """Markup is text as well, and was said already."""
    return isinstance(value, str) and not isinstance(value, Markup)


def _pattern(ours: str) -> re.Pattern[str]:
    parts = PLACE.split(ours)
    words = [f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)]
    return re.compile("".join(words), re.DOTALL)


def read_phrases(folder: Path) -> Mapping[str, str]:
    """Raises ConfigError naming file, line and remedy."""
    path = folder / PHRASES_FILE
    if not path.is_file():
        return {}
    document = load_document(path, name=f"{folder.name}/{PHRASES_FILE}")
    content = document.content
    if not isinstance(content, dict):
        hint = "such as `enough was said today: heute wurde genug gesagt`"
        document.complain((), "expected our words and yours on each line", hint=hint)
        content = {}
    for ours, theirs in content.items():
        _check(document, ours, theirs)
    raise_problems(document.problems)
    return {str(ours): str(theirs) for ours, theirs in content.items()}


def _check(document: Document, ours: object, theirs: object) -> None:
    if not isinstance(ours, str) or not isinstance(theirs, str):
        document.complain((str(ours),), f"'{ours}' should be text", hint="write both in quotes")
        return
    places = PLACE.findall(ours)
    unknown = set(PLACE.findall(theirs)) - set(places)
    if len(places) != len(set(places)):
        hint = "give each place a name of its own"
        document.complain((ours,), "two places bear one name", hint=hint)
    elif unknown:
        hint = f"our words have {', '.join(places) or 'none'}"
        name = f"'{{{min(unknown)}}}'"
        document.complain((ours,), f"there is no place {name} in our words", hint=hint)
