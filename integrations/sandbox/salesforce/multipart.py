"""Bodies of several parts: a document in JSON, and a file."""

from email import message_from_bytes

from integrations.sandbox.salesforce.errors import json_error
from integrations.sandbox.salesforce.wire import Call


def is_multipart(call: Call) -> bool:
    return call.headers.get("content-type", "").lower().startswith("multipart/form-data")


def parts(call: Call) -> dict[str, bytes]:
    """The parts' contents by name, in their order. Raises ApiError."""
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + call.body)
    found: dict[str, bytes] = {}
    for part in message.walk() if message.is_multipart() else []:
        if part is message:
            continue
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise json_error("Multipart message with a part that has no name")
        found[name] = content
    if not found:
        raise json_error("Multipart message without parts")
    return found
