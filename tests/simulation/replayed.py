"""Half a year of ``pacesetter replay`` over a made-up organisation, held against its truths."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.simulation.export import rep_id, write_organisation
from tests.simulation.generator import MadeUpOrganisation
from tests.simulation.scorer import MONDAY

ROOT = Path(__file__).parents[2]
Line = dict[str, str | None]
#: The catalogue's name of each made-up metric, and what is counted from the same records.
FOLLOWS = {
    "calls_completed": 0,
    "conversations": 0,
    "activities_completed": 0,
    "meetings_held": 1,
    "opportunities_created": 2,
    "pipeline_created_amount": 2,
    "won_count": 2,
    "win_rate_count": 2,
}


@dataclass(frozen=True, kw_only=True)
class Replayed:
    made_up: MadeUpOrganisation
    first: date
    last: date
    lines: Sequence[Line]

    @property
    def weeks(self) -> float:
        return ((self.last - self.first).days + 1) / 7

    def warnings(self, rep: int | None = None) -> list[Line]:
        """Warnings that would have reached a person."""
        return [
            line
            for line in self.lines
            if line["kind"] == "nudge"
            and line["valence"] == "warning"
            and line["verdict"] in {"send", "defer"}
            and (rep is None or line["to"] == rep_id(rep))
        ]

    @property
    def fine_reps(self) -> list[int]:
        struggling = {struggle.rep for struggle in self.made_up.struggles}
        return [rep for rep in range(self.made_up.counts.shape[1]) if rep not in struggling]

    def false_warnings(self) -> float:
        """A rep and half-year, among reps with whom nothing is wrong."""
        fine = self.fine_reps
        return sum(len(self.warnings(rep)) for rep in fine) / len(fine) * 26 / self.weeks

    def was_found(self, at: int, *, within: int = 8, kinds: frozenset[str]) -> bool:
        """Whether a planted struggle that began in the replay was noticed, and in its metric."""
        struggle = self.made_up.struggles[at]
        begins = MONDAY + timedelta(weeks=struggle.first)
        until = min(begins + timedelta(weeks=within + 1), self.last)
        return any(
            line["kind"] in kinds
            and line["valence"] == "warning"
            and line["about"] == rep_id(struggle.rep)
            and FOLLOWS.get(line["metric"] or "") == struggle.metric
            and begins < date.fromisoformat(line["day"] or "") <= until
            for line in self.lines
        )


def replayed(
    made_up: MadeUpOrganisation, folder: Path, *, seed: int, weeks: int = 26, untidy: float = 0.0
) -> Replayed:
    """The last ``weeks`` of the organisation; what came before is history to learn from."""
    export = folder / "export"
    export.mkdir(parents=True)
    write_organisation(made_up, export, seed=seed, untidy=untidy)
    end = MONDAY + timedelta(weeks=made_up.counts.shape[2])
    first, last = end - timedelta(weeks=weeks), end - timedelta(days=1)
    _pacesetter(folder, "import", str(export))
    days = ("--from", first.isoformat(), "--to", last.isoformat())
    output = _pacesetter(folder, "replay", *days, "--signals", "--format", "jsonl")
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return Replayed(made_up=made_up, first=first, last=last, lines=lines)


def _pacesetter(folder: Path, *words: str) -> str:
    address = f"sqlite:///{folder / 'mirror.sqlite3'}"
    result = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise RuntimeError(f"pacesetter {words[0]}: {result.stderr[-2000:]}")
    return result.stdout
