"""Programs that others wrote in Python, each in an environment of its own."""

import fcntl
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "python"


def python_client(package: str) -> Path:
    """The folder of the package's programs, beside a ``python``; installed once.

    Raises RuntimeError when it cannot be had.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise RuntimeError(f"needs uv to fetch {package}")
    folder = CACHE / re.sub(r"[^\w.]+", "-", package)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "being-installed").open("w") as turn:
        # Several test processes may want it at once; one installs, the others wait.
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / "installed").exists():
            _run(uv, "venv", "--quiet", "--clear", str(folder / "venv"))
            python = str(folder / "venv" / "bin" / "python")
            _run(uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, package)
            (folder / "installed").touch()
    return folder / "venv" / "bin"


def _run(*words: str) -> None:
    done = subprocess.run(  # noqa: S603 -- the words are constants
        # Elsewhere, for here uv would hold strangers to our own constraints.
        words, capture_output=True, text=True, check=False, cwd=tempfile.gettempdir(),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(words[1:3])} failed: {done.stderr.strip()}")
