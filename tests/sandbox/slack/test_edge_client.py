"""slack-edge, which shares no code with Slack's SDKs, unmodified and over signed HTTP."""

import base64
from collections.abc import Iterator

import pytest

from tests.sandbox.slack.foreign import Foreign, ForeignError, node_program
from tests.sandbox.slack.stage import Slack, ask_until_true, open_slack
from tests.sandbox.slack.views import button


@pytest.fixture(scope="module")
def slack() -> Iterator[Slack]:
    with open_slack() as ready:
        yield ready


@pytest.fixture(scope="module")
def edge(slack: Slack) -> Iterator[Foreign]:
    credentials = slack.credentials
    words = (slack.url, credentials.bot_token, credentials.signing_secret)
    with node_program("edge_app.mjs", *words) as app:
        assert slack.sandbox.verify_request_url(app.heard("ready")["address"])
        yield app


def test_the_client_posts_uploads_and_is_refused_by_name(slack: Slack, edge: Foreign) -> None:
    posted = edge.call("chat.postMessage", channel="U0LENA", text="hello")
    assert slack.sandbox.direct_messages_to("lena")[-1].ts == posted["ts"]
    with pytest.raises(ForeignError) as raised:
        edge.call("chat.postMessage", channel="C0LEADS", text="a private channel")
    assert raised.value.error == "channel_not_found"
    content = base64.b64encode(b"a,b\n1,2\n").decode()
    sales = slack.sandbox.workspace.conversation("sales").id
    edge.ask("upload", file=content, filename="numbers.csv", channel_id=sales, title="Numbers")
    file = slack.sandbox.workspace.files.find(slack.sandbox.messages_in("sales")[-1].files[0])
    assert file is not None
    assert (file.title, file.content) == ("Numbers", b"a,b\n1,2\n")


@pytest.mark.usefixtures("edge")
def test_a_command_is_answered_in_the_acknowledgement(slack: Slack) -> None:
    assert slack.sandbox.type_command("tom", "sales", "/health today").is_acknowledged
    assert slack.sandbox.ephemerals_for("tom")[-1].text == "*All well* for today"


def test_a_modal_opens_complains_and_is_saved(slack: Slack, edge: Foreign) -> None:
    slack.sandbox.type_command("maya", "sales", "/plan")
    ask_until_true(lambda: slack.sandbox.modal_of("maya"))
    refused = slack.sandbox.submit_view("maya", {"words": "more"})
    assert refused.errors == {"promise": "Name a number."}
    assert slack.sandbox.submit_view("maya", {"words": "10 calls"}).is_acknowledged
    assert edge.heard("submitted")["words"] == "10 calls"
    assert slack.sandbox.modal_of("maya") is None


def test_presses_and_events_arrive_with_a_signature_it_accepts(slack: Slack, edge: Foreign) -> None:
    row = {"type": "actions", "elements": [button("done")]}
    slack.client.chat_postMessage(channel="U0TOM", text="A nudge", blocks=[row])
    slack.sandbox.press("tom", slack.sandbox.direct_messages_to("tom")[-1], "done")
    ask_until_true(lambda: slack.sandbox.direct_messages_to("tom")[-1].text == "Marked as done")
    slack.sandbox.open_home("raj")
    home = ask_until_true(lambda: slack.sandbox.home_of("raj"))
    assert home.content["blocks"][0]["text"]["text"] == "Home of U0RAJ"
    slack.sandbox.say("raj", "raj", "a direct message")
    assert edge.heard("message")["text"] == "a direct message"
