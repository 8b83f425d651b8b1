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

    Raises UnclearWords with the metrics there are.
    """
    wanted, names = _spelled(words), _names(metrics)
    sure = difflib.get_close_matches(wanted, names, n=1, cutoff=SURELY_MEANT)
    begun = [name for name in names if wanted.startswith(f"{name} ")]
    if begun and (not sure or sure[0] in begun):
        name = max(begun, key=len)
        return names[name], " ".join(words.split())[len(name) :].strip()
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=CLOSE_ENOUGH)
    if not near:
        titles = ", ".join(definition.metric.title for definition in metrics.values())
        said = f"I know no metric called '{words.strip()[:40]}'." if wanted else "Which metric?"
        raise UnclearWords(said, hint=f"There are: {titles}")
    return names[near[0]], ""


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
