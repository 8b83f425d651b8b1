"""An example of what each template is given: for previews, tests and whoever writes a wording.

Those of nudges come from their rules; the others lie in ``examples/``, at the template's path.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from bot.coaching.rule import load_manager_rules, load_rules
from bot.documents import load_document, raise_problems
from bot.domain.chart import Chart
from bot.render.charts.draw import KINDS
from bot.render.environment import OURS

EXAMPLES = Path(__file__).parent / "examples"
#: A mapping with this key is a chart of that kind.
CHART = "chart"
#: The example of another template, from which this one differs by its own keys.
LIKE = "like"
CHARTS = {kind.__name__: kind for kind in KINDS}
#: Whoever reads the previews.
READER: Mapping[str, object] = {"locale": "en_US", "zone": "America/New_York"}


def templates() -> list[str]:
    """Every template that is a message or a view; a name with an underscore is a part of some."""
    found = (path.relative_to(OURS) for path in OURS.rglob("*.j2") if path.name[0] != "_")
    return sorted(path.as_posix() for path in found)


def example_of(template: str, *, locale: str | None = None) -> Mapping[str, object]:
    """Raises ConfigError for an example that is missing or cannot be read."""
    reader = {**READER, **({"locale": locale} if locale else {})}
    view = _view_of_nudge(template)
    if view is not None:
        return {**view, "nudge": "17", **reader}
    return {**_read(template.removesuffix(".j2")), **reader}


def _view_of_nudge(template: str) -> Mapping[str, object] | None:
    for rule in load_rules().values():
        if rule.template == template:
            return next(rule.notice(rule.example)).view
    for manager_rule in load_manager_rules().values():
        if manager_rule.template == template:
            return next(manager_rule.notice(manager_rule.example)).view
    return None


def _read(key: str) -> Mapping[str, object]:
    document = load_document(EXAMPLES / f"{key}.yaml", name=f"examples/{key}.yaml")
    raise_problems(document.problems)
    view = _plain(document.content)
    if not isinstance(view, Mapping):
        return {}
    alike = _read(str(view[LIKE])) if LIKE in view else {}
    return {**alike, **{name: value for name, value in view.items() if name != LIKE}}


def _plain(node: object) -> object:
    """YAML's values, with charts in place of what describes them."""
    if isinstance(node, dict):
        values = {key: _plain(value) for key, value in node.items()}
        return _chart(values) if CHART in values else values
    return [_plain(value) for value in node] if isinstance(node, list) else node


def _chart(described: Mapping[str, object]) -> Chart:
    shape: TypeAdapter[Chart] = TypeAdapter(CHARTS[str(described[CHART])])
    return shape.validate_python({k: v for k, v in described.items() if k != CHART})
