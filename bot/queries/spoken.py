"""What people type after a command, taken apart: names, windows, metrics, in whatever order."""

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.errors import UnclearWords
from bot.domain.fiscal import FiscalCalendar
from bot.domain.ids import MetricKey
from bot.domain.windows import HINT, Window, parse_window
from bot.metrics.definition import Definition

FILLERS = frozenset({"share", "team", "for"})
#: Words that a window has and nobody's name.
SPANS = re.compile(r"(day|week|month|quarter|year)s?")
CLOSE_ENOUGH = 0.6
#: Looked for only to give a hint of a few.
FAR, FEW = 0.3, 8
SURELY_MEANT = 0.85
SHARE = "share"


def split_words(
    words: Sequence[str], *, today: date, fiscal: FiscalCalendar
) -> tuple[str, Window | None]:
    """A team's name and a window out of free words; each may be missing.

    Raises UnclearWords for what was meant to be a window and is none, such as last 0 weeks.
    """
    texts = [word for word in words if word.lower() not in FILLERS]
    for start in range(len(texts)):
        for end in range(len(texts), start, -1):
            try:
                window = parse_window(texts[start:end], today=today, fiscal=fiscal)
            except UnclearWords:
                continue
            return " ".join((*texts[:start], *texts[end:])), window
    spoken = " ".join(texts)
    if any(SPANS.fullmatch(text.lower()) for text in texts):
        raise UnclearWords(f"I do not know the window '{spoken[:60]}'", hint=HINT)
    return spoken, None


def split_metric(metrics: Mapping[MetricKey, Definition], words: str) -> tuple[Definition, str]:
    """A metric, by key or title and spelled roughly right, and whatever was said after it.

    Raises UnclearWords with metrics that may be meant.
    """
    wanted, names = _spelled(words), _names(metrics)
    sure = difflib.get_close_matches(wanted, names, n=1, cutoff=SURELY_MEANT)
    begun = [name for name in names if wanted.startswith(f"{name} ")]
    if begun and (not sure or sure[0] in begun):
        name = max(begun, key=len)
        return names[name], " ".join(words.split())[len(name) :].strip()
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=CLOSE_ENOUGH)
    if near:
        return names[near[0]], ""
    return _begun_words(metrics, words)


def _begun_words(metrics: Mapping[MetricKey, Definition], words: str) -> tuple[Definition, str]:
    """The only metric whose name has words that begin so: calls, and then a rep's name, say."""
    names, said = _names(metrics), words.split()
    for many in range(len(said), 0, -1):
        wanted = _spelled(" ".join(said[:many])).split()
        found = {
            definition.metric.key: definition
            for name, definition in names.items()
            if all(any(each.startswith(word) for each in name.split()) for word in wanted)
        }
        if len(found) == 1:
            return next(iter(found.values())), " ".join(said[many:])
        if found:
            titles = [definition.metric.title for definition in found.values()]
            raise UnclearWords(f"'{words.strip()[:40]}' may be several.", hint=_one_of(titles))
    if not said:
        titles = [definition.metric.title for definition in metrics.values()]
        raise UnclearWords("Which metric?", hint=_one_of(titles))
    near = difflib.get_close_matches(_spelled(words), names, n=len(names), cutoff=FAR)
    titles = list(dict.fromkeys(names[name].metric.title for name in near))
    titles = titles or [definition.metric.title for definition in metrics.values()]
    raise UnclearWords(f"I know no metric called '{words.strip()[:40]}'.", hint=_one_of(titles))


def _one_of(titles: Sequence[str]) -> str:
    if len(titles) <= FEW:
        return f"Did you mean: {', '.join(titles)}?"
    some, more = ", ".join(titles[:FEW]), len(titles) - FEW
    return f"There are: {some}, and {more} more; a word of the name is enough"


def split_share(metrics: Mapping[MetricKey, Definition], words: str) -> tuple[str, bool]:
    """Whether the channel is to see it; many a metric is a share and has the word in its name."""
    rest, _, last = words.rstrip().rpartition(" ")
    names = _names(metrics)
    if last.lower() != SHARE:
        return words, False
    is_name = difflib.get_close_matches(_spelled(words), names, n=1, cutoff=SURELY_MEANT)
    if is_name and _spelled(rest) not in names:
        return words, False
    return rest, True


def _spelled(words: str) -> str:
    return " ".join(words.lower().replace("_", " ").split())


def _names(metrics: Mapping[MetricKey, Definition]) -> Mapping[str, Definition]:
    names = {definition.metric.title.lower(): definition for definition in metrics.values()}
    return names | {key.replace("_", " "): definition for key, definition in metrics.items()}
