"""/ramp in Slack: kind where there is nobody new, and without names where it is shared."""

from slack_bolt import App

from tests.office import answers
from tests.slack_world import SlackWorld, wait_until


def test_a_team_without_new_hires_is_told_so(office_bot: App, slack: SlackWorld) -> None:
    _ = office_bot
    text = str(answers(slack, "/ramp", person="maria").blocks)
    assert "Nobody is within the months of ramp" in text
    assert slack.sandbox.messages_in("sales") == []


def test_what_is_shared_names_nobody(office_bot: App, slack: SlackWorld) -> None:
    _ = office_bot
    slack.sandbox.type_command("maria", "sales", "/ramp @kim share")
    [shared] = wait_until(lambda: slack.sandbox.messages_in("sales"))
    assert "Kim" not in f"{shared.text} {shared.blocks}"
    assert "too few to say" in str(shared.blocks)


def test_somebody_past_their_ramp_is_told_of_themselves(office_bot: App, slack: SlackWorld) -> None:
    _ = office_bot
    text = str(answers(slack, "/ramp", person="kim").blocks)
    assert "You are past your months of ramp" in text
    assert "Nobody" not in text


def test_a_hint_begins_as_a_sentence_does(office_bot: App, slack: SlackWorld) -> None:
    _ = office_bot
    asked = "/team-health framework last 4 weeks"
    assert "Say `this quarter`" in str(answers(slack, asked, person="maria").blocks)
