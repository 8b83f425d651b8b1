"""Run alone, with nothing in the environment: imports every module, and fails when one of ours
does anything on import but define things.
"""

import importlib
import pkgutil
import sys
import sysconfig
import threading
from types import FrameType

ROOTS = sys.argv[1:]
STANDARD = sysconfig.get_path("stdlib")
SITE = sysconfig.get_path("purelib")
OPENING = ("socket.", "sqlite3.", "subprocess.", "os.mkdir", "os.remove", "os.rename", "shutil.")
WRITING = frozenset("wax+")


def main() -> None:
    sys.addaudithook(_watch)
    for root in ROOTS:
        package = importlib.import_module(root)
        for found in pkgutil.walk_packages(package.__path__, f"{root}."):
            importlib.import_module(found.name)
    if threading.active_count() > 1:
        raise RuntimeError(f"threads were started: {threading.enumerate()}")


def _watch(event: str, details: tuple[object, ...]) -> None:
    is_writing = event == "open" and bool(WRITING & set(str(details[1])))
    if (is_writing or event.startswith(OPENING)) and _is_ours(sys._getframe(1)):
        raise RuntimeError(f"{event} {details} on import")


def _is_ours(frame: FrameType | None) -> bool:
    """Whether the code at work is ours: what a library does when it is loaded is its own affair."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(SITE):
            return False
        if not file.startswith((STANDARD, "<")) and file != __file__:
            return True
        frame = frame.f_back
    return False


if __name__ == "__main__":
    main()
