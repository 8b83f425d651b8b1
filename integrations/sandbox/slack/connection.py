"""The TCP connection below a request, which ASGI hides: needed to break it, and to see it end.

Reaches through the ``send`` that uvicorn handed out; elsewhere nothing is found and nothing done.
"""

import asyncio
import socket
import struct

from starlette.types import Scope, Send

#: Under this key the app keeps uvicorn's own ``send`` in the scope, below all middleware.
RAW_SEND = "sandbox.raw_send"


def hang_up(scope: Scope) -> bool:
    """Close the connection without a word; False when there is none to be found."""
    transport = _transport(scope)
    if transport is None:
        return False
    transport.abort()
    return True


def reset(scope: Scope) -> bool:
    """Close the connection with a TCP reset instead of an orderly end."""
    transport = _transport(scope)
    if transport is None:
        return False
    plug = transport.get_extra_info("socket")
    if plug is not None:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    return True


def is_server_stopping(scope: Scope) -> bool:
    """Whether uvicorn has asked this connection to end with the present reply."""
    cycle = getattr(scope.get(RAW_SEND), "__self__", None)
    return getattr(cycle, "keep_alive", True) is False


def _transport(scope: Scope) -> asyncio.Transport | None:
    send: Send | None = scope.get(RAW_SEND)
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return transport if isinstance(transport, asyncio.Transport) else None
