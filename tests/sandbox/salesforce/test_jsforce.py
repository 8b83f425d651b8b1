"""jsforce, the client that Salesforce's own command line uses, unmodified, against the sandbox."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve
from tests.node_support import node_clients, node_command
from tests.sandbox.salesforce.conftest import NOW
from tests.sandbox.salesforce.tiny_organisation import tiny_organisation

SOURCES = Path(__file__).parent / "node"


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the program has to say of its day."""
    known = Credentials()
    clock = SandboxClock(starts_at=NOW, frozen=True)
    store = Store.from_changes(tiny_organisation(), clock=clock)
    with serve(create_app(store, clock, page_size=2), log_level="critical") as server:
        words = [known.username, known.password + known.security_token, known.client_id]
        words.append(known.client_secret)
        done = subprocess.run(  # noqa: S603 -- a program of ours
            [*node_command("node"), "jsforce_client.mjs", server.url, *words],
            cwd=node_clients(SOURCES), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    store.close()
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_it_logs_in_by_soap_and_by_client_credentials(told: dict[str, Any]) -> None:
    assert told["login"]["identity"] == Credentials().username
    assert told["login"]["organization"].startswith("00D")
    assert told["oauth"] == ["Acme", "Bøt & Co"]


def test_it_queries_pages_groups_and_children(told: dict[str, Any]) -> None:
    assert told["pages"] == ["Alpha", "Beta", "Delta", "Gamma"]
    assert told["found"] == ["Beta", "Alpha"]
    assert (told["deleted"], told["groups"], told["children"]) == (4, [2, 2], "Acme")
    assert told["refused"][0] == "INVALID_FIELD"
    assert "No such column 'Nope' on entity 'Account'" in told["refused"][1]


def test_it_creates_changes_upserts_and_deletes(told: dict[str, Any]) -> None:
    assert told["made"] == told["destroyed"] == [True, True]
    assert told["read"] == ["Uno", "Two"]
    assert told["upserted"] == [True, False]


def test_it_describes_searches_and_replicates(told: dict[str, Any]) -> None:
    assert (told["objects"], told["fields"], told["limits"]) == (True, "string", 100_000)
    assert (told["searched"], told["updated"]) == (["Acme"], 1)


def test_it_reads_and_writes_in_bulk(told: dict[str, Any]) -> None:
    assert told["bulk"] == [["Alpha", "100.0"], ["Beta", "250.5"], ["Delta", "50.0"], ["Gamma", ""]]
    assert told["loaded"] == [['Bulk, "one"'], 1]


def test_it_speaks_the_older_bulk_api(told: dict[str, Any]) -> None:
    assert told["bulk1"] == [[True, False], 1]


def test_it_asks_for_plans_layouts_metadata_and_the_time_and_logs_out(told: dict[str, Any]) -> None:
    assert (told["plan"], told["layouts"], told["recent"], told["tooling"]) == ("Account", 1, 1, 0)
    assert told["metadata"] == "CustomObject"
    assert told["timestamp"].startswith("2026-03-11T10:00:00")
    assert told["ended"] == "INVALID_SESSION_ID"
