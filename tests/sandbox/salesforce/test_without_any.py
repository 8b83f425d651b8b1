"""Features of which an organisation has none answer, and say so."""

import httpx
import pytest

from integrations.sandbox.salesforce.without_any import EMPTY


@pytest.mark.parametrize("path", [*EMPTY, "/actions"])
def test_what_an_organisation_has_none_of_is_empty_and_not_unknown(
    reading: httpx.Client, path: str
) -> None:
    reply = reading.get(path)
    assert reply.status_code == 200, reply.text
    told = reply.json()
    inside = list(told.values()) if isinstance(told, dict) else [told]
    named = [f"/services/data/v61.0/actions/{kind}" for kind in ("custom", "standard")]
    assert inside == named if path == "/actions" else not any(inside)


def test_what_nobody_ever_heard_of_is_unknown(reading: httpx.Client) -> None:
    assert reading.get("/analytics/nothing").status_code == 404
