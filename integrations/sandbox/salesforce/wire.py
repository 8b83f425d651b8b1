"""Requests and replies, free of any web framework, so that composite calls can nest them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from integrations.sandbox.salesforce.errors import ApiError, json_error
from integrations.sandbox.salesforce.sessions import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request; ``headers`` have lower-case names, ``version`` is like ``61.0``."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: The server's own address, like ``http://127.0.0.1:8080``.
    server_url: str = ""
    session: Session | None = None
    version: str = ""

    @property
    def base(self) -> str:
        return f"/services/data/v{self.version}"

    def json(self) -> Any:  # noqa: ANN401 -- whatever the client sent
        """The parsed body. Raises ApiError."""
        try:
            return json.loads(self.body or b"null")
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise json_error(f"Unexpected character at {error}") from None

    def json_object(self) -> dict[str, Any]:
        """The body as an object. Raises ApiError."""
        parsed = self.json()
        if not isinstance(parsed, dict):
            raise json_error("Unexpected end-of-input: expected an object at [line:1, column:1]")
        return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """``body`` is sent as JSON; ``content`` as it is; neither means no content."""

    status: int = 200
    body: Any = None
    content: bytes | None = None
    media_type: str = "application/json;charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    #: For the request log: the error's code, or the fault that was played.
    verdict: str = "ok"

    @classmethod
    def refusal(cls, error: ApiError) -> Self:
        headers = {"WWW-Authenticate": "Token"} if error.status == 401 else {}  # noqa: PLR2004 -- HTTP
        return cls(status=error.status, body=error.body(), headers=headers, verdict=error.code)

    @classmethod
    def html(cls, status: int, text: str, *, verdict: str) -> Self:
        return cls(
            status=status, content=text.encode(), media_type="text/html;charset=UTF-8",
            verdict=verdict,
        )  # fmt: skip

    @classmethod
    def xml(cls, status: int, text: str, *, verdict: str = "ok") -> Self:
        return cls(
            status=status, content=text.encode(), media_type="text/xml;charset=utf-8",
            verdict=verdict,
        )  # fmt: skip

    def encoded(self) -> bytes:
        if self.content is not None:
            return self.content
        if self.body is None:
            return b""
        return json.dumps(self.body, separators=(",", ":"), ensure_ascii=False).encode()
