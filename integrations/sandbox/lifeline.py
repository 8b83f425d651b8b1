"""A process that must not outlive the one that started it."""

import os
import sys
import threading

#: How long the orphan may take to close its doors before it is ended where it stands.
LAST_WORDS_SECONDS = 15.0


def end_with_parent(is_over: threading.Event) -> None:
    """Set ``is_over`` once standard input ends, and leave soon after whatever is under way.

    A parent that keeps the other end of that pipe needs to do nothing for it: the system closes
    the pipe even when the parent is killed.
    """

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        is_over.set()
        # A wait of its own: the event is set by now, and would not make anybody wait.
        threading.Event().wait(LAST_WORDS_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
