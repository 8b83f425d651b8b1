"""Extractors that others wrote, reading the same tasks: each as its own documentation has it."""

import json
import time
from pathlib import Path

from integrations.salesforce.crm_object import load_objects
from integrations.sandbox.salesforce.sessions import Credentials
from tests.bench.pull_run import TABLE
from tests.outside import INSTANCE, Outside

TAP = "tap-salesforce==2.8.1"
AIO_SF = "aio-sf==0.1.0b14"
EXPORT = """
import asyncio, sys
import httpx
from aio_sf import SalesforceClient, StaticTokenAuth, bulk_query, write_query_to_parquet

instance, client_id, client_secret, statement, file = sys.argv[1:]


async def main():
    told = httpx.post(f"{instance}/services/oauth2/token", data={
        "grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret})
    auth = StaticTokenAuth(instance, told.json()["access_token"])
    async with SalesforceClient(auth) as client:
        await write_query_to_parquet(
            await bulk_query(client, statement, all_rows=True, poll_interval=1), file)


asyncio.run(main())
"""


def fields() -> list[str]:
    task = load_objects()[TABLE]
    return list(dict.fromkeys(["Id", task.cursor, *(each.field for each in task.columns)]))


def extract_with_tap(outside: Outside, folder: Path) -> float:
    """Seconds in which it prints all tasks; nothing stores them."""
    known = Credentials()
    config, catalog = folder / "config.json", folder / "catalog.json"
    settings = {
        "client_id": known.client_id,
        "client_secret": known.client_secret,
        "refresh_token": known.refresh_token,
        "start_date": "2020-01-01T00:00:00Z",
        "api_type": "REST",
    }
    config.write_text(json.dumps(settings))
    found = json.loads(outside.python(TAP, "tap-salesforce", "--config", str(config), "--discover"))
    for stream in found["streams"]:
        for entry in stream["metadata"]:
            if entry["breadcrumb"]:
                entry["metadata"]["selected"] = entry["breadcrumb"][1] in fields()
            else:
                entry["metadata"] |= {
                    "selected": stream["stream"] == "Task",
                    "replication-method": "INCREMENTAL",
                    "replication-key": "SystemModstamp",
                }
    catalog.write_text(json.dumps(found))
    words = ["tap-salesforce", "--config", str(config), "--properties", str(catalog)]
    begin = time.perf_counter()
    outside.python(TAP, *words)
    return time.perf_counter() - begin


def export_with_aio_sf(outside: Outside, folder: Path) -> float:
    """Seconds in which it writes all tasks into a Parquet file, through Bulk 2.0."""
    known = Credentials()
    statement = f"SELECT {', '.join(fields())} FROM Task"  # noqa: S608 -- our own names
    words = [INSTANCE, known.client_id, known.client_secret, statement]
    outside.python(AIO_SF, "python", "-c", "import aio_sf")
    begin = time.perf_counter()
    outside.python(AIO_SF, "python", "-c", EXPORT, *words, str(folder / "tasks.parquet"))
    return time.perf_counter() - begin


EXTRACTORS = {
    "tap-salesforce, printing them": extract_with_tap,
    "aio-sf, into Parquet by bulk jobs": export_with_aio_sf,
}
