"""requirements.lock, the constraints and the declared dependencies agree; no registry is asked."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
HINT = "run `make update`"


def declared() -> list[Requirement]:
    return [Requirement(text) for text in SETTINGS["project"]["dependencies"]]


def pins(lines: Iterable[str]) -> dict[str, Requirement]:
    """Name → its pin for the Python that runs this test."""
    found = map(Requirement, lines)
    return {canonicalize_name(each.name): each for each in found if _applies(each)}


def locked() -> dict[str, Requirement]:
    return pins(re.findall(r"^([a-z0-9].*?) \\$", LOCK, re.MULTILINE))


def constraints() -> dict[str, Requirement]:
    return pins(SETTINGS["tool"]["uv"]["constraint-dependencies"])


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate()


def _version(pin: Requirement) -> str:
    [only] = pin.specifier
    assert only.operator == "=="
    return only.version


def closure(wanted: Iterable[Requirement]) -> Iterator[str]:
    """Every package that comes along, as the installed packages themselves say."""
    seen: set[tuple[str, str]] = set()
    waiting = list(wanted)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            needed = map(Requirement, requires(name) or ())
            waiting += [
                each
                for each in needed
                if each.marker is None or each.marker.evaluate({"extra": extra})
            ]
    yield from {name for name, _ in seen}


def test_every_dependency_is_pinned_to_a_version_that_it_allows() -> None:
    pinned = locked()
    wrong = [
        str(each)
        for each in declared()
        if not each.specifier.contains(_version(pinned[canonicalize_name(each.name)]))
    ]
    assert wrong == [], HINT


def test_whatever_comes_along_is_pinned_and_nothing_else_is() -> None:
    assert set(locked()) == set(closure(declared())), HINT


def test_uv_installs_the_versions_of_the_lock() -> None:
    known = constraints()
    assert {name: _version(pin) for name, pin in locked().items()} == {
        name: _version(known[name]) for name in locked()
    }, HINT


def test_every_tool_of_the_developers_is_pinned_too() -> None:
    tools = map(Requirement, SETTINGS["dependency-groups"]["dev"])
    assert {canonicalize_name(each.name) for each in tools} <= set(constraints()), HINT


def test_every_pin_has_a_hash_and_no_index_is_named() -> None:
    assert all("--hash=sha256:" in pin for pin in re.split(r"\n(?=[a-z0-9])", LOCK)[1:])
    assert "://" not in LOCK
    assert "--index" not in LOCK
