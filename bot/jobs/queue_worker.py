"""Procrastinate's worker in an event loop of its own, with the rescue of orders left behind."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as Order

log = structlog.get_logger()

QUEUE = "pacesetter"
WORK_OFF = "work_off_firing"
SECONDS_BETWEEN_BEATS = 2.0
#: A worker that has not beaten for so long is dead, and its orders go back into the queue.
SECONDS_OF_PATIENCE = 6.0
#: Notifications are quicker; this is for those that were lost.
SECONDS_BETWEEN_LOOKS = 2.0
SECONDS_BEFORE_RESTART = 2.0
#: Of two rescuers the slower must not put back an order that is under way again already.
RESCUE_ALONE = "SELECT pg_advisory_xact_lock(hashtext('pacesetter queue rescue'))"

#: Works a firing off, given its number; says after how long it wants to be asked again, if at all.
WorkOff = Callable[[int], timedelta | None]


class _AskAgain(Exception):
    def __init__(self, after: timedelta) -> None:
        super().__init__(f"ask again after {after}")
        self.after = after


class _AsTheAttemptSays(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Order) -> RetryDecision | None:
        _ = job
        if isinstance(exception, _AskAgain):
            return RetryDecision(retry_in={"seconds": round(exception.after.total_seconds())})
        return None


async def serve(address: str, work_off: WorkOff, *, lanes: int, stopping: asyncio.Event) -> None:
    """Work off orders until ``stopping``, then finish those under way.

    The worker gives up when it loses the database; it is started anew until it gets it back.
    """
    while not stopping.is_set():
        try:
            connector = PsycopgConnector(conninfo=address, min_size=1, max_size=6)
            await _serve_once(_app(connector, work_off), connector, lanes, stopping)
        except Exception:  # whatever is wrong with the database, it may be back in a moment
            log.exception("engine.queue_lost")
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), SECONDS_BEFORE_RESTART)


def _app(connector: PsycopgConnector, work_off: WorkOff) -> App:
    app = App(connector=connector)

    @app.task(name=WORK_OFF, queue=QUEUE, retry=_AsTheAttemptSays())
    async def work_off_firing(*, firing: int) -> None:
        again_after = await _in_thread(lambda: work_off(firing))
        if again_after is not None:
            raise _AskAgain(again_after)

    return app


async def _serve_once(
    app: App, connector: PsycopgConnector, lanes: int, stopping: asyncio.Event
) -> None:
    try:
        await app.open_async()
        worker = app.run_worker_async(
            queues=[QUEUE],
            concurrency=lanes,
            fetch_job_polling_interval=SECONDS_BETWEEN_LOOKS,
            update_heartbeat_interval=SECONDS_BETWEEN_BEATS,
            stalled_worker_timeout=SECONDS_OF_PATIENCE,
            install_signal_handlers=False,
            delete_jobs="always",
        )
        running = [
            asyncio.create_task(each) for each in (worker, _rescue(app, connector), stopping.wait())
        ]
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for each in running:
            each.cancel()  # the worker takes this as a request to finish what it has begun
        for result in await asyncio.gather(*running, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
    finally:
        await app.close_async()


async def _rescue(app: App, connector: PsycopgConnector) -> None:
    """Put the orders of dead workers back into the queue, for ever."""
    while True:
        async with connector.pool.connection() as alone:
            await alone.execute(RESCUE_ALONE)
            stalled = await app.job_manager.get_stalled_jobs(
                queue=QUEUE, seconds_since_heartbeat=SECONDS_OF_PATIENCE
            )
            for order in stalled:
                log.warning("engine.rescued", order=order.id)
                await app.job_manager.retry_job(order)
        await asyncio.sleep(SECONDS_BETWEEN_BEATS)


async def _in_thread(work: Callable[[], timedelta | None]) -> timedelta | None:
    """The result of ``work``, done in a thread that dies with the process.

    A thread of the loop's own pool would keep the process alive for as long as a job hangs.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[timedelta | None] = loop.create_future()

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - raised again where it is awaited
            loop.call_soon_threadsafe(done.set_exception, error)
        else:
            loop.call_soon_threadsafe(done.set_result, result)

    Thread(target=run, name="job", daemon=True).start()
    return await done
