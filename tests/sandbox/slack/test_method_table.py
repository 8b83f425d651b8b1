"""The table of methods, held against what Slack documents of each."""

import json
from pathlib import Path

import pytest

from integrations.sandbox.slack.api.table import method_table

DOCUMENTED = Path(__file__).resolve().parents[4] / "shared" / "slack" / "slack_methods_subset.json"
#: `chunks` may stand in for it, as the SDKs' own streams have it.
RELAXED = {("chat.appendStream", "markdown_text")}


@pytest.fixture(scope="module")
def documented() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(DOCUMENTED.read_text(encoding="utf-8"))
    return found


def test_every_documented_method_answers_with_its_scopes_tier_and_errors(
    documented: dict[str, dict[str, object]],
) -> None:
    table, differing = method_table(), []
    for name, wanted in documented.items():
        entry = table[name]
        required = {each for each in wanted["required"] or () if (name, each) not in RELAXED}  # type: ignore[attr-defined]
        same = (
            set(entry.scopes) == set(wanted["bot_scopes"] or ()),  # type: ignore[call-overload]
            # Slack names no tier for blocks.validate.
            entry.tier == (wanted["tier"] or "t3"),
            set(entry.required) == required,
            set(wanted["errors"]) <= entry.errors,  # type: ignore[call-overload]
        )
        if not all(same):
            differing.append((name, same))
    assert differing == []
