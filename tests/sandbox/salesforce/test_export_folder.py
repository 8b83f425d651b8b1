"""Folders of CSV files as Salesforce's Data Export Service writes them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from simple_salesforce.api import Salesforce

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.errors import BadExport
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
CLOCK_START = datetime(2018, 1, 1, tzinfo=UTC)
USER = "005000000000001AAA"


def _clock() -> SandboxClock:
    return SandboxClock(starts_at=CLOCK_START, frozen=True)


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Store]:
    def load(**files: str | bytes) -> Store:
        for name, text in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            (tmp_path / f"{name}.csv").write_bytes(content)
        return Store.from_folder(tmp_path, clock=_clock())

    return load


@pytest.fixture
def query(adapter: Callable[[str], Any]) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    servers: list[Any] = []

    def query(store: Store, statement: str) -> list[dict[str, Any]]:
        server = serve(create_app(store, store.clock))
        session = requests.Session()
        session.mount("https://", adapter(server.url))
        servers.extend([server.stop, session.close])
        sf: Any = Salesforce(session=session, consumer_key="3MVG9sandbox.pacesetter",
                        consumer_secret="sandbox-secret", domain="acme.my",
                        object_pairs_hook=dict)  # fmt: skip
        records = list(sf.query_all_iter(statement))
        for record in records:
            del record["attributes"]
        return records

    yield query
    for close in servers:
        close()


def test_the_whole_public_export_loads_and_adds_up(
    query: Callable[..., list[dict[str, Any]]],
) -> None:
    store = Store.from_folder(DATA / "maven" / "export", clock=_clock())
    counts = {
        name: store.count(store.schema.objects[name])
        for name in ("User", "UserRole", "Account", "Opportunity", "OpportunityHistory", "Contact")
    }
    assert counts == {
        "User": 41, "UserRole": 2, "Account": 85, "Opportunity": 8_800,
        "OpportunityHistory": 15_511, "Contact": 0,
    }  # fmt: skip
    statement = "SELECT COUNT(Id) deals, SUM(Amount) total FROM Opportunity WHERE IsWon = true"
    assert query(store, statement) == [{"deals": 4_238, "total": 10_005_534.0}]
    everything = query(store, "SELECT Id, Owner.Name FROM Opportunity ORDER BY SystemModstamp, Id")
    assert len({record["Id"] for record in everything}) == 8_800
    stages = "SELECT MasterLabel, IsClosed, IsWon FROM OpportunityStage ORDER BY SortOrder"
    assert [tuple(stage.values()) for stage in query(store, stages)] == [
        ("Prospecting", False, False),
        ("Engaging", False, False),
        ("Won", True, True),
        ("Lost", True, False),
    ]


def test_real_export_files_with_marks_and_blank_booleans_load(
    query: Callable[..., list[dict[str, Any]]],
) -> None:
    store = Store.from_folder(DATA / "salesforce_format_samples", clock=_clock())
    [record] = query(
        store,
        "SELECT Name, IsDeleted, IsWon, CreatedDate, CloseDate, Product__c FROM Opportunity "
        "WHERE Id = '006Ec00000AieKGIAZ'",
    )
    assert record == {
        "Name": "Hill Group - Business Loans - June 2023",
        "IsDeleted": False,
        "IsWon": True,
        "CreatedDate": "2024-01-22T16:14:25.000+0000",
        "CloseDate": "2023-06-17",
        "Product__c": "Business Loans",
    }
    [address] = query(store, "SELECT BillingAddress FROM Account WHERE BillingPostalCode = '74929'")
    assert address["BillingAddress"]["city"] == "Katherinemouth"


def test_only_the_columns_of_the_header_are_fields(load: Callable[..., Store]) -> None:
    store = load(Account='"Id","Name","Tier__c"\n"001000000000001AAA","Acme","Gold"\n')
    account = store.schema.objects["Account"]
    assert [field.name for field in account.fields] == [
        "Id", "Name", "Tier__c", "IsDeleted", "CreatedDate", "LastModifiedDate", "SystemModstamp",
    ]  # fmt: skip
    record = store.record(account, "001000000000001AAA") or {}
    assert record["SystemModstamp"] == "2018-01-01T00:00:00.000+0000"
    assert store.schema.find("Contact") is not None
    assert store.schema.find("Task") is None
    assert store.schema.find("ForecastingQuota") is None


def test_values_are_read_in_all_their_spellings(load: Callable[..., Store]) -> None:
    store = load(
        Task="id,isclosed,IsArchived,IsRecurrence,ActivityDate,CreatedDate,CallDurationInSeconds,"
        "Subject\r\n"
        '00T000000000001,TRUE,0,,2024-01-22 00:00:00,2024-01-22 16:14:25,60,"a ""b"", c\nd"\r\n'
        "\r\n"
        "00T000000000002,f,1,true,,2024-01-22T18:14:25+02:00,,NULL\r\n"
    )
    task = store.schema.objects["Task"]
    first = store.record(task, "00T000000000001EAA") or {}
    second = store.record(task, "00T000000000002EAA") or {}
    assert [first[name] for name in ("IsClosed", "IsArchived", "IsRecurrence")] == [1, 0, 0]
    assert (first["ActivityDate"], first["CallDurationInSeconds"]) == ("2024-01-22", 60)
    assert first["Subject"] == 'a "b", c\nd'
    assert first["CreatedDate"] == second["CreatedDate"] == "2024-01-22T16:14:25.000+0000"
    assert (second["ActivityDate"], second["Subject"]) == (None, "NULL")


def test_latin_1_is_understood(load: Callable[..., Store]) -> None:
    store = load(Account="Id,Name\n001000000000001AAA,Café Müller\n".encode("latin-1"))
    record = store.record(store.schema.objects["Account"], "001000000000001AAA") or {}
    assert record["Name"] == "Café Müller"


def test_custom_fields_and_objects_get_the_type_their_values_agree_on(
    load: Callable[..., Store],
) -> None:
    store = load(
        Deal__c="Id,Name,Score__c,Due__c,Seen__c,Phone__c,Account__c,Hot__c,External_id__c\n"
        "a0X000000000001AAA,x,1.5,2024-01-01,2024-01-01T00:00:00Z,4930123456,"
        "001000000000001AAA,true,k1\n"
        "a0X000000000002AAA,y,20,,,4930123457,,false,k2\n",
        Account="Id,Name\n001000000000001AAA,Acme\n",
    )
    deal = store.schema.objects["Deal__c"]
    assert deal.prefix == "a0X"
    kinds = {field.name: field.kind for field in deal.fields if field.custom}
    assert kinds == {
        "Score__c": "double", "Due__c": "date", "Seen__c": "datetime", "Phone__c": "string",
        "Account__c": "reference", "Hot__c": "boolean", "External_id__c": "string",
    }  # fmt: skip
    account = deal.field("Account__c")
    assert account is not None
    assert (account.targets, account.parent_name) == (("Account",), "Account__r")


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        ({"Account": "Name\nAcme\n"},
         ["Account.csv, line 1, column Id: the column is missing"]),
        ({"Account": ""}, ["Account.csv, line 1: the file has no header"]),
        ({"Account": "Id,Account Name\n"},
         ["Account.csv, line 1, column Account Name: 'Account Name' is no API field name"]),
        ({"Account": "Id,Name,name\n"},
         ["Account.csv, line 1, column name: the header names it twice"]),
        ({"Account": "Id,Name\n001000000000001AAA\n"},
         ["Account.csv, line 2: 1 cells where the header has 2"]),
        ({"Account": "Id\nzzz\n"}, ["Account.csv, line 2, column Id: 'zzz' is no Salesforce id"]),
        ({"Account": "Id,Name\n001000000000001AAA,a\n\n001000000000001,b\n"},
         ["Account.csv, line 4, column Id: '001000000000001' is on line 2 already"]),
        ({"Opportunity": "Id,CloseDate,Amount,IsWon,CreatedDate\n"
          '006000000000001AAA,2026-02-30,"1,5",maybe,yesterday\n'},
         ["Opportunity.csv, line 2, column CloseDate: '2026-02-30' is no date",
          "Opportunity.csv, line 2, column Amount: '1,5' is no number",
          "Opportunity.csv, line 2, column IsWon: 'maybe' is no boolean",
          "Opportunity.csv, line 2, column CreatedDate: 'yesterday' is no date and time"]),
        ({"Event": "Id,DurationInMinutes\n00U000000000001AAA,1.5\n"},
         ["Event.csv, line 2, column DurationInMinutes: 1.5 is not a whole number"]),
        ({"Account": 'Id,Name\n001000000000001AAA,"a"b"\n'}, ["Account.csv, line 2:"]),
        ({"Account": "Id\n001000000000001AAA\n", "account": "Id\n001000000000001AAA\n"},
         ["is the same object; keep one of them"]),
    ],
)  # fmt: skip
def test_problems_name_file_line_column_and_the_fix(
    load: Callable[..., Store], files: dict[str, str], problems: list[str]
) -> None:
    with pytest.raises(BadExport) as bad:
        load(**files)
    assert len(bad.value.problems) == len(problems)
    for found, expected in zip(bad.value.problems, problems, strict=True):
        assert expected in found


def test_many_problems_are_counted(load: Callable[..., Store]) -> None:
    rows = "".join(f"006{n:012d}AAA,nonsense\n" for n in range(50))
    with pytest.raises(BadExport) as bad:
        load(Opportunity=f"Id,CloseDate\n{rows}", Account="Name\nx\n")
    lines = str(bad.value).splitlines()
    assert len(lines) == 21
    assert lines[0].startswith("Account.csv")
    assert lines[-1] == "... and 31 more problems"


def test_a_folder_that_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadExport, match="is no folder"):
        Store.from_folder(tmp_path / "nope", clock=_clock())
    with pytest.raises(BadExport, match=r"holds no \.csv file"):
        Store.from_folder(tmp_path, clock=_clock())
