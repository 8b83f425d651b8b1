"""The parts of the documentation that are made from the program.

A part stands between two marks, ``<!-- made: name -->`` and ``<!-- end -->``. ``make update``
(``python -m tests.architecture.generated --update``) writes them anew; a test compares.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.architecture import catalogues, schemas
from tests.architecture.tree import ROOT
from tests.simulation import comparison, halved

END = "<!-- end -->"
PARTS: Mapping[str, Callable[[], str]] = {
    "commands": catalogues.commands,
    "slash commands": catalogues.slash_commands,
    "metrics": catalogues.metrics,
    "nudges": catalogues.nudges,
    "layers": catalogues.layers,
    "pay checks": catalogues.pay_checks,
    "pay settings": schemas.pay_settings,
    "person pay": schemas.person_pay,
    "plan fields": schemas.plan_fields,
    "objective fields": schemas.objective_fields,
    "metric fields": schemas.metric_fields,
    "role fields": schemas.role_fields,
    "scorecard fields": schemas.scorecard_fields,
    "programme fields": schemas.programme_fields,
    "fact tables": schemas.fact_tables,
    "falls": comparison.table,
    "halved": halved.table,
    "smallest drops": comparison.smallest_drops,
    "definitions": schemas.definitions,
    "salesforce settings": schemas.salesforce_settings,
}


class UnknownPart(Exception):
    """A mark names a part that nobody makes, or has no end."""


def documents() -> list[Path]:
    return [
        ROOT / "README.md",
        ROOT / "playbooks" / "README.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]


def filled(text: str) -> str:
    """The same text with every part made anew."""
    before, *rest = text.split("<!-- made: ")
    pieces = [before]
    for piece in rest:
        name, _, following = piece.partition(" -->\n")
        _, end, after = following.partition(END)
        if name not in PARTS or not end:
            raise UnknownPart(name)
        pieces.append(f"<!-- made: {name} -->\n\n{PARTS[name]()}\n\n{END}{after}")
    return "".join(pieces)


def main() -> None:
    for path in documents():
        text = path.read_text(encoding="utf-8")
        if (new := filled(text)) != text:
            if "--update" in sys.argv:
                path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)} is not what the program says\n")


if __name__ == "__main__":
    main()
