"""The pins: requirements.lock, with hashes, for those who run the program; and the same versions as
constraints in pyproject.toml, so that `uv run` installs them everywhere.

uv's own lock file names the registry of the machine it was made on, so it is not committed.

    python -m tests.architecture.lock --update     keep what is pinned, add and drop what changed
    python -m tests.architecture.lock --upgrade    take the newest of everything
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.architecture.tree import ROOT

SETTINGS = ROOT / "pyproject.toml"
LOCK = ROOT / "requirements.lock"
CONSTRAINTS = re.compile(r"constraint-dependencies = \[.*?\n\]\n", re.DOTALL)
HEADER = """\
# Everything that Pacesetter needs to run, pinned with hashes. Made by `make update`.
#
#     pip install --require-hashes --requirement requirements.lock
#
"""
EXPORT = ("export", "--frozen", "--no-emit-project", "--no-header", "--no-annotate", "--quiet")


def main() -> None:
    settings = SETTINGS.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copy(ROOT / "README.md", folder)
        start = CONSTRAINTS.sub("", settings) if "--upgrade" in sys.argv else settings
        (folder / "pyproject.toml").write_text(start, encoding="utf-8")
        _uv(folder, "lock", "--quiet")
        pinned = _uv(folder, *EXPORT, "--no-dev")
        everything = _uv(folder, *EXPORT, "--all-groups", "--no-hashes").splitlines()
    lines = "".join(f'    "{line.replace(chr(34), chr(39))}",\n' for line in everything)
    LOCK.write_text(HEADER + pinned, encoding="utf-8")
    SETTINGS.write_text(
        CONSTRAINTS.sub(lambda _: f"constraint-dependencies = [\n{lines}]\n", settings),
        encoding="utf-8",
    )


def _uv(folder: Path, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 - the uv that this very program was started with
        ["uv", *words],  # noqa: S607 - wherever pip has put it
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    main()
