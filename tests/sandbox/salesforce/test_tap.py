"""tap-salesforce of singer.io, unmodified, extracts from the sandbox."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from tests.outside import INSTANCE, Outside, open_outside

TAP = "tap-salesforce==2.8.1"
Extract = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def outside(store: Store, clock: SandboxClock, tmp_path: Path) -> Iterator[Outside]:
    with open_outside(create_app(store, clock, instance_url=INSTANCE), tmp_path) as ready:
        yield ready


@pytest.fixture
def extract(outside: Outside, tmp_path: Path) -> Extract:
    """What the tap tells of these objects, told once what there is and once what is in it."""
    known = Credentials()
    config = tmp_path / "config.json"

    def extract(*sobjects: str, api: str) -> list[dict[str, Any]]:
        settings = {
            "client_id": known.client_id,
            "client_secret": known.client_secret,
            "refresh_token": known.refresh_token,
            "start_date": "2020-01-01T00:00:00Z",
            "api_type": api,
            "select_fields_by_default": True,
        }
        config.write_text(json.dumps(settings))
        words = ("tap-salesforce", "--config", str(config))
        catalog = json.loads(outside.python(TAP, *words, "--discover"))
        for stream in catalog["streams"]:
            for entry in stream["metadata"]:
                if not entry["breadcrumb"]:
                    entry["metadata"] |= {
                        "selected": stream["stream"] in sobjects,
                        "replication-method": "INCREMENTAL",
                        "replication-key": "SystemModstamp",
                    }
        (tmp_path / "catalog.json").write_text(json.dumps(catalog))
        told = outside.python(TAP, *words, "--properties", str(tmp_path / "catalog.json"))
        return [json.loads(line) for line in told.splitlines()]

    return extract


@pytest.mark.parametrize("api", ["REST", "BULK"])
def test_it_finds_out_what_there_is_and_extracts_it(extract: Extract, api: str) -> None:
    told = extract("Opportunity", "Task", api=api)
    records = [each for each in told if each["type"] == "RECORD"]
    deals = {each["record"]["Name"]: each["record"] for each in records
             if each["stream"] == "Opportunity"}  # fmt: skip
    assert sorted(deals) == ["Alpha", "Beta", "Delta", "Gamma"]
    assert (deals["Beta"]["Amount"], deals["Gamma"]["Amount"]) == (250.5, None)
    # What is deleted or archived is told too.
    subjects = {each["record"]["Subject"] for each in records if each["stream"] == "Task"}
    assert subjects == {"Call Ann", "Mail Dee", "Old call", "Mistake"}
    state = [each for each in told if each["type"] == "STATE"][-1]["value"]
    assert state["bookmarks"]["Opportunity"]["SystemModstamp"] == "2026-03-11T09:30:00.000000Z"
