"""Socket Mode: the links an app has open, and parcels sent down them in turn."""

import asyncio
import contextlib
import json
import uuid
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from integrations.sandbox.slack.connection import reset
from integrations.sandbox.slack.delivery.reply import Parcel, Reply, Verdict
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.state.values import Json

MOST_LINKS = 10
#: What Slack announces; links here live as long as they like.
ANNOUNCED_SECONDS = 18_060
REFUSED = 4_401
#: What Starlette raises when sending on a socket that has closed, or is just closing.
CLOSED = (WebSocketDisconnect, RuntimeError)


@dataclass(slots=True, kw_only=True, eq=False)
class Link:
    websocket: WebSocket
    #: Acknowledgements awaited on this link, by envelope id.
    awaited: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    is_leaving: bool = False


class LinkLost(Exception):
    """The link went away before it acknowledged."""


class SocketHub:
    """Touched from the server's event loop only."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._links: list[Link] = []
        self._turn = 0

    def count(self) -> int:
        return sum(1 for link in self._links if not link.is_leaving)

    async def serve(self, websocket: WebSocket) -> None:
        """One link from opening to end; an app over its ten is told so and shown out."""
        if not self._installation.tickets.redeem(websocket.query_params.get("ticket", "")):
            await websocket.close(REFUSED)
            return
        await websocket.accept()
        if self.count() >= MOST_LINKS:
            await websocket.send_json(_disconnect("too_many_websockets"))
            await websocket.close()
            return
        link = Link(websocket=websocket)
        self._links.append(link)
        self._note("link opened")
        try:
            await websocket.send_json(self._hello())
            await self._listen(link)
        except WebSocketDisconnect:
            pass
        finally:
            self._forget(link)

    async def send(self, parcel: Parcel) -> Reply:
        """Send down the next link in turn and wait for the acknowledgement."""
        link = self._next_link()
        if link is None:
            return Reply(verdict=Verdict.NOBODY_LISTENS)
        envelope_id = str(uuid.uuid4())
        awaited = asyncio.get_running_loop().create_future()
        link.awaited[envelope_id] = awaited
        try:
            await link.websocket.send_json(_envelope(parcel, envelope_id))
            body = await asyncio.wait_for(awaited, self._installation.timings.acknowledgement)
        except TimeoutError:
            return Reply(verdict=Verdict.TIMEOUT)
        except (LinkLost, *CLOSED):
            return Reply(verdict=Verdict.CONNECTION_FAILED)
        finally:
            link.awaited.pop(envelope_id, None)
        return Reply(verdict=Verdict.ACKNOWLEDGED, body=body)

    async def disconnect(self, reason: str) -> None:
        """Ask every link to go, as before a restart of Slack's; close them after the grace.

        ``reason`` is "warning", "refresh_requested" or "link_disabled".
        """
        leaving = [link for link in self._links if not link.is_leaving]
        for link in leaving:
            with contextlib.suppress(*CLOSED):
                await link.websocket.send_json(_disconnect(reason))
            # A warning leaves the link in use; the app has the grace to open another.
            link.is_leaving = reason != "warning"
        self._note(f"disconnect: {reason}")
        await asyncio.sleep(self._installation.timings.disconnect_grace)
        for link in leaving:
            if link in self._links:
                self._forget(link)
                with contextlib.suppress(*CLOSED):
                    await link.websocket.close()

    async def break_links(self) -> None:
        """Reset the TCP connection of every link, so that the app hears nothing of the end."""
        for link in list(self._links):
            reset(link.websocket.scope)
            self._forget(link)

    async def _listen(self, link: Link) -> None:
        while True:
            text = await link.websocket.receive_text()
            try:
                message = json.loads(text)
            except ValueError:
                continue
            if not isinstance(message, dict):
                continue
            awaited = link.awaited.get(str(message.get("envelope_id")))
            if awaited is not None and not awaited.done():
                payload = message.get("payload")
                awaited.set_result({"text": payload} if isinstance(payload, str) else payload)

    def _next_link(self) -> Link | None:
        usable = [link for link in self._links if not link.is_leaving]
        if not usable:
            # A link that was asked to go still carries what nobody else can.
            usable = self._links
        if not usable:
            return None
        self._turn += 1
        return usable[self._turn % len(usable)]

    def _forget(self, link: Link) -> None:
        if link in self._links:
            self._links.remove(link)
            self._note("link closed")
        for awaited in link.awaited.values():
            if not awaited.done():
                awaited.set_exception(LinkLost())

    def _note(self, what: str) -> None:
        self._installation.log.write(
            "delivery", "socket", what, is_fine=True, detail={"open links": len(self._links)}
        )
        self._installation.workspace.changes.touch()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count(),
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": ANNOUNCED_SECONDS,
            },
            "connection_info": {"app_id": self._installation.workspace.bot.app_id},
        }


def _envelope(parcel: Parcel, envelope_id: str) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": parcel.kind,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.accepts_response,
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return envelope


def _disconnect(reason: str) -> Json:
    return {
        "type": "disconnect",
        "reason": reason,
        "debug_info": {"host": "applink-sandbox"},
    }
