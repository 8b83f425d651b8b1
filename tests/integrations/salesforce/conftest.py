"""A stranger that speaks like Salesforce, but only as much as every imitation does."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import SalesforceCrm, open_salesforce
from integrations.sandbox.serving import serve

QUERY = re.compile(
    r"SELECT (?P<fields>.+) FROM (?P<sobject>\w+) WHERE"
    r"(?: (?P<cursor>\w+) >= (?P<since>\S+) AND)? (?:\w+ < (?P<until>\S+) ORDER BY .*"
    r"|Id IN \((?P<ids>.*)\))"
)


@dataclass
class Stranger:
    """Tokens, describe, query, queryAll and paging; no updated, no deleted, no limits."""

    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    page_size: int = 2
    #: What the token answer says; None means its own plain address.
    instance_url: str | None = None
    url: str = ""
    queries: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)
    #: Answers to give instead of the true one, first come first served, by kind of request.
    instead: dict[str, list[Callable[[], Response]]] = field(default_factory=dict)
    pages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: Authorization headers that queries accept; empty accepts all.
    accepts: set[str] = field(default_factory=set)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    #: Of the API; none for a server that has no list of them and takes ours.
    versions: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        data = "/services/data/v{version}"
        routes: list[BaseRoute] = [
            Route("/services/oauth2/token", self.token, methods=["POST"]),
            Route(data + "/sobjects/{sobject}/describe", self.describe),
            Route(data + "/query/", self.query),
            Route(data + "/queryAll/", self.query),
            Route(data + "/query/{locator}", self.more),
            Route("/services/data/", self.list_versions),
        ]
        return Starlette(routes=[*routes, Mount("/stage", routes=routes)])

    def list_versions(self, _request: Request) -> Response:
        known = [{"version": each, "url": f"/services/data/v{each}"} for each in self.versions]
        return JSONResponse(known or {}, 200 if known else 404)

    async def token(self, request: Request) -> Response:
        form = await request.form()
        self.grants.append(str(form["grant_type"]))
        if instead := self._instead("token"):
            return instead
        return JSONResponse(
            {"access_token": "a-token", "instance_url": self.instance_url or self.url}
        )

    def describe(self, request: Request) -> Response:
        if self.versions and request.path_params["version"] not in self.versions:
            return JSONResponse([{"errorCode": "NOT_FOUND", "message": "no such version"}], 404)
        if instead := self._instead("describe"):
            return instead
        records = self.records.get(request.path_params["sobject"])
        if records is None:
            return JSONResponse([{"errorCode": "NOT_FOUND", "message": "not here"}], 404)
        names = dict.fromkeys(name for record in records for name in record)
        return JSONResponse({"fields": [{"name": name} for name in names]})

    def query(self, request: Request) -> Response:
        self.headers.append(dict(request.headers))
        self.paths.append(request.url.path)
        if self.accepts and request.headers["authorization"] not in self.accepts:
            return JSONResponse([{"errorCode": "INVALID_SESSION_ID", "message": "expired"}], 401)
        if instead := self._instead("query"):
            return instead
        self.queries.append(request.query_params["q"])
        asked = QUERY.fullmatch(request.query_params["q"])
        assert asked, request.query_params["q"]
        names = asked["fields"].split(", ")
        found = [
            {name: record[name] for name in names}
            for record in self.records[asked["sobject"]]
            if self._is_wanted(record, asked)
        ]
        return self._page(sorted(found, key=lambda each: (each["SystemModstamp"], each["Id"])))

    def more(self, request: Request) -> Response:
        if instead := self._instead("more"):
            return instead
        return self._page(self.pages.pop(request.path_params["locator"]))

    def _instead(self, kind: str) -> Response | None:
        waiting = self.instead.get(kind)
        return waiting.pop(0)() if waiting else None

    @staticmethod
    def _is_wanted(record: dict[str, Any], asked: re.Match[str]) -> bool:
        if asked["ids"]:
            return f"'{record['Id']}'" in asked["ids"]
        stamp = datetime.fromisoformat(record["SystemModstamp"])
        after = not asked["since"] or stamp >= datetime.fromisoformat(asked["since"])
        return after and stamp < datetime.fromisoformat(asked["until"])

    def _page(self, found: list[dict[str, Any]]) -> Response:
        page, rest = found[: self.page_size], found[self.page_size :]
        answer: dict[str, Any] = {"totalSize": len(found), "done": not rest, "records": page}
        if rest:
            locator = f"01g{len(self.pages):03d}{len(self.queries):03d}"
            self.pages[locator] = rest
            answer["nextRecordsUrl"] = f"/services/data/v59.0/query/{locator}"
        return JSONResponse(answer)


@dataclass
class WoundClock:
    instant: datetime = datetime(2026, 3, 9, 8, 0, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def wind(self, **span: float) -> None:
        self.instant += timedelta(**span)


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock()


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    stranger = Stranger()
    with serve(stranger.app()) as server:
        stranger.url = server.url
        yield stranger


@pytest.fixture
def credentials(stranger: Stranger) -> SalesforceCredentials:
    return SalesforceCredentials.from_environment(
        {
            "SALESFORCE_LOGIN_URL": stranger.url,
            "SALESFORCE_CLIENT_ID": "the-app",
            "SALESFORCE_CLIENT_SECRET": "the-secret",
        }
    )


@pytest.fixture
def pauses() -> list[float]:
    """Seconds that a retry would have slept."""
    return []


@pytest.fixture
def crm(
    credentials: SalesforceCredentials, clock: WoundClock, pauses: list[float]
) -> SalesforceCrm:
    return open_salesforce(credentials, clock=clock, sleep=pauses.append, draw=lambda: 0.5)


@pytest.fixture
def account() -> Callable[..., dict[str, Any]]:
    """An Account record, by its number; stamps are minutes of one hour."""

    def make(number: int, *, minute: int = 0, **fields: Any) -> dict[str, Any]:
        return {
            "Id": f"001{number:012d}AAA",
            "Name": f"Account {number}",
            "OwnerId": "005000000000001AAA",
            "IsDeleted": False,
            "SystemModstamp": f"2026-03-09T07:{minute:02d}:00.000+0000",
            **fields,
        }

    return make
