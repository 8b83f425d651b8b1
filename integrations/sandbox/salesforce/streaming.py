"""The Streaming API, of which nobody may use anything here: it says so in the words of CometD."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

DENIED = "403:denied_by_security_policy:create_denied"


async def refuse(request: Request) -> Response:
    """Each message gets its answer, and the advice not to try again."""
    try:
        asked = json.loads(await request.body())
    except ValueError:
        asked = []
    messages = asked if isinstance(asked, list) else [asked]
    return JSONResponse(
        [
            {
                "channel": each.get("channel", "/meta/handshake"),
                "id": each.get("id"),
                "successful": False,
                "error": DENIED,
                "advice": {"reconnect": "none", "interval": 0},
            }
            for each in messages
            if isinstance(each, dict)
        ]
    )
