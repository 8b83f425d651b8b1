"""Every metric: one file each in ``playbooks/metrics``, found by looking, nothing to register."""

from collections.abc import Mapping
from pathlib import Path

from bot.documents import did_you_mean, load_document, places_at
from bot.domain.errors import ConfigError, Problem
from bot.domain.ids import MetricKey
from bot.metrics.definition import Definition, read_definition


def load_metrics(folder: Path) -> Mapping[MetricKey, Definition]:
    """Every definition by key, alphabetically. Raises ConfigError with all problems at once."""
    found: dict[MetricKey, Definition] = {}
    problems: list[Problem] = []
    paths = sorted(folder.glob("*.yaml"))
    known = {path.stem for path in paths}
    for path in paths:
        key = MetricKey(path.stem)
        try:
            document = load_document(path, name=f"{folder.parent.name}/{folder.name}/{path.name}")
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        definition = read_definition(document, key=key)
        for place, guard in places_at(document, "guard"):
            if isinstance(guard, str) and guard not in known:
                hint = did_you_mean(guard, known)
                document.complain(place, f"no metric called '{guard}'", hint=hint)
            elif guard == key:
                document.complain(
                    place, "a metric cannot guard itself", hint="name one that gaming it would hurt"
                )
        problems.extend(document.problems)
        if definition is not None:
            found[key] = definition
    if not found and not problems:
        problems.append(Problem(file=str(folder), message="there is no metric file here"))
    if problems:
        raise ConfigError(problems)
    return found
