from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.storage.mirror import MIRROR_TABLES
from integrations.salesforce.crm_object import (
    UnusableRecord,
    load_objects,
    mirror,
    mirrored,
    soql,
)
from integrations.salesforce.parsing import (
    parse_cents,
    parse_count,
    parse_currency,
    parse_day,
    parse_id,
    parse_instant,
    parse_number,
    parse_text,
    parse_truth,
)

OBJECTS = load_objects()
#: What no Salesforce field of the object holds: these records are never in the bin.
OURS_ALONE = {
    table: {"is_deleted"}
    for table in (
        *("crm_user", "crm_role", "opportunity_stage", "quota"),
        *("record_type", "currency_type", "dated_conversion_rate"),
        *("organization", "fiscal_period", "task_status"),
    )
}


@pytest.mark.parametrize("table", MIRROR_TABLES)
def test_every_column_of_the_mirror_is_filled_and_no_other(table: str) -> None:
    columns = {column.name for column in MIRROR_TABLES[table].__table__.columns}  # type: ignore[attr-defined]  # SQLModel does not declare it
    filled = {column.name for column in OBJECTS[table].columns}
    assert filled == columns - OURS_ALONE.get(table, set())


@pytest.mark.parametrize("table", MIRROR_TABLES)
def test_what_the_mirror_cannot_do_without_is_required(table: str) -> None:
    required = {column.name for column in OBJECTS[table].columns if column.is_required}
    needed = {
        column.name
        for column in MIRROR_TABLES[table].__table__.columns  # type: ignore[attr-defined]  # SQLModel does not declare it
        if not column.nullable and column.default is None
    }
    assert required == needed


def test_formulas_are_told_from_what_moves_the_stamp() -> None:
    fields = {column.field for column in OBJECTS["opportunity"].columns}
    fitted = OBJECTS["opportunity"].fitted(fields, calculated={"Amount"}).crm_object
    alone = {column.name for column in fitted.columns if column.is_unstamped}
    assert alone == {"amount_cents", "last_activity_on"}


def test_people_come_first() -> None:
    assert next(iter(OBJECTS.values())).rank == 0
    assert list(OBJECTS).index("crm_user") < list(OBJECTS).index("account")
    assert OBJECTS.keys() == MIRROR_TABLES.keys()


def test_a_query_asks_for_a_half_open_window_in_a_total_order() -> None:
    since, until = datetime(2026, 3, 9, 8, tzinfo=UTC), datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert soql(OBJECTS["crm_role"], ["Id", "Name"], since=since, until=until) == (
        "SELECT Id, Name FROM UserRole WHERE SystemModstamp >= 2026-03-09T08:00:00Z"
        " AND SystemModstamp < 2026-03-09T09:00:00Z ORDER BY SystemModstamp, Id"
    )


def event(**fields: object) -> dict[str, object]:
    stamps = dict.fromkeys(("CreatedDate", "SystemModstamp"), "2026-03-09T08:00:00.000+0000")
    known = {"Id": "00U000000000001AAA", "OwnerId": "005000000000001AAA", **stamps}
    return mirror(OBJECTS["crm_event"], {**known, **fields})


def test_an_all_day_event_has_days_where_salesforce_gives_midnights() -> None:
    row = event(
        IsAllDayEvent=True,
        StartDateTime="2026-03-09T00:00:00.000+0000",
        EndDateTime="2026-03-11T00:00:00.000+0000",
    )
    assert (row["activity_on"], row["ends_on"]) == (date(2026, 3, 9), date(2026, 3, 11))


def test_a_meeting_has_no_days_of_its_own() -> None:
    row = event(IsAllDayEvent=False, StartDateTime="2026-03-09T23:30:00.000-0800")
    assert row["activity_on"] is None
    assert row["starts_at"] == datetime(2026, 3, 10, 7, 30, tzinfo=UTC)


def test_a_record_without_an_owner_says_which_field_it_lacks() -> None:
    with pytest.raises(UnusableRecord, match="OwnerId: is empty"):
        event(OwnerId=None)


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        (None, None),
        ("", None),
        ("0.1", 10),
        (Decimal("12345678901.07"), 1234567890107),
        (1000, 100000),
        ("1.0E7", 1000000000),
        ("-3.999", -400),
        ("0.125", 12),
    ],
)
def test_money_becomes_whole_hundredths(value: object, cents: int | None) -> None:
    assert parse_cents(value) == cents


@pytest.mark.parametrize(
    ("parse", "value"),
    [
        (parse_cents, "1e400"),
        (parse_cents, "NaN"),
        (parse_cents, "1,50"),
        (parse_cents, "1" * 30),
        (parse_number, True),
        (parse_count, "1.5"),
        (parse_count, 2**31),
        (parse_count, "1e12"),
        (parse_currency, "Euro"),
        (parse_day, "09.03.2026"),
        (parse_day, "2026-02-30"),
        (parse_day, "2026-03-09T99:00"),
        (parse_instant, "2026-03-09"),
        (parse_instant, "yesterday"),
        (parse_instant, "0001-01-01T00:00:00+14:00"),
        (parse_id, "005"),
        (parse_id, "005'; DROP TABLE a"),
        (parse_truth, "maybe"),
    ],
)
def test_what_is_no_value_of_its_kind_is_refused(parse: Any, value: object) -> None:
    with pytest.raises(ValueError, match=r"not|neither|more"):
        parse(value)


@pytest.mark.parametrize(
    ("parse", "value", "parsed"),
    [
        (parse_text, "a\x00b", "ab"),
        (parse_text, "\ud83d", "?"),
        (parse_text, "\x00", None),
        (parse_count, Decimal("3.0"), 3),
        (parse_number, "40", 40.0),
        (parse_day, "2026-03-09 00:00:00", date(2026, 3, 9)),
        (parse_truth, " TRUE ", True),
        (parse_truth, None, False),
        (parse_id, "006Ec00000AieKG", "006Ec00000AieKGIAZ"),
    ],
)
def test_odd_ways_of_writing_are_understood(parse: Any, value: object, parsed: object) -> None:
    assert parse(value) == parsed


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("001000000000001aaa", "001000000000001AAA"),
        ("006ec00000aiekgiaz", "006Ec00000AieKGIAZ"),
        ("006Ec00000AieKGIAZ", "006Ec00000AieKGIAZ"),
        # Not how Salesforce ends an id, so nothing is known of its case.
        ("00600000000000z9z9", "00600000000000z9z9"),
    ],
)
def test_an_id_in_small_letters_is_the_one_that_its_checksum_says(written: str, meant: str) -> None:
    assert parse_id(written) == meant
    [row] = mirrored(OBJECTS["crm_role"], [role(written)])
    assert row["id"] == meant


def role(key: str) -> dict[str, object]:
    return {"Id": key, "Name": "R", "SystemModstamp": "2026-03-09T08:00:00.000+0000"}
