"""The Jinja environment: a team's own wording may rearrange words, and cannot harm the program."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, pass_context, pass_eval_context
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.domain.windows import DASH
from bot.render.english import with_spans
from bot.render.filters import filters, locale_of
from bot.render.mrkdwn import mrkdwn
from bot.render.phrases import Phrases, is_words

MOST_ROUNDS = 1000
MOST_REPEATED = 10_000
MOST_POWER = 16
#: Of Jinja's own filters those that can neither unescape nor blow up.
JINJA_FILTERS = frozenset(
    {
        "abs",
        "capitalize",
        "count",
        "default",
        "first",
        "float",
        "groupby",
        "int",
        "items",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "reject",
        "rejectattr",
        "reverse",
        "round",
        "select",
        "selectattr",
        "sort",
        "string",
        "sum",
        "title",
        "trim",
        "unique",
        "upper",
    }
)
#: What a template may call on plain values. Others (center, format, strftime, to_bytes) take a
#: width, and with it all the memory there is.
SAFE_ATTRIBUTES: Mapping[type, frozenset[str]] = {
    str: frozenset(
        {"upper", "lower", "title", "capitalize", "strip", "startswith", "endswith", "split"}
    ),
    int: frozenset(),
    float: frozenset({"is_integer"}),
    date: frozenset({"year", "month", "day", "weekday", "isoformat", "hour", "minute", "date"}),
}


class WordingEnvironment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, loader: BaseLoader, *, words: Mapping[str, str], phrases: Phrases) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            # Our finalize has escaped every value by the time Jinja's own escaping sees it;
            # autoescape makes macros and captured blocks come back as markup, escaped once.
            autoescape=True,
            finalize=_in_words(phrases),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.words, self.phrases = words, phrases
        ours = dict(filters())
        # "said" is for words that are put together with others before they are shown.
        in_words = {"join": _join(phrases), "said": phrases.say}
        theirs = {name: self.filters[name] for name in JINJA_FILTERS}
        self.filters: dict[str, Callable[..., Any]] = theirs | ours | in_words
        self.globals = {"range": _bounded_range}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401 -- Jinja's signature
        for kind, allowed in SAFE_ATTRIBUTES.items():
            if isinstance(obj, kind):
                return attr in allowed
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:  # noqa: ANN401 -- Jinja's signature
        """No safe variant of str.format: it takes a width, so it is refused like the others."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 -- Jinja's signature
        if operator == "%" and isinstance(left, str):
            raise SecurityError("`%` on words is not available here; join them with `~`")
        if operator == "**" and not _is_small_power(left, right):
            raise SecurityError("that power is too large")
        if operator == "*" and _repeats(left, right) > MOST_REPEATED:
            raise SecurityError("that repetition is too long")
        return super().call_binop(context, operator, left, right)


def _join(phrases: Phrases) -> Callable[..., object]:
    """Jinja's own, with each part in the reader's words."""

    @pass_eval_context
    def join(context: EvalContext, parts: Iterable[object], between: str = "") -> object:
        told = (phrases.say(part) if is_words(part) else part for part in parts)
        return do_join(context, told, phrases.say(between))

    return join


def _in_words(phrases: Phrases) -> Callable[..., Markup]:
    """Values as the reader's words, made safe to show."""

    @pass_context
    def shown(context: Context, value: object) -> Markup:
        if is_words(value):
            value = phrases.say(value)
            if DASH in value:
                value = with_spans(value, locale_of(context.get("locale")))
        return mrkdwn(value)

    return shown


def _bounded_range(*bounds: int) -> range:
    rounds = range(*bounds)
    if len(rounds) > MOST_ROUNDS:
        raise SecurityError(f"more than {MOST_ROUNDS} rounds")
    return rounds


def _is_small_power(base: object, power: object) -> bool:
    return (
        isinstance(base, int | float)
        and isinstance(power, int | float)
        and abs(power) <= MOST_POWER
        and abs(base) <= MOST_REPEATED
    )


def _repeats(left: object, right: object) -> int:
    for sequence, times in ((left, right), (right, left)):
        if isinstance(sequence, str | list | tuple) and isinstance(times, int):
            return len(sequence) * times
    return 0
