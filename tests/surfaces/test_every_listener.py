"""Each command, button and form, once good and once bad, through either door to Slack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from bot.surfaces.action import load_actions
from bot.surfaces.command import load_commands
from bot.surfaces.modal import load_modals
from integrations.sandbox.slack.faults import Fault, FaultKind
from integrations.sandbox.slack.state.values import Message as SlackMessage
from integrations.sandbox.slack.state.values import View
from tests.hired import (
    on_the_bench,
    scored,
    to_score,
)
from tests.office import answers, texts_in
from tests.pressed import (
    ACME,
    Pressed,
    home,
    home_with_a_task_done,
    new_hire_s_home,
    nudge,
    preview,
    steps_wanted,
    typed,
)
from tests.slack_world import CRM_IDS, wait_until
from tests.stage import Stage

#: Typed by whom, and what is read: once good, once bad.
COMMANDS: Mapping[str, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    "/bench": (("maria", "", "on the bench"), ("kim", "", "those who hire")),
    "/coach": (("maria", "@kim", "Kim"), ("kim", "@sam", "for managers")),
    "/coach-admin": (("maria", "", "Sync"), ("kim", "stop", "for admins")),
    "/interview": (("kim", "", "Write what you saw"), ("kim", "dana", "shows your interviews")),
    "/comp-audit": (("maria", "", "Pay audit"), ("kim", "", "responsible for pay plans")),
    "/metric": (("kim", "calls completed", "Calls completed"), ("kim", "luck", "know no metric")),
    "/my-week": (("kim", "", "Next step"), ("maria", "", "people who sell")),
    "/nudges": (("kim", "kinds", "Quiet deal"), ("kim", "dance", "pause friday")),
    "/ooo": (("kim", "7 dec", "Mon 7 Dec"), ("kim", "7 foo", "24 dec")),
    "/pay": (("kim", "", "Earned so far"), ("sam", "@kim", "nobody else")),
    "/pipeline": (("maria", "", "Pipeline"), ("maria", "last 0 weeks", "last 4 weeks")),
    "/playbook": (("kim", "", "What good looks like"), ("kim", "astronaut", "Which playbook")),
    "/ramp": (("maria", "", "months of ramp"), ("kim", "@sam", "their managers")),
    "/strategic": (("maria", "", "Six duties"), ("maria", "kim", "nobody else")),
    "/team-health": (("maria", "", "Team health"), ("maria", "sams", "You may ask about")),
}


@pytest.mark.parametrize("is_good", [True, False], ids=["good", "bad"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_acknowledged_and_answered(stage: Stage, name: str, *, is_good: bool) -> None:
    person, words, expected = COMMANDS[name][not is_good]
    answer = answers(stage.slack, f"{name} {words}".strip(), person=person)
    assert expected in "\n".join(texts_in(list(answer.blocks))).replace("\u200b", "")


THEIRS = "those who hire"
ACTIONS: Mapping[str, Pressed] = {
    "bench.add": Pressed(on_the_bench, "maria", "Add a prospect", refusal=THEIRS),
    "bench.plan": Pressed(on_the_bench, "maria", "Who is met", refusal=THEIRS),
    "bench.menu": Pressed(on_the_bench, "maria", "Who is met", refusal=THEIRS),
    "interview.score": Pressed(to_score, "kim", "what you saw", refusal="somebody else"),
    "interview.debrief": Pressed(scored, "kim", "What they saw", refusal=THEIRS),
    "nudge.done": Pressed(nudge, "kim", "✓ Done", opens=False),
    "nudge.not_now": Pressed(nudge, "kim", "It is already planned"),
    "nudge.not_right": Pressed(nudge, "kim", "The numbers are wrong"),
    "nudge.next_step": Pressed(steps_wanted, "kim", "Acme"),
    "nudge.why": Pressed(nudge, "kim", "close date in the past"),
    "nudge.more": Pressed(nudge, "kim", "Muted", opens=False),
    "digest.post": Pressed(preview, "maria", "✓ Posted", stranger="kim", opens=False),
    "digest.drop": Pressed(preview, "maria", "Not posted", stranger="kim", opens=False),
    "leave.enter": Pressed(typed("kim", "/ooo"), "kim", "First day", stranger=None),
    "one_on_one.write": Pressed(
        typed("maria", "/coach @kim"), "maria", "One commitment", refusal="for managers"
    ),
    "one_on_one.menu": Pressed(home("maria"), "maria", "Questions to ask", refusal="for managers"),
    "strategic.duty": Pressed(
        typed("maria", "/strategic"), "maria", "Only you see this", refusal="for managers"
    ),
    "framework.section": Pressed(
        typed("maria", "/team-health framework"),
        "maria",
        "Consistent",
        refusal="for managers",
    ),
    "home.manager_sees": Pressed(
        home("kim"), "kim", "Maria", stranger="maria", refusal="people who sell"
    ),
    "milestone.reached": Pressed(
        new_hire_s_home, "kim", "It is done", refusal="between a new hire and the manager"
    ),
}


def press(
    stage: Stage,
    case: Pressed,
    key: str,
    person: str,
    *,
    is_late: bool = False,
    deed: str = "",
) -> tuple[SlackMessage | View, int]:
    """Where it was pressed, and how much the person had been told before.

    With ``is_late``, Slack no longer lets a modal be opened. ``deed`` begins the value of the
    option that is chosen.
    """
    place = case.place(stage)
    known = len(stage.slack.sandbox.ephemerals_for(person))
    if is_late:
        stage.slack.sandbox.faults.add(Fault(kind=FaultKind.EXPIRED_TRIGGER))
    blocks = place.content["blocks"] if isinstance(place, View) else place.blocks
    [block, *_] = [each for each in blocks if f"'{key}'" in str(each)]
    elements = [block["accessory"]] if "accessory" in block else block["elements"]
    [element] = [each for each in elements if each["action_id"] == key]
    options = [option["value"] for option in element.get("options", [])]
    chosen = next((option for option in options if option.startswith(deed)), None)
    outcome = stage.slack.sandbox.press(
        person, place, key, block_id=block["block_id"], chosen=chosen
    )
    assert outcome.is_acknowledged
    return place, known


@pytest.mark.parametrize("key", ACTIONS)
def test_a_button_does_what_it_says(stage: Stage, key: str) -> None:
    case, sandbox = ACTIONS[key], stage.slack.sandbox
    place, _ = press(stage, case, key, case.person)
    if case.opens:
        wait_until(lambda: case.words in str(sandbox.modal_of(case.person)))
        sandbox.close_view(case.person, everything=True)
    else:
        assert isinstance(place, SlackMessage)
        wait_until(lambda: case.words in str(stage.newest(case.person).blocks))
        assert stage.newest(case.person).ts == place.ts


@pytest.mark.parametrize("key", ACTIONS)
def test_a_button_that_cannot_do_it_says_why(stage: Stage, key: str) -> None:
    case, sandbox = ACTIONS[key], stage.slack.sandbox
    person, is_late = case.stranger or case.person, case.stranger is None
    place, known = press(stage, case, key, person, is_late=is_late)
    expected = "once more" if is_late else case.refusal
    if isinstance(place, View):
        wait_until(lambda: expected in str(sandbox.modal_of(person)))
        sandbox.close_view(person, everything=True)
    else:
        wait_until(lambda: expected in str(sandbox.ephemerals_for(person)[known:]))
        assert sandbox.modal_of(person) is None


@dataclass(frozen=True)
class Filled:
    opens: str
    good: Mapping[str, str]
    bad: Mapping[str, str]
    #: Where the mistake stands; empty where none can be made.
    field: str
    #: What is chosen where it is opened from a menu.
    deed: str = ""
    #: In place of where the button usually is.
    place: Callable[[Stage], SlackMessage | View] | None = None


WORDS = {"deal": ACME, "step": "Send the offer", "due_on": "2026-11-27"}
MODALS: Mapping[str, Filled] = {
    "nudge.snooze": Filled(
        "nudge.not_now",
        {"until": "2026-11-27", "reason": "waiting"},
        {"until": "2026-11-23", "reason": "waiting"},
        "until",
    ),
    "nudge.not_right": Filled(
        "nudge.not_right", {"reason": "wrong data"}, {"words": "No reason"}, "reason"
    ),
    "nudge.next_step": Filled("nudge.next_step", WORDS, {**WORDS, "step": "  "}, "step"),
    "leave.enter": Filled(
        "leave.enter",
        {"first": "2026-12-14", "last": "2026-12-15"},
        {"first": "2026-12-14", "last": "2026-12-01"},
        "last",
    ),
    "one_on_one.write": Filled(
        "one_on_one.write", {"notes": "We talked"}, {"commitment": "Call"}, "due_on"
    ),
    "prospect.add": Filled(
        "bench.add", {"name": "Noor", "source": "agency"}, {"name": " ", "source": "agency"}, "name"
    ),
    "prospect.touch": Filled("bench.menu", {}, {"touched_on": "2026-12-24"}, "touched_on", "touch"),
    "prospect.settle": Filled(
        "bench.menu", {"state": "declined"}, {"state": "hired"}, "person", "settle"
    ),
    "prospect.erase": Filled("bench.menu", {}, {}, "", "erase"),
    "interview.plan": Filled(
        "bench.menu",
        {"interviewer": CRM_IDS["sam"]},
        {"interviewer": CRM_IDS["sam"], "held_on": "2026-01-01"},
        "held_on",
        "plan",
    ),
    "interview.score": Filled(
        "interview.score", {"score_drive": "3"}, {"score_drive": "5"}, "evidence_drive"
    ),
    "milestone.reached": Filled(
        "milestone.reached",
        {"reached_on": "2026-11-24"},
        {"reached_on": "2026-12-24"},
        "reached_on",
    ),
    "milestone.undo": Filled(
        "milestone.reached", {"because": "Not yet"}, {}, "", place=home_with_a_task_done
    ),
}


@pytest.mark.parametrize("is_good", [True, False], ids=["good", "bad"])
@pytest.mark.parametrize("callback", MODALS)
def test_a_form_is_kept_or_complains_at_its_field(
    stage: Stage, callback: str, *, is_good: bool
) -> None:
    case, sandbox = MODALS[callback], stage.slack.sandbox
    opener = ACTIONS[case.opens]
    opener = replace(opener, place=case.place or opener.place)
    press(stage, opener, case.opens, opener.person, deed=case.deed)
    wait_until(lambda: sandbox.modal_of(opener.person))
    outcome = sandbox.submit_view(opener.person, case.good if is_good else case.bad)
    is_fine = is_good or not case.field
    assert list(outcome.errors) == ([] if is_fine else [case.field])
    assert outcome.is_acknowledged is is_fine
    sandbox.close_view(opener.person, everything=True)


@pytest.mark.parametrize(
    "kind", [FaultKind.RATE_LIMITED, FaultKind.UNAVAILABLE, FaultKind.LOST_REPLY]
)
def test_a_home_is_shown_in_spite_of_trouble_and_nobody_waits_for_it(
    stage: Stage, kind: FaultKind
) -> None:
    sandbox = stage.slack.sandbox
    known = len(sandbox.log(name="views.publish"))
    sandbox.faults.add(Fault(kind=kind, method="views.publish"))
    sandbox.open_home("sam")
    answers(stage.slack, "/nudges", person="kim")
    wait_until(lambda: len(sandbox.log(name="views.publish")) == known + 2)
    assert sandbox.home_of("sam")


@pytest.mark.parametrize(
    "kind", [FaultKind.RATE_LIMITED, FaultKind.UNAVAILABLE, FaultKind.LOST_REPLY]
)
def test_a_pressed_button_shows_what_happened_in_spite_of_trouble(
    stage: Stage, kind: FaultKind
) -> None:
    place = nudge(stage)
    stage.slack.sandbox.faults.add(Fault(kind=kind, method="chat.update"))
    stage.slack.sandbox.press("kim", place, "nudge.done")
    wait_until(lambda: "✓ Done" in str(stage.newest("kim").blocks))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (FaultKind.RATE_LIMITED, "once more in a minute"),
        (FaultKind.UNAVAILABLE, "on my side"),
    ],
)
def test_a_modal_that_slack_does_not_open_is_apologised_for(
    stage: Stage, kind: FaultKind, words: str
) -> None:
    sandbox, place = stage.slack.sandbox, nudge(stage)
    known = len(sandbox.ephemerals_for("kim"))
    sandbox.faults.add(Fault(kind=kind, method="views.open"))
    sandbox.press("kim", place, "nudge.why")
    wait_until(lambda: words in str(sandbox.ephemerals_for("kim")[known:]))
    assert sandbox.modal_of("kim") is None


def test_what_slack_delivers_twice_is_answered_once(stage: Stage) -> None:
    sandbox = stage.slack.sandbox
    known = len(sandbox.direct_messages_to("sam"))
    sandbox.faults.add(Fault(kind=FaultKind.REDELIVERY, times=5))
    sandbox.say("sam", "sam", "hello?")
    wait_until(
        lambda: [each for each in sandbox.log(name="event message") if "attempt" in each.detail]
    )
    sandbox.faults.clear()
    answers(stage.slack, "/nudges", person="sam")
    assert len(sandbox.direct_messages_to("sam")) == known + 2


def test_nothing_is_missing_from_the_tables() -> None:
    assert set(COMMANDS) == set(load_commands())
    assert set(ACTIONS) == set(load_actions())
    assert set(MODALS) == set(load_modals())
