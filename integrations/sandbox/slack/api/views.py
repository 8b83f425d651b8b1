from dataclasses import replace

from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.content import picture_complaints, refused
from integrations.sandbox.slack.api.table import Answer
from integrations.sandbox.slack.blockkit.complaint import Complaint
from integrations.sandbox.slack.blockkit.validate import complaints_about_view, is_view_too_large
from integrations.sandbox.slack.blockkit.walk import unsupported
from integrations.sandbox.slack.state.values import Json, View
from integrations.sandbox.slack.state.wire import view_as_json
from integrations.sandbox.slack.triggers import Trigger, TriggerRefused
from integrations.sandbox.slack.views import new_view, updated_view


def views_open(call: Call) -> Json:
    content = _content(call, kind="modal")
    trigger = _exchange(call)
    with call.workspace.lock:
        view = new_view(call.workspace, content, person=trigger.person)
        call.workspace.views.open(view)
        call.workspace.changes.touch()
    return _answer(call, view)


def views_push(call: Call) -> Json:
    content = _content(call, kind="modal")
    trigger = _exchange(call)
    with call.workspace.lock:
        below = call.workspace.views.modal_of(trigger.person)
        if below is None or trigger.view_id is None:
            raise ApiError("not_found")
        view = new_view(call.workspace, content, person=trigger.person, below=below)
        try:
            call.workspace.views.push(view)
        except OverflowError:
            raise ApiError("push_limit_reached") from None
        call.workspace.changes.touch()
    return _answer(call, view)


def views_update(call: Call) -> Json:
    content = _content(call, kind=None)
    views = call.workspace.views
    with call.workspace.lock:
        external_id = call.text("external_id")
        found = (
            views.by_external_id(external_id) if external_id else views.find(call.text("view_id"))
        )
        if found is None:
            raise ApiError("not_found")
        _check_hash(call, found)
        _check_external_id(call, content, found)
        view = views.swap(updated_view(call.workspace, found, content))
        call.workspace.changes.touch()
    return _answer(call, view)


def views_publish(call: Call) -> Json:
    content = _content(call, kind="home")
    person = call.text("user_id")
    if person not in call.workspace.people:
        raise ApiError(
            "invalid_arguments", messages=["[ERROR] invalid user [json-pointer:/user_id]"]
        )
    with call.workspace.lock:
        standing = call.workspace.views.home_of(person)
        _check_external_id(call, content, standing)
        if standing is None:
            view = new_view(call.workspace, content, person=person)
        else:
            _check_hash(call, standing)
            view = replace(updated_view(call.workspace, standing, content), chosen={})
        call.workspace.views.publish(view)
        call.workspace.changes.touch()
    return _answer(call, view)


def _answer(call: Call, view: View) -> Json:
    return {"view": view_as_json(view, call.workspace)}


def _content(call: Call, *, kind: str | None) -> Json:
    content = call.structure("view", error="invalid_arguments")
    complaints = complaints_about_view(content)
    if not complaints and kind is not None and content["type"] != kind:
        complaints.append(unsupported("/view/type", content["type"], [kind]))
    if not complaints:
        complaints += picture_complaints(content["blocks"], call, pointer="/view/blocks")
    if complaints:
        raise _view_refused(complaints)
    if is_view_too_large(content):
        raise ApiError("view_too_large")
    checked: Json = content
    if kind == "modal":
        _check_external_id(call, checked, None)
    return checked


def _view_refused(complaints: list[Complaint]) -> ApiError:
    return refused("invalid_arguments", complaints)


def _exchange(call: Call) -> Trigger:
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    try:
        return call.installation.triggers.exchange(trigger_id)
    except TriggerRefused as refusal:
        raise ApiError(refusal.error) from refusal


def _check_hash(call: Call, standing: View) -> None:
    if call.text("hash") and call.text("hash") != standing.hash:
        raise ApiError("hash_conflict")


def _check_external_id(call: Call, content: Json, standing: View | None) -> None:
    external_id = content.get("external_id")
    if not external_id:
        return
    holder = call.workspace.views.by_external_id(external_id)
    if holder is not None and (standing is None or holder.id != standing.id):
        raise ApiError("duplicate_external_id")


METHODS: dict[str, Answer] = {
    "views.open": views_open,
    "views.publish": views_publish,
    "views.push": views_push,
    "views.update": views_update,
}
