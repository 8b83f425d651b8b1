"""How long people wait while fifty of them ask at once, and what a Monday's messages cost.

``uv run python -m tests.bench.commands`` prints the table of docs/why/speed.md. The bot answers in
a process of its own; Slack is played by this one, which notes when what arrives.
"""

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.flows.coach import render_nudge
from bot.flows.digest import digest
from bot.storage.database import transaction
from bot.storage.people import SlackMatchRow
from integrations.sandbox.serving import serve
from tests.bench.answering import SECRET
from tests.bench.fill import NOW, Stopwatch, prepared
from tests.bench.large_team import Size, people
from tests.coached_team import runtime_at

#: Of ten questions, two are of managers.
MIX = (
    ("/team-health", True),
    ("/my-week", False),
    ("/metric calls_completed", False),
    ("/my-week", False),
    ("/nudges", False),
    ("/coach", True),
    ("/my-week", False),
    ("/metric meetings held", False),
    ("/playbook", False),
    ("/nudges", False),
)
LONGEST_WAIT = 120
ACK, ANSWER, HOME, RENDERED = 0.2, 2.0, 1.0, 10.0
MESSAGES = 500


@dataclass(slots=True)
class Slack:
    """Takes what the bot says, and notes when."""

    url: str = ""
    heard: dict[str, float] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=itertools.count)

    async def answer(self, request: Request) -> Response:
        self.heard.setdefault(request.path_params["which"], time.perf_counter())
        return Response("ok")

    async def api(self, request: Request) -> Response:
        method = request.path_params["method"]
        if method == "views.publish":
            asked = await request.json()
            self.heard.setdefault(str(asked["user_id"]), time.perf_counter())
        file = f"F{next(self._ids)}"
        told: dict[str, object] = {"ok": True, "file_id": file, "files": [{"id": file}]}
        told["upload_url"] = f"{self.url}/upload"
        return JSONResponse(told)

    async def upload(self, _request: Request) -> Response:
        return Response("OK")

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/answers/{which}", self.answer, methods=["POST"]),
                Route("/api/{method}", self.api, methods=["POST", "GET"]),
                Route("/upload", self.upload, methods=["POST"]),
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Seconds, of the slowest of a hundred."""

    acknowledged: float
    team_health: float
    home: float
    lost: int


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--reps", type=int, default=200)
    asked.add_argument("--activities", type=int, default=2_000_000)
    asked.add_argument("--deals", type=int, default=100_000)
    asked.add_argument("--rate", type=float, default=50)
    asked.add_argument("--seconds", type=float, default=20)
    given = asked.parse_args()
    size = Size(
        reps=given.reps,
        activities=given.activities,
        weeks=26,
        deals_a_rep=given.deals // given.reps,
        reps_a_team=5,
    )
    sys.stdout.write(report(size, rate=given.rate, seconds=given.seconds))


def report(size: Size, *, rate: float, seconds: float) -> str:
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        database = prepared(size, Path(folder), watch)
        match_everybody(database, size)
        waits = measure(Path(folder) / "large.sqlite3", size, rate=rate, seconds=seconds)
        watch.time("digests and messages", lambda: render_monday(database))
        database.dispose()
    return table(size, waits, watch.seconds["digests and messages"], rate)


def slack_id(person: str) -> str:
    return f"U{person[3:15]}"


def match_everybody(database: Engine, size: Size) -> None:
    with transaction(database) as session:
        for person in people(size):
            crm_id = str(person["id"])
            session.add(
                SlackMatchRow(
                    person_id=crm_id, slack_id=slack_id(crm_id), matched_by="email", matched_at=NOW
                )
            )


@contextmanager
def bot_at(database: Path, slack: Slack) -> Iterator[str]:
    words = [sys.executable, "-m", "tests.bench.answering", str(database), slack.url]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def measure(database: Path, size: Size, *, rate: float, seconds: float) -> Waits:
    slack = Slack()
    with serve(slack.app()) as server:
        slack.url = server.url
        # The bot's server hangs up after five seconds of silence; asking just then would be lost.
        patient = httpx.Client(timeout=LONGEST_WAIT, limits=httpx.Limits(keepalive_expiry=2))
        with bot_at(database, slack) as address, patient as client:
            door = Door(client, address, slack)
            for line, is_manager in MIX:  # Warm: what is read once is read before.
                door.ask(line, asker(size, 0, is_manager=is_manager))
            door.wait()
            waits = load(door, size, rate=rate, seconds=seconds)
            homes = [door.open_home(asker(size, at, is_manager=at % 4 == 0)) for at in range(40)]
    return Waits(
        acknowledged=percentile(door.acknowledged),
        team_health=percentile(waits),
        home=percentile(homes),
        lost=door.lost,
    )


def asker(size: Size, at: int, *, is_manager: bool) -> str:
    if is_manager:
        return slack_id(f"005{900_000_000 + at % (size.reps // size.reps_a_team):012}AAA")
    return slack_id(size.rep_ids[at % size.reps])


class Door:
    """Signed requests to the bot."""

    def __init__(self, client: httpx.Client, address: str, slack: Slack) -> None:
        self._client, self._address, self._slack = client, address, slack
        self._numbers = itertools.count()
        self.asked: dict[str, tuple[str, float]] = {}
        self.acknowledged: list[float] = []
        self.lost = 0

    def ask(self, line: str, person: str) -> None:
        number = f"{next(self._numbers)}"
        name, _, words = line.partition(" ")
        body = urlencode(
            {
                "command": name,
                "text": words,
                "user_id": person,
                "channel_id": "C1",
                "team_id": "T1",
                "trigger_id": number,
                "response_url": f"{self._slack.url}/answers/{number}",
            }
        )
        begin = time.perf_counter()
        self.asked[number] = (name, begin)
        self._post(body, "application/x-www-form-urlencoded")
        self.acknowledged.append(time.perf_counter() - begin)

    def open_home(self, person: str) -> float:
        event = {"type": "app_home_opened", "user": person, "tab": "home", "channel": "D1"}
        told = {"type": "event_callback", "event_id": f"E{next(self._numbers)}", "event": event}
        self._slack.heard.pop(person, None)
        begin = time.perf_counter()
        self._post(json.dumps({**told, "team_id": "T1"}), "application/json")
        while person not in self._slack.heard and time.perf_counter() < begin + LONGEST_WAIT:
            time.sleep(0.005)
        return self._slack.heard.get(person, begin + LONGEST_WAIT) - begin

    def wait(self) -> None:
        """Until all that was asked is answered."""
        until = time.perf_counter() + LONGEST_WAIT
        while time.perf_counter() < until and not self.asked.keys() <= self._slack.heard.keys():
            time.sleep(0.05)

    def waits(self, name: str) -> list[float]:
        """How long the answers to a command took; what never came took as long as can be."""
        found = []
        for number, (asked, begin) in self.asked.items():
            heard = self._slack.heard.get(number)
            self.lost += heard is None
            if asked == name:
                found.append(LONGEST_WAIT if heard is None else heard - begin)
        return found

    def _post(self, body: str, kind: str) -> None:
        stamp = str(int(time.time()))
        signed = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
        headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp}
        reply = self._client.post(
            self._address, content=body, headers={**headers, "X-Slack-Signature": signed or ""}
        )
        reply.raise_for_status()


def load(door: Door, size: Size, *, rate: float, seconds: float) -> list[float]:
    """Whether or not the last one was answered, the next one asks."""
    door.acknowledged.clear()
    door.asked.clear()
    begin = time.perf_counter()
    with ThreadPoolExecutor(64) as askers:
        for at in range(round(rate * seconds)):
            time.sleep(max(0.0, begin + at / rate - time.perf_counter()))
            line, is_manager = MIX[at % len(MIX)]
            askers.submit(door.ask, line, asker(size, at // 5, is_manager=is_manager))
    door.wait()
    return door.waits("/team-health")


def render_monday(database: Engine) -> None:
    """Every team's digests, and a nudge for each of five hundred people."""
    runtime = runtime_at(NOW, database)
    digest(runtime, None, is_dry=True)
    rules = itertools.cycle(runtime.rules.values())
    for number, rule in zip(range(MESSAGES), rules, strict=False):
        for proposal in rule.notice(rule.example):
            render_nudge(runtime, proposal, nudge=str(number))


def percentile(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[-1] if len(values) > 1 else values[0]


def table(size: Size, waits: Waits, rendered: float, rate: float) -> str:
    teams = size.reps // size.reps_a_team
    rows = (
        ("Acknowledged, the slowest of a hundred, of 200 ms", waits.acknowledged / ACK),
        ("`/team-health` answered, the slowest of a hundred, of 2 s", waits.team_health / ANSWER),
        ("A Home tab shown, the slowest of a hundred, of 1 s", waits.home / HOME),
        (f"Digests of {teams} teams and {MESSAGES} nudges, of 10 s", rendered / RENDERED),
    )
    deals = size.reps * size.deals_a_rep
    given = f"{size.reps:,} reps, {size.activities:,} activities"
    lines = [
        f"{given}, {deals:,} opportunities; {rate:g} commands a second",
        "",
        "| What | Measured | At most |",
        "| --- | --- | --- |",
        *(f"| {what} | {value:.3g} | 1 |" for what, value in rows),
        f"| Commands without an answer | {waits.lost} | 0 |",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
