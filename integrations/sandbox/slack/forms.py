"""Modals: submitting, closing, and what the app's answer to a submission does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from integrations.sandbox.slack.acts import Outcome, all_values
from integrations.sandbox.slack.blockkit.validate import complaints_about_view
from integrations.sandbox.slack.delivery.deliveries import Deliveries
from integrations.sandbox.slack.delivery.payloads import closing_parcel, submission_parcel
from integrations.sandbox.slack.elements import chosen_value, field_errors, stateful_elements
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.state.values import Json, View
from integrations.sandbox.slack.state.wire import file_as_json
from integrations.sandbox.slack.views import new_view, updated_view

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    installation: Installation
    deliveries: Deliveries

    async def submit(self, person: str, values: Mapping[str, object]) -> Outcome:
        """Submit the person's top modal.

        ``values`` are plain values by action id or block id; inputs not named keep what they
        hold. Raises LookupError when no modal is open or a name fits no input.
        """
        views = self.installation.workspace.views
        view = views.modal_of(person)
        if view is None:
            raise LookupError(f"{person} has no modal open")
        with self.installation.workspace.lock:
            given = {name: self._files_in(raw) for name, raw in values.items()}
            view = views.swap(replace(view, chosen=filled(view, given), errors={}, trouble=""))
        errors = field_errors(view.content["blocks"], view.chosen)
        if errors:
            return self._complain(view, errors)
        parcel = submission_parcel(self.installation, person=person, view=view)
        reply = await self.deliveries.deliver(parcel)
        if not reply.is_acknowledged:
            self._mark(view, trouble=TROUBLE)
            return Outcome(verdict=str(reply.verdict))
        return self._follow(view, reply.body or {})

    def _files_in(self, raw: object) -> object:
        """Ids of uploaded files become the files, as the app is told of them."""
        if not isinstance(raw, list | tuple) or not raw:
            return raw
        workspace = self.installation.workspace
        found = [workspace.files.find(str(each)) for each in raw]
        files = [file_as_json(each, workspace) for each in found if each is not None]
        return files if len(files) == len(raw) else raw

    async def close(self, person: str, *, everything: bool = False) -> Outcome:
        """Close the top modal, or the whole stack; the app hears of it if the view asks for it."""
        views = self.installation.workspace.views
        with self.installation.workspace.lock:
            top = views.modal_of(person)
            clears = everything or bool(top and top.content.get("clear_on_close"))
            if clears:
                gone = list(reversed(views.clear(person)))
            else:
                popped = views.pop(person)
                gone = [popped] if popped else []
            self.installation.workspace.changes.touch()
        for view in gone:
            if view.content.get("notify_on_close"):
                parcel = closing_parcel(
                    self.installation, person=person, view=view, is_cleared=clears
                )
                await self.deliveries.deliver(parcel)
        return Outcome(verdict="acknowledged")

    def _follow(self, view: View, answer: Json) -> Outcome:
        """Do what ``response_action`` says; without one the view closes."""
        workspace = self.installation.workspace
        action = answer.get("response_action")
        if action == "errors":
            return self._complain(view, dict(answer.get("errors") or {}), body=answer)
        with workspace.lock:
            if action in {"update", "push"}:
                complaints = complaints_about_view(answer.get("view"))
                if complaints:
                    lines = [each.as_line() for each in complaints]
                    self.installation.log.write(
                        "delivery",
                        f"response_action {action}",
                        "invalid view",
                        is_fine=False,
                        detail={"messages": lines},
                    )
                    self._mark(view, trouble=TROUBLE)
                    return Outcome(verdict="invalid_view", body=answer)
                self._show(view, answer, pushes=action == "push")
            elif action == "clear":
                workspace.views.clear(view.person)
            elif workspace.views.find(view.id) is not None:
                workspace.views.pop(view.person)
            workspace.changes.touch()
        return Outcome(verdict="acknowledged", body=answer)

    def _show(self, view: View, answer: Json, *, pushes: bool) -> None:
        workspace = self.installation.workspace
        if pushes:
            top = new_view(workspace, answer["view"], person=view.person, below=view)
            workspace.views.push(top)
        else:
            workspace.views.swap(updated_view(workspace, view, answer["view"]))

    def _complain(self, view: View, errors: dict[str, str], body: Json | None = None) -> Outcome:
        self._mark(view, errors=errors)
        return Outcome(verdict="errors", errors=errors, body=body)

    def _mark(self, view: View, *, errors: dict[str, str] | None = None, trouble: str = "") -> None:
        workspace = self.installation.workspace
        with workspace.lock:
            standing = workspace.views.find(view.id)
            if standing is not None:
                workspace.views.mark(standing, errors=errors, trouble=trouble)
            workspace.changes.touch()


def filled(view: View, values: Mapping[str, object]) -> dict[str, dict[str, Json]]:
    """The view's state with the plain values put in. Raises LookupError for a name unknown."""
    blocks = view.content["blocks"]
    state = all_values(blocks, view.chosen)
    for name, raw in values.items():
        block_id, element = _input_named(blocks, name)
        state[block_id][element["action_id"]] = chosen_value(element, raw)
    return state


def _input_named(blocks: list[Json], name: str) -> tuple[str, Json]:
    known = []
    for block_id, element in stateful_elements(blocks):
        action_id = element["action_id"]
        if name in {action_id, block_id, f"{block_id}/{action_id}"}:
            return block_id, element
        known.append(action_id)
    raise LookupError(f"no input {name!r}; there are {', '.join(known) or 'none'}")
