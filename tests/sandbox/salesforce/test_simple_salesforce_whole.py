"""Every public method of the installed simple-salesforce, called on one organisation."""

# ruff: noqa: S608 -- the statements are SOQL for a simulated Salesforce

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from simple_salesforce import api, bulk, bulk2, metadata
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceResourceNotFound

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from tests.outside import INSTANCE, open_outside
from tests.sandbox.salesforce.conftest import NOW, VERSION
from tests.sandbox.salesforce.tiny_organisation import ACME, KIM, tiny_organisation

CLASSES = (
    api.Salesforce, api.SFType, bulk.SFBulkHandler, bulk.SFBulkType, bulk2.SFBulk2Handler,
    bulk2.SFBulk2Type, metadata.SfdcMetadataApi, metadata.MetadataType,
)  # fmt: skip
SOON = {"wait": 0.01}
LAST_WEEK = (NOW - timedelta(days=7), NOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    sf: Any
    folder: Path

    def made(self, **fields: object) -> str:
        return str(self.sf.Account.create({"Name": "Made", **fields})["id"])

    def file(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return str(self.folder / name)

    def package(self) -> str:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("package.xml", "<Package/>")
        return self.file("package.zip", packed.getvalue())

    def inserted(self) -> str:
        """An ingest job of one good row and one bad."""
        rows = [{"Name": "Row", "Fax": "1"}, {"Name": "", "Fax": "2"}]
        return str(self.sf.bulk2.Account.insert(records=rows, **SOON)[0]["job_id"])

    def uploaded(self) -> str:
        path = self.file("note.txt", b"first \x00 words")
        return str(self.sf.ContentVersion.upload_base64(path, "VersionData").json()["id"])

    def retrieved(self) -> str:
        asked = {"CustomObject": ["Account"]}
        return str(self.sf.mdapi.retrieve("0Af", unpackaged=asked)[0])


def _names(found: Any) -> list[str]:
    return [each["Name"] for each in found]


def _refused(call: Callable[[], object]) -> bool:
    with pytest.raises(Exception, match=r"A__c: .INSUFFICIENT_ACCESS.*cannot be changed"):
        call()
    return True


def _blob_after_update(client: Client) -> object:
    record = client.uploaded()
    client.sf.ContentVersion.update_base64(
        record, client.file("b", b"second"), base64_field="VersionData"
    )
    return client.sf.ContentVersion.get_base64(record, "VersionData")


def _downloaded(client: Client) -> object:
    folder = str(client.folder)
    parts = client.sf.bulk2.Opportunity.download(DEALS, folder, max_records=3, **SOON)
    lines = [line for part in parts for line in Path(part["file"]).read_text().splitlines()[1:]]
    return [line.strip('"') for line in lines]


def _changed_name(client: Client, change: Callable[[str], object]) -> object:
    record = client.made()
    change(record)
    return client.sf.Account.get(record)["Name"]


def _is_gone(client: Client, change: Callable[[str], object], *, from_bin: bool = False) -> bool:
    record = client.made()
    change(record)
    asked = f"SELECT COUNT() FROM Account WHERE Id = '{record}'"
    return bool(client.sf.query(asked, include_deleted=from_bin)["totalSize"] == 0)


def _one_batch(client: Client) -> object:
    handler = client.sf.bulk.Account
    job = handler._create_job("insert", use_serial=False)
    batch = handler._add_batch(job["id"], [{"Name": "Worked"}], "insert")
    return [row["success"] for page in handler.worker(batch, "insert") for row in page]


def _locked(method: str, *words: object) -> Callable[[Client], object]:
    return lambda c: _refused(lambda: getattr(c.sf.mdapi.CustomObject, method)(*words))


DEALS = "SELECT Name FROM Opportunity ORDER BY Name"
_A = [{"fullName": "A__c"}]
LOCKED: Mapping[str, list[Any]] = {
    "create": [_A], "update": [_A], "upsert": [_A], "delete": [["A__c"]],
    "rename": ["A__c", "B__c"],
}  # fmt: skip
NEW, UPSERTED = [{"Name": "V1"}], [{"Name": "V1", "External_Key__c": "v1"}]
OBJECT = "CustomObject"
#: The method, what is done with it, and what must come of it.
CALLS: Mapping[str, tuple[Callable[[Client], object], object]] = {
    "Salesforce.describe": (
        lambda c: "Account" in {each["name"] for each in c.sf.describe()["sobjects"]}, True),
    "Salesforce.is_sandbox": (lambda c: c.sf.is_sandbox(), True),
    "Salesforce.set_password": (lambda c: c.sf.set_password(KIM, "correct-horse"), None),
    "Salesforce.restful": (
        lambda c: c.sf.restful("limits")["DailyApiRequests"]["Max"], 100_000),
    "Salesforce.oauth2": (
        lambda c: c.sf.oauth2("userinfo")["preferred_username"], Credentials().username),
    "Salesforce.search": (
        lambda c: _names(c.sf.search("FIND {Acm*} RETURNING Account(Name)")["searchRecords"]),
        ["Acme"]),
    "Salesforce.quick_search": (
        lambda c: [each["Id"] for each in c.sf.quick_search("Acme")["searchRecords"]], [ACME]),
    "Salesforce.limits": (lambda c: "DailyBulkApiBatches" in c.sf.limits(), True),
    "Salesforce.query": (lambda c: _names(c.sf.query(DEALS)["records"]), ["Alpha", "Beta"]),
    "Salesforce.query_more": (
        lambda c: _names(
            c.sf.query_more(c.sf.query(DEALS)["nextRecordsUrl"], identifier_is_url=True)["records"]
        ),
        ["Delta", "Gamma"]),
    "Salesforce.query_all_iter": (
        lambda c: len(list(c.sf.query_all_iter("SELECT Id FROM Task", include_deleted=True))), 4),
    "Salesforce.query_all": (
        lambda c: c.sf.query_all("SELECT Id FROM Opportunity")["totalSize"], 4),
    "Salesforce.toolingexecute": (
        lambda c: c.sf.toolingexecute("query/?q=SELECT+Name+FROM+ApexClass")["entityTypeName"],
        "ApexClass"),
    "Salesforce.apexecute": (
        lambda c: _status(lambda: c.sf.apexecute("Mine", method="POST", data={})), 404),
    "Salesforce.parse_api_usage": (
        lambda c: (c.sf.limits(), c.sf.api_usage["api-usage"].total)[1], 100_000),
    "Salesforce.parse_result_to_json": (
        lambda c: c.sf.parse_result_to_json(c.sf._call_salesforce("GET", c.sf.base_url))["query"],
        f"/services/data/v{VERSION}/query"),
    "Salesforce.mdapi": (lambda c: type(c.sf.mdapi).__name__, "SfdcMetadataApi"),
    "Salesforce.deploy": (lambda c: c.sf.deploy(c.package(), sandbox=True)["state"], "Queued"),
    "Salesforce.checkDeployStatus": (
        lambda c: c.sf.checkDeployStatus("0Af1")["deployment_detail"]["failed_count"], "1"),
    "SFType.session_id": (lambda c: c.sf.Account.session_id == c.sf.session_id, True),
    "SFType.metadata": (lambda c: c.sf.Account.metadata()["objectDescribe"]["name"], "Account"),
    "SFType.describe": (lambda c: len(c.sf.Account.describe()["fields"]) > 20, True),
    "SFType.describe_layout": (
        lambda c: c.sf.Account.describe_layout("012000000000000AAA")["detailLayoutSections"][0][
            "layoutRows"][0]["layoutItems"][0]["label"], "Id"),
    "SFType.get": (lambda c: c.sf.Account.get(ACME)["Name"], "Acme"),
    "SFType.get_by_custom_id": (
        lambda c: c.sf.Account.get_by_custom_id("External_Key__c", "key-A")["Id"], ACME),
    "SFType.create": (lambda c: c.sf.Account.create({"Name": "x"})["success"], True),
    "SFType.upsert": (lambda c: c.sf.Account.upsert("External_Key__c/whole", {"Name": "x"}), 201),
    "SFType.update": (
        lambda c: _changed_name(c, lambda i: c.sf.Account.update(i, {"Name": "y"})), "y"),
    "SFType.delete": (lambda c: _is_gone(c, c.sf.Account.delete), True),
    "SFType.deleted": (
        lambda c: len(c.sf.Task.deleted(*LAST_WEEK)["deletedRecords"]), 1),
    "SFType.updated": (lambda c: len(c.sf.Task.updated(*LAST_WEEK)["ids"]), 2),
    "SFType.parse_result_to_json": (
        lambda c: c.sf.Account.parse_result_to_json(
            c.sf.Account._call_salesforce("GET", f"{c.sf.Account.base_url}{ACME}"))["Id"], ACME),
    "SFType.upload_base64": (lambda c: c.uploaded()[:3], "068"),
    "SFType.update_base64": (_blob_after_update, b"second"),
    "SFType.get_base64": (
        lambda c: c.sf.ContentVersion.get_base64(c.uploaded(), "VersionData"),
        b"first \x00 words"),
    "SFBulkHandler.submit_dml": (
        lambda c: c.sf.bulk.submit_dml("Account", "insert", NEW)[0]["created"], True),
    "SFBulkType.submit_dml": (
        lambda c: c.sf.bulk.Account.submit_dml("upsert", UPSERTED, "External_Key__c")[0][
            "success"], True),
    "SFBulkType.worker": (_one_batch, [True]),
    "SFBulkType.insert": (lambda c: c.sf.bulk.Account.insert(NEW)[0]["created"], True),
    "SFBulkType.upsert": (
        lambda c: c.sf.bulk.Account.upsert(UPSERTED, "External_Key__c")[0]["success"], True),
    "SFBulkType.update": (
        lambda c: _changed_name(
            c, lambda i: c.sf.bulk.Account.update([{"Id": i, "Name": "z"}])), "z"),
    "SFBulkType.delete": (
        lambda c: _is_gone(c, lambda i: c.sf.bulk.Account.delete([{"Id": i}])), True),
    "SFBulkType.hard_delete": (
        lambda c: _is_gone(
            c, lambda i: c.sf.bulk.Account.hard_delete([{"Id": i}]), from_bin=True), True),
    "SFBulkType.query": (
        lambda c: _names(c.sf.bulk.Account.query("SELECT Name FROM Account WHERE Fax = 'no'")), []),
    "SFBulkType.query_all": (
        lambda c: len(c.sf.bulk.Task.query_all("SELECT Id FROM Task")), 4),
    "SFBulk2Type.insert": (
        lambda c: c.sf.bulk2.Account.insert(records=NEW, **SOON)[0]["numberRecordsProcessed"], 1),
    "SFBulk2Type.upsert": (
        lambda c: c.sf.bulk2.Account.upsert(
            c.file("u.csv", b"Name,External_Key__c\nU,u-1\n"), external_id_field="External_Key__c",
            **SOON)[0]["numberRecordsFailed"], 0),
    "SFBulk2Type.update": (
        lambda c: _changed_name(c, lambda i: c.sf.bulk2.Account.update(
            records=[{"Id": i, "Name": "w"}], **SOON)), "w"),
    "SFBulk2Type.delete": (
        lambda c: _is_gone(
            c, lambda i: c.sf.bulk2.Account.delete(records=[{"Id": i}], **SOON)), True),
    "SFBulk2Type.hard_delete": (
        lambda c: _is_gone(
            c, lambda i: c.sf.bulk2.Account.hard_delete(records=[{"Id": i}], **SOON),
            from_bin=True), True),
    "SFBulk2Type.query": (
        lambda c: list(c.sf.bulk2.Account.query(
            f"SELECT Name FROM Account WHERE Id = '{ACME}'", **SOON)), ['"Name"\n"Acme"\n']),
    "SFBulk2Type.query_all": (
        lambda c: [page.count("\n") for page in c.sf.bulk2.Task.query_all(
            "SELECT Id FROM Task", max_records=3, **SOON)], [4, 2]),
    "SFBulk2Type.download": (_downloaded, ["Alpha", "Beta", "Delta", "Gamma"]),
    "SFBulk2Type.get_successful_records": (
        lambda c: "Row" in c.sf.bulk2.Account.get_successful_records(c.inserted()), True),
    "SFBulk2Type.get_failed_records": (
        lambda c: "REQUIRED" in c.sf.bulk2.Account.get_failed_records(c.inserted()), True),
    "SFBulk2Type.get_unprocessed_records": (
        lambda c: c.sf.bulk2.Account.get_unprocessed_records(c.inserted()).count("\n"), 1),
    "SFBulk2Type.get_all_ingest_records": (
        lambda c: {kind: len(rows) for kind, rows in
                   c.sf.bulk2.Account.get_all_ingest_records(c.inserted()).items()},
        {"successfulRecords": 1, "failedRecords": 1, "unprocessedRecords": 0}),
    "SfdcMetadataApi.describe_metadata": (
        lambda c: c.sf.mdapi.describe_metadata().metadataObjects[0].xmlName, OBJECT),
    "SfdcMetadataApi.list_metadata": (
        lambda c: "Account" in {each.fullName for each in
                                c.sf.mdapi.list_metadata([{"type": OBJECT}])}, True),
    "SfdcMetadataApi.deploy": (
        lambda c: c.sf.mdapi.deploy(c.package(), sandbox=False)[1], "Queued"),
    "SfdcMetadataApi.check_deploy_status": (
        lambda c: c.sf.mdapi.check_deploy_status("0Af1")[0], "Failed"),
    "SfdcMetadataApi.get_component_error_count": (
        lambda c: c.sf.mdapi.get_component_error_count("3"), 3),
    "SfdcMetadataApi.download_unit_test_logs": (
        lambda c: c.sf.mdapi.download_unit_test_logs("0Af1"), None),
    "SfdcMetadataApi.retrieve": (lambda c: c.retrieved()[:3], "0Af"),
    "SfdcMetadataApi.retrieve_retrieve_result": (
        lambda c: len(c.sf.mdapi.retrieve_retrieve_result(c.retrieved(), "false")), 4),
    "SfdcMetadataApi.retrieve_zip": (
        lambda c: zipfile.ZipFile(io.BytesIO(c.sf.mdapi.retrieve_zip(c.retrieved())[3])).namelist(),
        ["package.xml"]),
    "SfdcMetadataApi.check_retrieve_status": (
        lambda c: c.sf.mdapi.check_retrieve_status(c.retrieved())[0], "Succeeded"),
    "MetadataType.read": (
        lambda c: c.sf.mdapi.CustomObject.read(["Account"]).label, "Account"),
    "MetadataType.describe": (lambda c: c.sf.mdapi.CustomObject.describe().apiReadable, True),
    **{f"MetadataType.{name}": (_locked(name, *words), True) for name, words in LOCKED.items()},
}  # fmt: skip


def _status(call: Callable[[], object]) -> object:
    with pytest.raises(SalesforceResourceNotFound) as refused:
        call()
    return refused.value.status


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One organisation for all: every call makes what it changes. Not even the address is new."""
    clock = SandboxClock(starts_at=NOW, frozen=True)
    store = Store.from_changes(tiny_organisation(), clock=clock)
    folder, known = tmp_path_factory.mktemp("simple-salesforce"), Credentials()
    app = create_app(store, clock, page_size=2, instance_url=INSTANCE)
    with open_outside(app, folder) as outside, pytest.MonkeyPatch.context() as patched:
        for name, value in outside.environment.items():
            patched.setenv(name, value)
        sf = Salesforce(consumer_key=known.client_id, consumer_secret=known.client_secret,
                        domain="acme.my", version=VERSION)  # fmt: skip
        yield Client(sf=sf, folder=folder)
    store.close()


@pytest.mark.parametrize("method", sorted(CALLS))
def test_it_does_what_it_says(client: Client, method: str) -> None:
    call, expected = CALLS[method]
    assert call(client) == expected


def test_no_public_method_is_left_out() -> None:
    there = {f"{each.__name__}.{name}" for each in CLASSES for name in vars(each) if name[0] != "_"}
    assert there == set(CALLS)
