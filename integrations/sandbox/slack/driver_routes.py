"""``/sandbox/...``: the driver over HTTP, in JSON, for the page and for other processes."""

from base64 import b64decode
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.sandbox.slack.acts import Outcome
from integrations.sandbox.slack.elements import chosen_value, stateful_elements
from integrations.sandbox.slack.faults import Fault, FaultKind
from integrations.sandbox.slack.report import log_as_json, message_report, state_report
from integrations.sandbox.slack.sandbox import Sandbox, element_in
from integrations.sandbox.slack.state.values import Json, Message, View

Answer = Callable[[Sandbox, Json], Awaitable[Json]]


def driver_routes(sandbox: Sandbox) -> list[Route]:
    """Reading by GET, acting by POST with a JSON object; a wrong argument gives 400 and why."""

    def reading(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await _guarded(answer, sandbox, dict(request.query_params))

        return endpoint

    def acting(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            # A form on a foreign page cannot send JSON without asking first.
            kind = request.headers.get("content-type", "")
            if not kind.startswith("application/json"):
                return JSONResponse({"ok": False, "error": "send JSON"}, status_code=415)
            return await _guarded(answer, sandbox, await request.json())

        return endpoint

    return [
        *(Route(f"/sandbox/{name}", reading(answer)) for name, answer in READINGS.items()),
        *(
            Route(f"/sandbox/{name}", acting(answer), methods=["POST"])
            for name, answer in ACTS.items()
        ),
    ]


async def _guarded(answer: Answer, sandbox: Sandbox, given: Json) -> Response:
    try:
        return JSONResponse({"ok": True, **await answer(sandbox, given)})
    except (LookupError, ValueError) as error:
        return JSONResponse({"ok": False, "error": str(error)}, status_code=400)


async def health(sandbox: Sandbox, _given: Json) -> Json:
    return {
        "now": sandbox.installation.clock.now().isoformat(),
        "sockets": sandbox.deliveries.hub.count(),
        "version": sandbox.workspace.changes.version,
    }


async def state(sandbox: Sandbox, given: Json) -> Json:
    """Everything, or what one person sees with ``?person=``."""
    return state_report(sandbox, person=given.get("person"))


async def log(sandbox: Sandbox, given: Json) -> Json:
    lines = sandbox.installation.log.lines(name=given.get("name"), after=int(given.get("after", 0)))
    return {"lines": [log_as_json(line) for line in lines]}


async def command(sandbox: Sandbox, given: Json) -> Json:
    who = sandbox.workspace.person(given["person"]).id
    place = sandbox.place(given["channel"])
    return _outcome(await sandbox.acts.type_command(who, place, given["text"]))


async def say(sandbox: Sandbox, given: Json) -> Json:
    who = sandbox.workspace.person(given["person"]).id
    place = sandbox.place(given["channel"])
    files = tuple(given.get("files", ()))
    thread = given.get("thread_ts")
    message = sandbox.acts.say(who, place, given["text"], thread_ts=thread, files=files)
    return {"message": message_report(message, sandbox.workspace)}


async def press(sandbox: Sandbox, given: Json) -> Json:
    """``place`` is a view's id, or a message as ``channel`` and ``ts``."""
    who = sandbox.workspace.person(given["person"]).id
    place = _place(sandbox, given, who)
    element = element_in(place, given["action_id"], block_id=given.get("block_id"))
    outcome = await sandbox.acts.press(
        who,
        place,
        element,
        chosen=given.get("chosen"),
        state=_state(place, given.get("values") or {}),
    )
    return _outcome(outcome)


async def shortcut(sandbox: Sandbox, given: Json) -> Json:
    """Of the workspace, or of the message at ``channel`` and ``ts``."""
    who = sandbox.workspace.person(given["person"]).id
    place = _place(sandbox, given, who) if "ts" in given else None
    message = place if isinstance(place, Message) else None
    return _outcome(await sandbox.acts.use_shortcut(who, given["callback_id"], message=message))


async def options(sandbox: Sandbox, given: Json) -> Json:
    who = sandbox.workspace.person(given["person"]).id
    place = _place(sandbox, given, who)
    element = element_in(place, given["action_id"], block_id=given.get("block_id"))
    found = await sandbox.acts.suggest(who, place, element, str(given.get("typed", "")))
    return {"options": found}


async def submit(sandbox: Sandbox, given: Json) -> Json:
    who = sandbox.workspace.person(given["person"]).id
    return _outcome(await sandbox.forms.submit(who, given.get("values") or {}))


async def close(sandbox: Sandbox, given: Json) -> Json:
    who = sandbox.workspace.person(given["person"]).id
    return _outcome(await sandbox.forms.close(who, everything=bool(given.get("everything"))))


async def home(sandbox: Sandbox, given: Json) -> Json:
    who = sandbox.workspace.person(given["person"]).id
    sandbox.acts.open_home(who, tab=given.get("tab", "home"))
    return {}


async def upload(sandbox: Sandbox, given: Json) -> Json:
    """``content`` is the file's bytes in Base64; the answer's id is what a file input takes."""
    who = sandbox.workspace.person(given["person"]).id
    file = sandbox.acts.upload(who, given["name"], b64decode(given["content"], validate=True))
    return {"file": file.id}


async def react(sandbox: Sandbox, given: Json) -> Json:
    """Add the person's reaction, or take it back when it is there."""
    who = sandbox.workspace.person(given["person"]).id
    place = sandbox.place(given["channel"])
    added = sandbox.acts.react(who, place, given["ts"], given["name"])
    return {"added": added}


async def presence(sandbox: Sandbox, given: Json) -> Json:
    sandbox.set_presence(given["person"], given["state"])
    return {}


async def read(sandbox: Sandbox, given: Json) -> Json:
    who = sandbox.workspace.person(given["person"]).id
    with sandbox.workspace.lock:
        if sandbox.workspace.messages.mark_read(who, sandbox.place(given["channel"]).id):
            sandbox.workspace.changes.touch()
    return {}


async def clock(sandbox: Sandbox, given: Json) -> Json:
    """Wind by ``hours`` or to ``instant`` (ISO 8601 with a zone)."""
    sandbox_clock = sandbox.installation.clock
    if "instant" in given:
        now = sandbox_clock.wind_to(datetime.fromisoformat(given["instant"]))
    elif "hours" in given:
        now = sandbox_clock.wind(timedelta(hours=float(given["hours"])))
    else:
        raise ValueError("say hours or instant")
    sandbox.workspace.post_due()
    sandbox.workspace.changes.touch()
    return {"now": now.isoformat()}


async def faults(sandbox: Sandbox, given: Json) -> Json:
    """A FaultKind with its fields, or "disconnect", "break_sockets", "uninstall", "clear"."""
    given.pop("person", None)
    kind = given.pop("kind")
    if kind == "disconnect":
        await sandbox.deliveries.hub.disconnect(given.get("reason", "refresh_requested"))
    elif kind == "break_sockets":
        await sandbox.deliveries.hub.break_links()
    elif kind == "uninstall":
        sandbox.uninstall()
    elif kind == "clear":
        sandbox.faults.clear()
    else:
        fields: dict[str, Any] = {**given, "kind": FaultKind(kind)}
        unknown = set(fields) - {"kind", "method", "times", "seconds", "status"}
        if unknown:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        sandbox.faults.add(Fault(**fields))
    sandbox.workspace.changes.touch()
    return {}


async def limits(sandbox: Sandbox, given: Json) -> Json:
    """Hold the app to Slack's rate limits times ``scale``, or with null to none."""
    scale = given["scale"]
    if scale is not None and (isinstance(scale, bool) or not isinstance(scale, int | float)):
        raise ValueError("scale is a number, or null for no limits")
    sandbox.installation.limits.scale = scale
    sandbox.workspace.changes.touch()
    return {}


READINGS: dict[str, Answer] = {"health": health, "state": state, "log": log}
ACTS: dict[str, Answer] = {
    "clock": clock,
    "close": close,
    "command": command,
    "faults": faults,
    "home": home,
    "limits": limits,
    "options": options,
    "presence": presence,
    "press": press,
    "react": react,
    "read": read,
    "say": say,
    "shortcut": shortcut,
    "submit": submit,
    "upload": upload,
}


def _place(sandbox: Sandbox, given: Json, person: str) -> Message | View:
    if "view" in given:
        view = sandbox.workspace.views.find(given["view"])
        if view is None:
            raise LookupError(f"no view {given['view']!r}")
        return view
    channel = sandbox.place(given["channel"]).id
    message = sandbox.workspace.messages.visible(channel, given["ts"], person)
    if message is None:
        raise LookupError(f"no message {given['ts']!r} in {channel}")
    return message


def _state(place: Message | View, values: Json) -> dict[str, dict[str, Json]]:
    """Plain values by "block/action", as Slack's state; names of other inputs are passed over."""
    blocks = place.content["blocks"] if isinstance(place, View) else list(place.blocks)
    state: dict[str, dict[str, Json]] = {}
    for block_id, element in stateful_elements(blocks):
        name = f"{block_id}/{element['action_id']}"
        if name in values:
            state.setdefault(block_id, {})[element["action_id"]] = chosen_value(
                element, values[name]
            )
    return state


def _outcome(outcome: Outcome) -> Json:
    return {"verdict": outcome.verdict, "errors": dict(outcome.errors)}
