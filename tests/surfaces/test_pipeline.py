"""/pipeline: a manager's own team, any window, and sums that add up as they are read."""

import re

import pytest
from slack_bolt import App
from syrupy.assertion import SnapshotAssertion

from bot.domain.errors import NotAllowed, UnclearWords
from bot.runtime import Runtime
from tests.office import answers, asked, read_aloud
from tests.slack_world import SlackWorld, wait_until

AMOUNT = re.compile("([+\u2212]|Start|End)[^$]*[$]([0-9,]+)")


def test_it_reads_as_it_should(office: Runtime, snapshot: SnapshotAssertion) -> None:
    assert read_aloud(office, "/pipeline", by="maria") == snapshot


def test_what_is_read_adds_up_and_bears_its_currency(office_bot: App, slack: SlackWorld) -> None:
    _ = office_bot
    blocks = answers(slack, "/pipeline last 8 weeks", person="maria").blocks
    # The picture's alternative text tells the same sums once more.
    text = str([block for block in blocks if block["type"] != "image"])
    total, end = 0, 0
    for sign, digits in AMOUNT.findall(text):
        amount = int(digits.replace(",", ""))
        total += {"Start": amount, "+": amount, "\u2212": -amount, "End": 0}[sign]
        end = amount if sign == "End" else end
    assert end == total == 120_000
    assert slack.sandbox.messages_in("sales") == []


def test_it_may_be_shared_and_names_nobody(office_bot: App, slack: SlackWorld) -> None:
    _ = office_bot
    slack.sandbox.type_command("maria", "sales", "/pipeline share")
    [shared] = wait_until(lambda: slack.sandbox.messages_in("sales"))
    assert "Only you see this" not in str(shared.blocks)
    assert not re.search("Kim|Sam", str(shared.blocks))


@pytest.mark.parametrize(
    ("line", "by", "refusal", "said"),
    [
        ("/pipeline", "kim", NotAllowed, "for managers"),
        ("/pipeline sam", "maria", NotAllowed, "You may ask about: Maria"),
        ("/pipeline last 0 weeks", "maria", UnclearWords, "last 4 weeks"),
    ],
)
def test_odd_words_and_other_people_get_a_hint(
    office: Runtime, line: str, by: str, refusal: type[Exception], said: str
) -> None:
    with pytest.raises(refusal) as refused:
        asked(office, line, by=by)
    assert said in str(refused.value)
