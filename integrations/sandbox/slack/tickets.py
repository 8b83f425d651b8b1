import secrets
import threading


class Tickets:
    """One-time leave to open a socket, as ``apps.connections.open`` gives it."""

    def __init__(self) -> None:
        self._open: set[str] = set()
        self._lock = threading.Lock()

    def issue(self) -> str:
        ticket = secrets.token_hex(16)
        with self._lock:
            self._open.add(ticket)
        return ticket

    def redeem(self, ticket: str) -> bool:
        with self._lock:
            if ticket not in self._open:
                return False
            self._open.remove(ticket)
            return True
