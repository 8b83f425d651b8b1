"""Blocks and views that an app would send."""

from typing import Any

from integrations.sandbox.slack.state.values import View
from tests.sandbox.slack.stage import Json, Slack


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def button(action_id: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def modal(*blocks: Any, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "plan",
        "title": plain("Plan"),
        "submit": plain("Save"),
        "blocks": list(blocks),
        **more,
    }


def modal_open(slack: Slack) -> View:
    """The modal on top of Maya's stack."""
    view = slack.sandbox.modal_of("maya")
    assert view is not None
    return view
