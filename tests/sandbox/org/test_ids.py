import re

import pytest

from integrations.sandbox.org import Org
from integrations.sandbox.org.ids import KEY_PREFIXES, IdSource, with_checksum

#: Ids of real records, as Salesforce's own sample exports print them.
REAL_IDS = ("001Ec00000FzlUdIAJ", "005Ec000004o8yHIAQ", "00TEc00000Co1WhMAJ", "00QEc00000BBaeXMAT")


@pytest.mark.parametrize("real", REAL_IDS)
def test_the_checksum_is_the_one_that_salesforce_computes(real: str) -> None:
    assert with_checksum(real[:15]) == real


def test_ids_of_one_object_are_never_drawn_twice() -> None:
    source = IdSource()
    drawn = [source.draw("Task") for _ in range(5000)]
    assert len(set(drawn)) == len(drawn)
    # The long form exists so that ids differ even where case does not count.
    assert len({record.lower() for record in drawn}) == len(drawn)


def test_an_unknown_object_has_no_ids() -> None:
    with pytest.raises(KeyError):
        IdSource().draw("Widget__c")


def test_every_record_bears_an_id_of_its_object(world: Org) -> None:
    for change in world.changes:
        assert re.fullmatch(r"[A-Za-z0-9]{18}", change.id)
        assert change.id.startswith(KEY_PREFIXES[change.sobject])
        assert with_checksum(change.id[:15]) == change.id
