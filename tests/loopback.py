"""Sends what a client means for Salesforce to the sandbox instead."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter


class LoopbackAdapter(HTTPAdapter):
    """To be mounted on ``https://``: simple-salesforce knows no other scheme."""

    def __init__(self, url: str) -> None:
        self._sandbox = urlsplit(url)
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc
        request.url = urlunsplit(
            (self._sandbox.scheme, self._sandbox.netloc, parts.path, parts.query, "")
        )
        return super().send(request, *args, **kwargs)
