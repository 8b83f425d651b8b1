import secrets
from dataclasses import replace
from datetime import datetime

from integrations.sandbox.slack.state.values import StoredFile

#: What an image block may show.
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}


class FileShelf:
    """Files on their way in (by upload ticket) and those that have arrived (by id)."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._tickets: dict[str, str] = {}

    def expect(
        self, file_id: str, *, name: str, length: int, alt_text: str, by: str, at: datetime
    ) -> str:
        """Reserve a place and return the ticket that the upload address carries."""
        self._by_id[file_id] = StoredFile(
            id=file_id,
            name=name,
            title=name,
            length=length,
            alt_text=alt_text,
            uploaded_by=by,
            created=at,
        )
        ticket = secrets.token_urlsafe(18)
        self._tickets[ticket] = file_id
        return ticket

    def receive(self, ticket: str, content: bytes) -> StoredFile | None:
        """Keep the bytes; None when the ticket is unknown or the length is not the announced."""
        file = self._by_id.get(self._tickets.get(ticket, ""))
        if file is None or len(content) != file.length:
            return None
        return self._put(replace(file, content=content))

    def complete(self, file_id: str, *, title: str | None, channels: tuple[str, ...]) -> StoredFile:
        file = self._by_id[file_id]
        return self._put(
            replace(
                file,
                title=title or file.title,
                is_complete=True,
                channels=(*file.channels, *channels),
            )
        )

    def delete(self, file_id: str) -> StoredFile:
        """The bytes are gone; that there was a file stays known."""
        return self._put(replace(self._by_id[file_id], content=None, is_deleted=True))

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def _put(self, file: StoredFile) -> StoredFile:
        self._by_id[file.id] = file
        return file
