"""What a user may do with records, as clients ask it of UserRecordAccess."""

from collections.abc import Callable

import httpx
import pytest

Ask = Callable[..., httpx.Response]
ASKED = "SELECT RecordId, HasEditAccess, MaxAccessLevel FROM UserRecordAccess WHERE "


def test_everybody_may_do_everything_with_a_record_that_is_there(
    ask: Ask, ids: dict[str, str]
) -> None:
    wanted = ids["Acme"], ids["Beta"], "001000000000777AAA"
    listed = ", ".join(f"'{each}'" for each in wanted)
    where = f"UserId = '{ids['Kim']}' AND RecordId IN ({listed})"
    records = ask(ASKED + where).json()["records"]
    assert [each["RecordId"] for each in records] == list(wanted)
    assert [each["HasEditAccess"] for each in records] == [True, True, False]
    assert [each["MaxAccessLevel"] for each in records] == ["All", "All", "None"]
    assert ask(f"{ASKED}{where} AND HasReadAccess = true").json()["totalSize"] == 2


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("RecordId = '{Acme}'", "MALFORMED_QUERY"),
        ("UserId = '{Kim}' OR RecordId = '{Acme}'", "MALFORMED_QUERY"),
        ("UserId = 'Kim' AND RecordId = '{Acme}'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("UserId = '{Kim}' AND RecordId = '{Acme}' AND Mood = 'good'", "INVALID_FIELD"),
    ],
)
def test_it_is_asked_for_one_user_and_named_records(
    ask: Ask, ids: dict[str, str], where: str, code: str
) -> None:
    assert ask(ASKED + where.format(**ids)).json()[0]["errorCode"] == code
