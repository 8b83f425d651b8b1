"""aiosalesforce, an asynchronous client, unmodified, against the sandbox."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from tests.outside import INSTANCE, open_outside
from tests.sandbox.salesforce.conftest import NOW
from tests.sandbox.salesforce.tiny_organisation import tiny_organisation

CLIENT = "aiosalesforce==0.6.2"
PROGRAM = """
import asyncio, json, ssl, sys
import httpx
from aiosalesforce import ClientCredentialsFlow, Salesforce, SoapLogin

instance, client_id, client_secret, username, password, token = sys.argv[1:]


async def main():
    told = {}
    async with httpx.AsyncClient() as http:
        soap = Salesforce(http, instance, SoapLogin(username, password, token))
        told["soap"] = [each["Name"] async for each in soap.query(
            "SELECT Name FROM Opportunity ORDER BY Name")]
        client = Salesforce(http, instance, ClientCredentialsFlow(client_id, client_secret))
        told["deleted"] = len([each async for each in client.query(
            "SELECT Id FROM Task", include_all_records=True)])
        made = await client.sobject.create("Account", {"Name": "Async"})
        await client.sobject.update("Account", made, {"Industry": "Tech"})
        read = await client.sobject.get("Account", made, fields=["Name", "Industry"])
        told["read"] = read["Industry"]
        told["upserted"] = [
            (await client.sobject.upsert(
                "Account", "aio", "External_Key__c", {"Name": name})).created
            for name in ("A", "B")]
        await client.sobject.delete("Account", made)
        async with client.composite(all_or_none=True) as parts:
            account = parts.sobject.create("Account", {"Name": "Parent"})
            contact = parts.sobject.create(
                "Contact", {"LastName": "Child", "AccountId": str(account.reference.id)})
            query = parts.query("SELECT Account.Name FROM Contact WHERE LastName = 'Child'")
        told["composite"] = query.records[0]["Account"]["Name"]
        async with client.composite.batch(halt_on_error=True) as batch:
            counted = batch.query("SELECT COUNT(Id) n FROM Account WHERE Name = 'Parent'")
        told["batch"] = counted.records[0]["n"]
        loaded = await client.bulk_v2.insert(
            "Contact", [{"LastName": f"Bulk {n}", "FirstName": 'a "b", c'} for n in range(3)])
        told["bulk"] = [loaded.jobs[0].state, len(loaded.successful_results),
                        loaded.successful_results[0]["FirstName"]]
        told["limits"] = (await client.get_limits())["DailyApiRequests"]["Max"]
    print(json.dumps(told))


asyncio.run(main())
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    known = Credentials()
    clock = SandboxClock(starts_at=NOW, frozen=True)
    store = Store.from_changes(tiny_organisation(), clock=clock)
    app = create_app(store, clock, page_size=2, instance_url=INSTANCE)
    folder: Path = tmp_path_factory.mktemp("outside")
    words = (known.client_id, known.client_secret, known.username, known.password)
    with open_outside(app, folder) as outside:
        printed = outside.python(
            CLIENT, "python", "-c", PROGRAM, INSTANCE, *words, known.security_token
        )
    store.close()
    answer: dict[str, Any] = json.loads(printed)
    return answer


def test_it_logs_in_and_queries(told: dict[str, Any]) -> None:
    assert told["soap"] == ["Alpha", "Beta", "Delta", "Gamma"]
    assert (told["deleted"], told["limits"]) == (4, 100_000)


def test_it_creates_changes_upserts_and_deletes(told: dict[str, Any]) -> None:
    assert (told["read"], told["upserted"]) == ("Tech", [True, False])


def test_it_puts_several_requests_into_one(told: dict[str, Any]) -> None:
    assert (told["composite"], told["batch"]) == ("Parent", 1)


def test_it_loads_in_bulk(told: dict[str, Any]) -> None:
    assert told["bulk"] == ["JobComplete", 3, 'a "b", c']
