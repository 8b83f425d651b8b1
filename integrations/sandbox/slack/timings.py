from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """How long Slack waits. Seconds of real time, save for response addresses.

    A response address lives in sandbox time, so that winding the clock ends it.
    """

    acknowledgement: float = 3.0
    trigger: float = 3.0
    response_url: float = 1800.0
    #: Waits before each redelivery of an event that was not acknowledged.
    redeliveries: tuple[float, ...] = (0.0, 60.0, 300.0)
    #: From ``disconnect`` to the closing of the socket.
    disconnect_grace: float = 2.0


RESPONSE_URL_USES = 5
