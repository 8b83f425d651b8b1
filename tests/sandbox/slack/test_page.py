"""The page as it is sent: what each person may see, and that nothing in it runs."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from integrations.sandbox.slack.page.routes import next_monday
from tests.sandbox.slack.stage import Json, Opener, Slack

EVIL = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


def page(slack: Slack, **query: str) -> str:
    answer = httpx.get(slack.url, params=query)
    assert answer.status_code == 200
    return answer.text


def test_the_page_opens_with_the_given_person_and_says_what_to_do(opened: Opener) -> None:
    with opened(intro="Pick a person & type /", person="tom") as slack:
        html = page(slack)
    assert 'data-person="U0TOM"' in html
    assert "Pick a person &amp; type /" in html


def test_hostile_text_stays_text_wherever_it_stands(slack: Slack) -> None:
    plain = {"type": "plain_text", "text": EVIL[:70]}
    option = {"text": plain, "value": EVIL, "description": plain}
    element = {"type": "static_select", "action_id": EVIL, "options": [option]}
    raw = {"type": "raw_text", "text": EVIL}
    blocks: list[Json] = [
        {"type": "header", "text": plain},
        {"type": "section", "text": {"type": "mrkdwn", "text": EVIL}, "fields": [plain]},
        {"type": "context", "elements": [plain]},
        {"type": "actions", "block_id": EVIL, "elements": [element]},
        {"type": "table", "rows": [[raw]]},
        {"type": "markdown", "text": EVIL},
        {
            "type": "data_visualization",
            "title": EVIL[:50],
            "chart": {"type": "pie", "segments": [{"label": EVIL[:20], "value": 1}]},
        },
    ]
    slack.client.chat_postMessage(channel="U0TOM", text=EVIL, blocks=blocks)
    slack.client.views_publish(
        user_id="U0TOM", view={"type": "home", "blocks": [blocks[0], blocks[3]]}
    )
    said = slack.sandbox.say("tom", "tom", EVIL)
    # Slack would refuse its address; should one ever get in, the page shows nothing of it.
    image = {"type": "image", "alt_text": EVIL, "image_url": "javascript:alert(1)", "title": plain}
    slack.sandbox.workspace.post(replace(said, ts="1.000001", blocks=({**image, "block_id": "i"},)))
    for tab in ("messages", "home", "log"):
        html = page(slack, **{"as": "tom", "tab": tab})
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript' not in html
        assert 'src="javascript' not in html


def test_the_policy_forbids_scripts_of_others(slack: Slack) -> None:
    policy = httpx.get(slack.url).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_nothing_on_the_page_is_fetched_from_elsewhere(slack: Slack) -> None:
    html = page(slack)
    for name in ("page.css", "blocks.css", "page.js", "morph.js", "icon.svg"):
        assert f"/page/static/{name}" in html
        text = httpx.get(f"{slack.url}/page/static/{name}").text
        assert "//" not in text.replace("http://www.w3.org/2000/svg", "").replace("// ", "")
    assert httpx.get(f"{slack.url}/page/static/routes.py").status_code == 404


def test_a_private_channel_shows_only_to_its_members(slack: Slack) -> None:
    slack.sandbox.say("maya", "leads", "secret plan")
    assert "secret plan" in page(slack, **{"as": "maya", "in": "C0LEADS"})
    assert "leads" not in page(slack, **{"as": "tom"})
    refused = httpx.get(slack.url, params={"as": "tom", "in": "C0LEADS"})
    assert refused.status_code == 404


def test_another_persons_direct_messages_never_show(slack: Slack) -> None:
    slack.client.chat_postMessage(channel="U0TOM", text="only for Tom")
    direct = slack.client.conversations_open(users="U0TOM")["channel"]["id"]
    assert "only for Tom" not in page(slack, **{"as": "maya", "in": direct})
    assert "only for Tom" in page(slack, **{"as": "tom", "in": direct})


def test_ephemeral_messages_show_only_to_whom_they_are_for(slack: Slack) -> None:
    slack.client.chat_postEphemeral(channel="C0SALES", user="U0TOM", text="psst")
    assert "Only visible to you" in page(slack, **{"as": "tom", "in": "C0SALES"})
    assert "psst" not in page(slack, **{"as": "maya", "in": "C0SALES"})


def test_the_list_of_people_counts_who_got_messages(slack: Slack) -> None:
    for _ in range(3):
        slack.client.chat_postMessage(channel="U0LENA", text="x")
    html = page(slack, **{"as": "maya"})
    lena = html.split('data-see-as="U0LENA"')[1].split("</a>")[0]
    tom = html.split('data-see-as="U0TOM"')[1].split("</a>")[0]
    assert 'aria-label="3 unread"' in lena
    assert "unread" not in tom


def test_times_are_those_of_the_persons_own_zone(slack: Slack) -> None:
    assert "08:30" in page(slack, **{"as": "maya"})
    assert "03:30" in page(slack, **{"as": "tom"})
    assert "13:00" in page(slack, **{"as": "raj"})


def test_people_and_places_that_do_not_exist_are_not_found(slack: Slack) -> None:
    for query in ({"as": "nobody"}, {"in": "C0NOWHERE"}):
        assert httpx.get(slack.url, params=query).status_code == 404


def test_a_place_that_is_not_there_leads_back(slack: Slack) -> None:
    answer = httpx.get(slack.url, params={"as": "nobody"})
    assert answer.status_code == 404
    assert '<a href="/">Back to the workspace</a>' in answer.text


def test_an_uploaded_picture_is_shown_and_anything_else_only_downloaded(slack: Slack) -> None:
    picture = slack.client.files_upload_v2(filename="a.png", content=b"png")["files"][0]["id"]
    script = slack.client.files_upload_v2(filename="a.html", content=EVIL.encode())["files"][0][
        "id"
    ]
    shown = httpx.get(f"{slack.url}/page/files/{picture}")
    kept = httpx.get(f"{slack.url}/page/files/{script}")
    assert shown.headers["content-type"] == "image/png"
    assert kept.headers["content-disposition"] == "attachment"
    assert kept.headers["content-type"] == "application/octet-stream"
    assert httpx.get(f"{slack.url}/page/files/F0NONE").status_code == 404


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-03-09T07:00", "2026-03-09T08:00"),
        ("2026-03-09T08:00", "2026-03-16T08:00"),
        ("2026-03-15T23:59", "2026-03-16T08:00"),
        ("2026-03-28T12:00", "2026-03-30T08:00"),
    ],
)
def test_the_next_monday_morning_is_always_ahead_also_over_the_change_to_summer(
    now: str, monday: str
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    found = next_monday(datetime.fromisoformat(now).replace(tzinfo=zone), zone)
    assert found == datetime.fromisoformat(monday).replace(tzinfo=zone)


def test_updates_are_streamed_as_they_happen(slack: Slack) -> None:
    with httpx.stream("GET", f"{slack.url}/page/updates", timeout=5) as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("data:"))
        first = next(lines)
        slack.client.chat_postMessage(channel="U0TOM", text="x")
        assert next(lines) != first


def test_an_open_stream_does_not_hold_up_the_end_of_the_server(opened: Opener) -> None:
    with opened() as slack, httpx.stream("GET", f"{slack.url}/page/updates", timeout=5) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("data:")
        slack.server.stop()
        assert "data" not in "".join(lines)


def test_a_long_conversation_shows_its_newest_messages_and_says_how_many_it_leaves_out(
    slack: Slack,
) -> None:
    for number in range(305):
        slack.sandbox.say("maya", "sales", f"message {number}.")
    html = page(slack, **{"as": "maya", "in": "C0SALES"})
    assert "5 older messages" in html
    assert "message 4." not in html
    assert "message 5." in html
