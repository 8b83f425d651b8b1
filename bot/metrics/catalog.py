"""Every metric: one file each in ``playbooks/metrics``, found by looking, nothing to register."""

from collections.abc import Mapping
from pathlib import Path

from bot.documents import did_you_mean, load_document
from bot.domain.errors import ConfigError, Problem
from bot.domain.ids import MetricKey
from bot.metrics.definition import Definition, read_definition


def load_metrics(folder: Path) -> Mapping[MetricKey, Definition]:
    """Every definition by key, alphabetically. Raises ConfigError with all problems at once."""
    found: dict[MetricKey, Definition] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        key = MetricKey(path.stem)
        try:
            document = load_document(path, name=f"{folder.parent.name}/{folder.name}/{path.name}")
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        definition = read_definition(document, key=key)
        problems.extend(document.problems)
        if definition is not None:
            found[key] = definition
    problems.extend(_unknown_guards(found, folder))
    if not found and not problems:
        problems.append(Problem(file=str(folder), message="there is no metric file here"))
    if problems:
        raise ConfigError(problems)
    return found


def _unknown_guards(found: Mapping[MetricKey, Definition], folder: Path) -> list[Problem]:
    return [
        Problem(
            file=f"{folder.parent.name}/{folder.name}/{key}.yaml",
            message=f"no metric called '{definition.metric.guard}'",
            hint=did_you_mean(str(definition.metric.guard), found),
        )
        for key, definition in found.items()
        if definition.metric.guard and definition.metric.guard not in found
    ]
