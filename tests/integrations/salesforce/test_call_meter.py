"""The org's count of our calls, when answers to several threads overtake each other."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.ports import CallBudget
from integrations.salesforce.transport import CALLS_HEADER, CallMeter, SalesforceTransport
from integrations.sandbox.serving import serve


def test_an_overtaken_answer_does_not_turn_the_count_back_and_a_new_day_does() -> None:
    arrived, overtaken = asyncio.Event(), asyncio.Event()

    def counted(used: int) -> Response:
        return PlainTextResponse("", headers={CALLS_HEADER: f"api-usage={used}/100"})

    async def slow(_request: Request) -> Response:
        arrived.set()
        await overtaken.wait()
        return counted(79)

    async def quick(request: Request) -> Response:
        await arrived.wait()
        return counted(int(request.query_params["used"]))

    async def let_go(_request: Request) -> Response:
        overtaken.set()
        return PlainTextResponse("")

    app = Starlette(routes=[Route("/slow", slow), Route("/quick", quick), Route("/go", let_go)])
    with serve(app) as server, ThreadPoolExecutor(1) as pool:
        meter = CallMeter()
        session = requests.Session()
        transport = SalesforceTransport(
            login_url=server.url,
            stand_in_host=None,
            meter=meter,
            sleep=lambda _: None,
            draw=lambda: 0.5,
        )
        session.mount("http://", transport)
        behind = pool.submit(session.get, f"{server.url}/slow")
        session.get(f"{server.url}/quick?used=80")
        session.get(f"{server.url}/go")
        behind.result()
        assert meter.calls() == CallBudget(used=80, allowed=100)
        session.get(f"{server.url}/quick?used=3")
        assert meter.calls() == CallBudget(used=3, allowed=100)
