"""Makes views from what an app sent, for the Web API and for answers to submissions alike."""

from integrations.sandbox.slack.blockkit.complete import completed
from integrations.sandbox.slack.state.values import Json, View
from integrations.sandbox.slack.state.workspace import Workspace


def new_view(
    workspace: Workspace, content: Json, *, person: str, below: View | None = None
) -> View:
    view_id = workspace.ids.mint("V")
    return View(
        id=view_id,
        kind=content["type"],
        person=person,
        content=_completed(workspace, content),
        hash=_hash(workspace),
        root_id=below.root_id if below else view_id,
        previous_id=below.id if below else None,
        external_id=content.get("external_id") or None,
    )


def updated_view(workspace: Workspace, standing: View, content: Json) -> View:
    """The view with new content; inputs whose block and action ids stay keep their values."""
    finished = _completed(workspace, content)
    kept = {block["block_id"] for block in finished["blocks"]}
    return View(
        id=standing.id,
        kind=content["type"],
        person=standing.person,
        content=finished,
        hash=_hash(workspace),
        root_id=standing.root_id,
        previous_id=standing.previous_id,
        external_id=content.get("external_id") or standing.external_id,
        chosen={block: value for block, value in standing.chosen.items() if block in kept},
    )


def _completed(workspace: Workspace, content: Json) -> Json:
    blocks = completed(content["blocks"], lambda: workspace.ids.mint("b")[3:])
    return {**content, "blocks": list(blocks)}


def _hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock.now().timestamp())}.{workspace.ids.mint('h')}"
