"""What goes to one worker as a whole: a file, or several whose tests share what is slow to make."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

#: All of a folder reads the same few organisations, each made once.
TOGETHER = ("tests/sandbox/org/",)


def share_of(nodeid: str) -> str:
    file = nodeid.split("::", 1)[0]
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)


class Shares(LoadScopeScheduling):  # type: ignore[misc]  # xdist's own scheduler by file does it so
    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)
