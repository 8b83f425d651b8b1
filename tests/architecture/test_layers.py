"""The contracts of pyproject.toml forget nobody. (`lint-imports` holds the code to them.)"""

import tomllib

from tests.architecture.tree import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]


def contract(name: str) -> dict[str, list[str]]:
    [found] = [each for each in CONTRACTS if each["name"] == name]
    return found  # type: ignore[no-any-return]  # what tomllib read


def layers() -> list[set[str]]:
    """The outermost first."""
    return [
        {module.strip() for module in layer.split("|")}
        for layer in contract("Dependencies point inwards")["layers"]
    ]


def modules_of_bot() -> set[str]:
    return {
        f"bot.{path.stem}"
        for path in (ROOT / "bot").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
    }


def test_every_part_of_bot_has_its_layer() -> None:
    assert modules_of_bot() | {"integrations"} == set().union(*layers())


def test_of_what_lies_below_them_integrations_may_use_ports_and_domain_alone() -> None:
    [depth] = [n for n, layer in enumerate(layers()) if "integrations" in layer]
    below = set().union(*layers()[depth + 1 :])
    forbidden = contract("Integrations speak only in the words of the domain")["forbidden_modules"]
    assert below - set(forbidden) == {"bot.ports", "bot.domain", "bot.log"}
