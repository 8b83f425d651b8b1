import asyncio
import concurrent.futures
import secrets
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from integrations.sandbox.slack.delivery.events import subscribed_events
from integrations.sandbox.slack.delivery.reply import Parcel, Reply, Verdict
from integrations.sandbox.slack.delivery.signed_http import SignedHttp
from integrations.sandbox.slack.delivery.sockets import SocketHub
from integrations.sandbox.slack.faults import FaultKind
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.state.happenings import Happening
from integrations.sandbox.slack.state.values import Json

Result = TypeVar("Result")


class Deliveries:
    """Brings parcels to the app: down a socket when one is open, else to the request URL.

    ``http_only`` leaves sockets out of it, as an app does that has Socket Mode turned off.
    """

    def __init__(
        self,
        installation: Installation,
        hub: SocketHub,
        *,
        request_url: str | None = None,
        http_only: bool = False,
    ) -> None:
        self.hub = hub
        self.request_url = request_url
        self.http_only = http_only
        self._installation = installation
        self._http = SignedHttp(
            installation.credentials.signing_secret,
            timeout=installation.timings.acknowledgement,
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        installation.workspace.changes.listen(self._tell)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    async def detach(self) -> None:
        """Give up what is still to be redelivered."""
        self._loop = None
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do asynchronous work from another thread and wait for it.

        Raises RuntimeError when the server is not running.
        """
        if self._loop is None:
            work.close()
            raise RuntimeError("the sandbox is not being served")
        done: concurrent.futures.Future[Result] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result()

    def has_listener(self) -> bool:
        return self.request_url is not None or (not self.http_only and self.hub.count() > 0)

    async def deliver(self, parcel: Parcel) -> Reply:
        """One attempt, written to the log."""
        uses_socket = not self.http_only and self.hub.count() > 0
        if uses_socket or self.request_url is None:
            reply = await self.hub.send(parcel)
        else:
            reply = await self._http.send(self.request_url, parcel)
        self._log(parcel, reply, way="socket" if uses_socket else "http")
        return reply

    async def verify(self) -> bool:
        """Slack's handshake with a new request URL."""
        if self.request_url is None:
            return False
        token = self._installation.credentials.verification_token
        challenge = secrets.token_hex(20)
        is_fine = await self._http.verify(self.request_url, token=token, challenge=challenge)
        verdict = "verified" if is_fine else "challenge failed"
        self._installation.log.write("delivery", "url_verification", verdict, is_fine=is_fine)
        return is_fine

    def send_event(self, event: Json) -> None:
        """Deliver an event in the background, again and again while it is not acknowledged."""
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._start, self._parcel(event))

    def _tell(self, happening: Happening) -> None:
        for event in subscribed_events(happening, self._installation):
            self.send_event(event)

    def _start(self, parcel: Parcel) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver_until_acknowledged(parcel))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver_until_acknowledged(self, parcel: Parcel) -> None:
        reply = await self.deliver(parcel)
        twice = self._installation.faults.take(FaultKind.REDELIVERY) is not None
        for attempt, wait in enumerate(self._installation.timings.redeliveries, start=1):
            if (reply.is_acknowledged and not twice) or reply.is_final:
                return
            reason = Verdict.TIMEOUT if reply.is_acknowledged else reply.verdict
            twice = False
            await asyncio.sleep(wait)
            if reason is Verdict.NOBODY_LISTENS:
                reason = Verdict.CONNECTION_FAILED
            reply = await self.deliver(replace(parcel, attempt=attempt, reason=str(reason)))

    def _parcel(self, event: Json) -> Parcel:
        workspace = self._installation.workspace
        payload: Json = {
            "token": self._installation.credentials.verification_token,
            "team_id": workspace.team.id,
            "context_team_id": workspace.team.id,
            "context_enterprise_id": None,
            "api_app_id": workspace.bot.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.ids.mint("Ev"),
            "event_time": int(workspace.clock.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team.id,
                    "user_id": workspace.bot.user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_hex(12)}",
        }
        subtype = f" ({event['subtype']})" if event.get("subtype") else ""
        return Parcel(kind="events_api", name=f"event {event['type']}{subtype}", payload=payload)

    def _log(self, parcel: Parcel, reply: Reply, *, way: str) -> None:
        detail: Json = {"by": way}
        if parcel.attempt:
            detail |= {"attempt": parcel.attempt, "reason": parcel.reason}
        if parcel.kind == "events_api":
            detail["event_id"] = parcel.payload["event_id"]
        if reply.body:
            detail["answer"] = sorted(reply.body)
        self._installation.log.write(
            "delivery",
            parcel.name,
            str(reply.verdict),
            is_fine=reply.is_acknowledged,
            detail=detail,
        )
        self._installation.workspace.changes.touch()
