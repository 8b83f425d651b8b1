"""A chart in, its picture out."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.domain.chart import (
    Chart,
    Curves,
    Funnel,
    PartedBars,
    Picture,
    Sparkline,
    TeamAgainstRange,
    Waterfall,
)
from bot.render.charts import curves, funnel, parted_bars, sparkline, team_range, waterfall
from bot.render.mrkdwn import flat

Drawn = Mapping[str, object]

#: Kind of chart → its template, what the template lays out, and the sentences for it.
KINDS: Mapping[type, tuple[str, Callable[[Any], Drawn], Callable[[Any], Iterable[str]]]] = {
    Curves: ("curves.svg.j2", curves.layout, curves.words),
    Funnel: ("funnel.svg.j2", funnel.layout, funnel.words),
    PartedBars: ("parted_bars.svg.j2", parted_bars.layout, parted_bars.words),
    Sparkline: ("sparkline.svg.j2", sparkline.layout, sparkline.words),
    TeamAgainstRange: ("team_range.svg.j2", team_range.layout, team_range.words),
    Waterfall: ("waterfall.svg.j2", waterfall.layout, waterfall.words),
}
#: What these fields hold chooses how a part is drawn.
LOOKS_UP = frozenset({"standing"})
#: Slack takes 2,000; nobody listens to so many.
LONGEST_ALT = 1000
#: XML has no place for these, escaped or not.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def in_words(chart: Chart, say: Callable[[str], str]) -> Chart:
    """The same chart with all its words said by ``say``."""
    said: Chart = _said(chart, say)
    return said


def _said(part: Any, say: Callable[[str], str]) -> Any:  # noqa: ANN401 - any part of a chart
    if type(part) is str:
        return say(part)
    if isinstance(part, list | tuple):
        return type(part)(_said(each, say) for each in part)
    if is_dataclass(part) and not isinstance(part, type):
        names = (each.name for each in fields(part) if each.name not in LOOKS_UP)
        return replace(part, **{name: _said(getattr(part, name), say) for name in names})
    return part


def draw(chart: Chart, say: Callable[[str], str] = str) -> Picture:
    """``say`` gives the words for it, whatever the chart itself says, in the reader's."""
    template, layout, words = KINDS[type(chart)]
    drawn = {"title": chart.title, "say": say, **layout(chart)}
    svg = _environment().get_template(template).render(drawn)
    return Picture(svg=svg, alt=flat(" ".join(map(say, words(chart))))[:LONGEST_ALT])


@cache
def _environment() -> Environment:
    """XML escapes every value, whatever the CRM put into it."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_readable,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _readable(value: object) -> object:
    return UNPRINTABLE.sub("", value) if type(value) is str else value
