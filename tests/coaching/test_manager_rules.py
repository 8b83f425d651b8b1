"""What every rule for managers promises, whatever it notices."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.coaching import manager_rules
from bot.coaching.manager_example import MARIA
from bot.coaching.manager_view import ManagerView
from bot.coaching.rule import ManagerRule, load_manager_rules, load_rules
from bot.domain.message import Message
from bot.domain.nudge import Proposal
from bot.render.environment import OURS, Renderer
from bot.render.preview import as_text

MOST_WORDS = 60
RULES = load_manager_rules()
RENDERER = Renderer()

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())


def only_proposal(rule: ManagerRule, view: ManagerView | None = None) -> Proposal:
    [proposal] = rule.notice(view or rule.example)
    return proposal


def rendered(rule: ManagerRule, view: ManagerView | None = None) -> Message:
    return RENDERER.render(rule.template, {**only_proposal(rule, view).view, "nudge": "17"})


def prose_of(message: Message) -> str:
    """What there is to read apart from the buttons, links by their label."""
    sections = [block for block in message.blocks if block["type"] == "section"]
    raw = " ".join(str(block["text"]["text"]) for block in sections)  # type: ignore[index]  # of a section
    return unescape(re.sub(r"<[^|>]*\|([^>]*)>", r"\1", raw))


def at_its_longest(view: ManagerView) -> ManagerView:
    wordy = "Global Consolidated Holdings of the Northern Provinces - Platform and Support renewal"
    reports = tuple(
        replace(each, first_name="Maria Teresa", working_days_without=80, last_talk_on=None)
        for each in view.reports
    )
    return replace(
        view,
        first_name="Maria Teresa",
        reports=reports if any(each.working_days_without > 10 for each in view.reports) else (),
        promises=tuple(replace(each, words=wordy * 2) for each in view.promises) * 9,
        cuts=tuple(replace(each, name=wordy, before_cents=10**11) for each in view.cuts) * 9,
        approvals=tuple(replace(each, name=wordy) for each in view.approvals) * 9,
    )


def test_the_folder_is_the_registry_and_no_key_is_taken_twice() -> None:
    files = {path.stem for path in Path(manager_rules.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(RULES) == files
    assert not set(RULES) & set(load_rules())


@every_rule
def test_a_rule_has_a_template_and_a_test_of_its_own_name(rule: ManagerRule) -> None:
    assert rule.template == f"nudges/{rule.key}.j2"
    assert (OURS / rule.template).is_file()
    assert (Path(__file__).parent / "manager_rules" / f"test_{rule.key}.py").is_file()


@every_rule
def test_the_reason_is_one_sentence(rule: ManagerRule) -> None:
    assert re.fullmatch(r"[A-Z].*[^.!?]\.", rule.because)
    assert rule.title
    assert rule.cooldown_days >= 7


@every_rule
def test_the_example_fires_once_and_is_for_the_manager_alone(rule: ManagerRule) -> None:
    proposal = only_proposal(rule)
    assert proposal.rule == rule.key
    assert proposal.to == proposal.about == rule.example.manager
    assert 0 < proposal.priority <= 1
    assert proposal.because["Rule"]
    assert json.loads(json.dumps(proposal.view)) == proposal.view


@every_rule
def test_nothing_is_said_when_everything_is_in_good_order(rule: ManagerRule) -> None:
    assert list(rule.notice(MARIA)) == []


@every_rule
def test_nothing_is_said_where_nothing_is_recorded(rule: ManagerRule) -> None:
    nothing = ManagerView(manager=MARIA.manager, first_name="Maria", today=MARIA.today, locale="en")
    assert list(rule.notice(nothing)) == []


@every_rule
def test_nothing_is_said_to_a_manager_who_is_away(rule: ManagerRule) -> None:
    assert list(rule.notice(replace(rule.example, is_present=False))) == []


@every_rule
def test_the_message_reads_as_reviewed(rule: ManagerRule, snapshot: SnapshotAssertion) -> None:
    assert as_text(rendered(rule)) == snapshot


@every_rule
def test_a_nudge_is_short_and_offers_one_next_step(rule: ManagerRule) -> None:
    for view in (rule.example, at_its_longest(rule.example)):
        for proposal in rule.notice(view):
            said = prose_of(RENDERER.render(rule.template, {**proposal.view, "nudge": "17"}))
            words = sum(1 for word in said.split() if re.search(r"\w", word))
            assert words <= MOST_WORDS, said
            assert said.count("Next step:") == 1


@every_rule
def test_a_nudge_neither_ranks_nor_blames(rule: ManagerRule) -> None:
    spoken = prose_of(rendered(rule)).lower()
    for word in ("rank", "worst", "best rep ", "fail", "lazy", "you should", "you must", "behind "):
        assert word not in spoken


hostile = st.one_of(
    st.text(max_size=300),
    st.sampled_from(["<!channel> free money", "<@U012345> *bold*", "line\nbreak\r\n• fake"]),
)


@every_rule
@given(words=hostile)
def test_foreign_text_changes_words_and_never_structure(rule: ManagerRule, words: str) -> None:
    plain, view = rendered(rule), rule.example
    message = rendered(
        rule,
        replace(
            view,
            first_name=words,
            reports=tuple(replace(each, first_name=words) for each in view.reports),
            promises=tuple(replace(each, words=words) for each in view.promises),
            cuts=tuple(replace(each, name=words) for each in view.cuts),
            approvals=tuple(replace(each, name=words) for each in view.approvals),
            cohorts=tuple(replace(each, programme=words) for each in view.cohorts),
        ),
    )
    assert [block["type"] for block in message.blocks] == [block["type"] for block in plain.blocks]
    assert "<" not in message.text
    raw = " ".join(str(block.get("text")) for block in message.blocks)
    assert re.findall(r"<[^|>]*", raw) == re.findall(
        r"<[^|>]*", " ".join(str(block.get("text")) for block in plain.blocks)
    )
