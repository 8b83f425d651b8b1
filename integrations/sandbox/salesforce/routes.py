"""Which function answers which request, and what every request goes through first."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from integrations.sandbox.salesforce import (
    bulk,
    composite,
    describe,
    identity,
    ingest,
    interface,
    metadata,
    oauth,
    queries,
    records,
    related,
    replication,
    resources,
    search,
    soap,
    tooling,
    trees,
    without_any,
)
from integrations.sandbox.salesforce.bulk_v1 import documents, endpoints
from integrations.sandbox.salesforce.errors import ApiError, not_found
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.wire import Call, Reply

Handler = Callable[..., Reply]
_VERSION = re.compile(r"/services/data/v(\d{2,3}\.\d)(/.*)?")
_ASYNC = re.compile(r"/services/async/(\d{2,3}\.\d)(/.*)?")


@dataclass(frozen=True, slots=True)
class Route:
    methods: tuple[str, ...]
    pattern: re.Pattern[str]
    handler: Handler


def _route(methods: str, pattern: str, handler: Handler) -> Route:
    return Route(tuple(methods.split()), re.compile(pattern), handler)


def _composite(instance: Instance, call: Call, *, now: datetime) -> Reply:
    return composite.composite(instance, call, dispatch, now=now)


def _batch(instance: Instance, call: Call, *, now: datetime) -> Reply:
    return composite.batch(instance, call, dispatch, now=now)


def _graph(instance: Instance, call: Call, *, now: datetime) -> Reply:
    return trees.graph(instance, call, dispatch, now=now)


_NAME = r"(\w+)"
_VALUE = r"([^/]+)"
#: Below ``/services/data/vXX.X``; the first pattern that matches decides.
REST = (
    _route("GET", r"", resources.resources),
    _route("GET", r"/limits", resources.limits),
    _route("GET", r"/limits/recordCount", resources.record_count),
    _route("GET", r"/query", queries.query),
    _route("GET", r"/queryAll", queries.query_all),
    _route("GET", rf"/(?:query|queryAll)/{_VALUE}", queries.query_more),
    _route("POST", r"/composite", _composite),
    _route("POST", r"/composite/batch", _batch),
    _route("POST", r"/composite/graph", _graph),
    _route("POST", rf"/composite/tree/{_NAME}", trees.create_tree),
    _route("PATCH", rf"/composite/sobjects/{_NAME}/{_NAME}", trees.upsert_collection),
    _route("GET", r"/search", search.search),
    _route("GET POST", r"/parameterizedSearch", without_any.parameterized_search),
    _route("GET", r"/actions", without_any.actions),
    _route("GET", rf"({'|'.join(without_any.EMPTY)})", without_any.empty),
    _route("POST PATCH", r"/composite/sobjects", composite.write_collection),
    _route("DELETE", r"/composite/sobjects", composite.delete_collection),
    _route("GET POST", rf"/composite/sobjects/{_NAME}", composite.read_collection),
    _route("GET", r"/sobjects", describe.global_describe),
    _route("GET", rf"/sobjects/{_NAME}", describe.sobject_info),
    _route("POST", rf"/sobjects/{_NAME}", records.create_record),
    _route("GET", rf"/sobjects/{_NAME}/describe", describe.describe),
    _route("GET", rf"/sobjects/{_NAME}/describe/layouts", interface.layouts),
    _route("GET", rf"/sobjects/{_NAME}/describe/layouts/{_NAME}", interface.layout),
    _route("GET", rf"/sobjects/{_NAME}/describe/compactLayouts", interface.compact_layouts),
    _route("GET", rf"/sobjects/{_NAME}/describe/approvalLayouts", interface.approval_layouts),
    _route("GET", rf"/sobjects/{_NAME}/listviews", interface.list_views),
    _route("GET", rf"/sobjects/{_NAME}/quickActions", interface.quick_actions),
    _route("GET", rf"/sobjects/User/{_NAME}/password", related.read_password),
    _route("POST", rf"/sobjects/User/{_NAME}/password", related.set_password),
    _route("DELETE", rf"/sobjects/User/{_NAME}/password", related.reset_password),
    _route("GET", rf"/sobjects/{_NAME}/updated", replication.updated),
    _route("GET", rf"/sobjects/{_NAME}/deleted", replication.deleted),
    _route("GET", rf"/sobjects/{_NAME}/{_VALUE}", records.read_record),
    _route("PATCH", rf"/sobjects/{_NAME}/{_VALUE}", records.update_record),
    _route("DELETE", rf"/sobjects/{_NAME}/{_VALUE}", records.delete_record),
    _route("GET", rf"/sobjects/{_NAME}/{_NAME}/{_VALUE}", related.read_below),
    _route("PATCH POST", rf"/sobjects/{_NAME}/{_NAME}/{_VALUE}", records.upsert_record),
    _route("DELETE", rf"/sobjects/{_NAME}/{_NAME}/{_VALUE}", records.delete_by_external_id),
    _route("GET", r"/recent", interface.recent),
    _route("GET", r"/tabs", interface.tabs),
    _route("GET", r"/theme", interface.theme),
    _route("GET", r"/quickActions", interface.quick_actions),
    _route("GET", r"/tooling", tooling.tooling),
    _route("GET", r"/tooling/query", tooling.query),
    _route("GET", r"/tooling/sobjects", tooling.global_describe),
    _route("GET", rf"/tooling/sobjects/{_NAME}", tooling.sobject_info),
    _route("POST", rf"/tooling/sobjects/{_NAME}", tooling.create),
    _route("GET", rf"/tooling/sobjects/{_NAME}/describe", tooling.describe),
    _route("GET", r"/tooling/executeAnonymous", tooling.execute_anonymous),
    _route("POST", r"/jobs/query", bulk.create_job),
    _route("GET", r"/jobs/query", bulk.list_jobs),
    _route("GET", rf"/jobs/query/{_NAME}", bulk.read_job),
    _route("PATCH", rf"/jobs/query/{_NAME}", bulk.abort_job),
    _route("DELETE", rf"/jobs/query/{_NAME}", bulk.delete_job),
    _route("GET", rf"/jobs/query/{_NAME}/results", bulk.results),
    _route("GET", rf"/jobs/query/{_NAME}/resultPages", bulk.result_pages),
    _route("POST", r"/jobs/ingest", ingest.create_job),
    _route("GET", r"/jobs/ingest", ingest.list_jobs),
    _route("GET", rf"/jobs/ingest/{_NAME}", ingest.read_job),
    _route("PATCH", rf"/jobs/ingest/{_NAME}", ingest.set_state),
    _route("DELETE", rf"/jobs/ingest/{_NAME}", ingest.delete_job),
    _route("PUT", rf"/jobs/ingest/{_NAME}/batches", ingest.upload),
    _route(
        "GET",
        rf"/jobs/ingest/{_NAME}/(successfulResults|failedResults|unprocessed[rR]ecords)",
        ingest.results,
    ),
)
_JOB, _BATCH = rf"/job/{_NAME}", rf"/job/{_NAME}/batch/{_NAME}"
#: Below ``/services/async/XX.X``.
BULK_V1 = (
    _route("POST", r"/job", endpoints.create_job),
    _route("GET", _JOB, endpoints.read_job),
    _route("POST", _JOB, endpoints.set_state),
    _route("GET", rf"{_JOB}/batch", endpoints.list_batches),
    _route("POST", rf"{_JOB}/batch", endpoints.create_batch),
    _route("GET", _BATCH, endpoints.read_batch),
    _route("GET", rf"{_BATCH}/request", endpoints.read_request),
    _route("GET", rf"{_BATCH}/result", endpoints.results),
    _route("GET", rf"{_BATCH}/result/{_NAME}", endpoints.result),
)
#: Reached without a session, or judging it themselves.
OPEN = (
    _route("GET", r"/services/data", resources.versions),
    _route("GET POST", r"/services/oauth2/token", oauth.token),
    _route("GET", r"/services/oauth2/authorize", oauth.authorize),
    _route("POST", r"/services/oauth2/introspect", oauth.introspect),
    _route("GET POST", r"/services/oauth2/revoke", oauth.revoke),
    _route("GET POST", r"/services/oauth2/userinfo", identity.userinfo),
    _route("GET POST PUT PATCH DELETE", r"/services/apexrest(/.*)?", resources.apex),
    _route("GET", r"/id/(\w+)/(\w+)", identity.identity),
    _route("POST", r"/services/Soap/m/(\d+\.\d)(?:/[\w/]+)?", metadata.metadata),
    _route("POST", r"/services/Soap/([uc])/(\d+\.\d)(?:/\w+)?", soap.soap),
)


def _matched(routes: tuple[Route, ...], method: str, path: str) -> tuple[Handler, tuple[str, ...]]:
    """Raises ApiError: 404 for an unknown path, 405 for a method it does not take."""
    allowed: list[str] = []
    for route in routes:
        match = route.pattern.fullmatch(path)
        if match is None:
            continue
        if method in route.methods:
            return route.handler, match.groups()
        allowed.extend(route.methods)
    if not allowed:
        raise not_found()
    if "GET" in allowed:
        allowed.insert(0, "HEAD")
    raise ApiError(
        405,
        "METHOD_NOT_ALLOWED",
        f"HTTP Method '{method}' not allowed. Allowed are {','.join(dict.fromkeys(allowed))}",
    )


def needs_session(path: str) -> bool:
    return _VERSION.fullmatch(path) is not None or _ASYNC.fullmatch(path) is not None


def is_soap(path: str) -> bool:
    return path.startswith("/services/Soap/")


def refusal(call: Call, error: ApiError) -> Reply:
    """In the words of the API that was asked."""
    if is_soap(call.path):
        return soap.fault(error.code, error.message)
    if _ASYNC.fullmatch(call.path):
        return documents.refusal(call, error)
    return Reply.refusal(error)


def dispatch(instance: Instance, call: Call, now: datetime) -> Reply:
    """Answer a call whose session has been checked; refusals become replies."""
    method = "GET" if call.method == "HEAD" else call.method
    path = call.path.rstrip("/")
    try:
        for versioned, routes in ((_VERSION, REST), (_ASYNC, BULK_V1)):
            match = versioned.fullmatch(path)
            if match is not None:
                _check_version(match[1])
                handler, parts = _matched(routes, method, match[2] or "")
                known = replace(call, method=method, version=match[1])
                return handler(instance, known, *parts, now=now)
        handler, parts = _matched(OPEN, method, path)
        return handler(instance, replace(call, method=method), *parts, now=now)
    except ApiError as error:
        return refusal(call, error)


def _check_version(version: str) -> None:
    number = float(version)
    if number > resources.NEWEST or not number.is_integer():
        raise not_found()
    if number < resources.OLDEST:
        raise ApiError(
            410, "UNSUPPORTED_API_VERSION", f"API version {version} is no longer supported"
        )
