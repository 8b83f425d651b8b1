"""What every rule promises, whatever it notices."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.coaching import rules
from bot.coaching.example import KIM, MONDAY
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule, load_rules
from bot.domain.ids import RuleKey
from bot.domain.message import Message
from bot.domain.nudge import Proposal
from bot.domain.windows import Window
from bot.render.environment import OURS, Renderer

MOST_WORDS = 60
RULES = load_rules()
RENDERER = Renderer()

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())


def only_proposal(rule: Rule, view: RepView | None = None) -> Proposal:
    [proposal] = rule.notice(view or rule.example)
    return proposal


ABOUT_DEALS = [key for key, rule in RULES.items() if only_proposal(rule).records]
BATCHED = [key for key, rule in RULES.items() if only_proposal(rule).subject == "pipeline"]


def rendered(rule: Rule, view: RepView | None = None) -> Message:
    return RENDERER.render(rule.template, {**only_proposal(rule, view).view, "nudge": "17"})


def read_aloud(message: Message) -> str:
    """Everything a person sees, buttons included, links by their label."""
    return " ".join(text for block in message.blocks for text in _texts(block))


def _texts(part: Mapping[str, object]) -> list[str]:
    found = []
    for key, value in part.items():
        if key == "text" and isinstance(value, str):
            found.append(unescape(re.sub(r"<[^|>]*\|([^>]*)>", r"\1", value)))
        elif isinstance(value, Mapping):
            found.extend(_texts(value))
        elif isinstance(value, list) and key != "options":  # a menu shows them when it is opened
            found.extend(text for each in value for text in _texts(each))
    return found


def words_of_prose(message: Message) -> int:
    """How many words there are to read, apart from the buttons that every nudge has."""
    prose = [block for block in message.blocks if block["type"] != "actions"]
    spoken = read_aloud(replace(message, blocks=prose))
    return sum(1 for word in spoken.split() if re.search(r"\w", word))


def with_every_deal(view: RepView, *, copies: int = 1, **changes: object) -> RepView:
    """The same view with ``copies`` of each deal, changed alike."""
    deals = tuple(
        replace(deal, id=f"{deal.id}-{n}", **changes)  # type: ignore[arg-type]  # fields of a deal
        for deal in view.opportunities
        for n in range(copies)
    )
    return replace(view, opportunities=deals)


def test_the_folder_is_the_registry() -> None:
    files = {path.stem for path in Path(rules.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(RULES) == files
    assert list(RULES) == sorted(files)


@every_rule
def test_a_rule_has_a_template_and_a_test_of_its_own_name(rule: Rule) -> None:
    assert rule.template == f"nudges/{rule.key}.j2"
    assert (OURS / rule.template).is_file()
    assert (Path(__file__).parent / "rules" / f"test_{rule.key}.py").is_file()


@every_rule
def test_the_reason_is_one_sentence(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z][^.!?]*\.", rule.because)
    assert rule.title
    assert not rule.title.endswith(".")


@every_rule
def test_a_rule_does_not_repeat_itself_within_a_week(rule: Rule) -> None:
    assert rule.cooldown_days >= 7


@every_rule
def test_the_example_fires_once_and_is_about_its_reader(rule: Rule) -> None:
    proposal = only_proposal(rule)
    assert proposal.rule == rule.key
    assert proposal.to == proposal.about == rule.example.rep
    assert 0 < proposal.priority <= 1
    assert len(proposal.records) <= 3
    assert proposal.because["Rule"]


@every_rule
def test_the_same_view_gives_the_same_proposals(rule: Rule) -> None:
    assert list(rule.notice(rule.example)) == list(rule.notice(rule.example))


@every_rule
def test_nothing_is_said_when_everything_is_in_good_order(rule: Rule) -> None:
    assert list(rule.notice(KIM)) == []


@every_rule
def test_nothing_is_said_to_a_rep_who_is_away(rule: Rule) -> None:
    assert list(rule.notice(replace(rule.example, is_present=False))) == []


@pytest.mark.parametrize("key", ABOUT_DEALS)
def test_nothing_is_said_about_snoozed_deals(key: RuleKey) -> None:
    rule = RULES[key]
    assert list(rule.notice(with_every_deal(rule.example, snoozed_until=MONDAY))) == []


@every_rule
def test_what_is_stored_with_the_decision_is_plain_json(rule: Rule) -> None:
    proposal = only_proposal(rule)
    assert json.loads(json.dumps(proposal.view)) == proposal.view
    assert json.loads(json.dumps(proposal.because)) == proposal.because


@every_rule
def test_the_message_reads_as_reviewed(rule: Rule, snapshot: SnapshotAssertion) -> None:
    message = rendered(rule)
    assert {"text": message.text, "blocks": message.blocks} == snapshot


@every_rule
def test_a_nudge_is_short_and_offers_one_next_step(rule: Rule) -> None:
    message = rendered(rule)
    assert words_of_prose(message) <= MOST_WORDS
    assert read_aloud(message).count("Next step:") == 1


@pytest.mark.parametrize("key", BATCHED)
def test_a_nudge_about_many_deals_names_three_and_counts_the_rest(key: RuleKey) -> None:
    rule = RULES[key]
    message = rendered(rule, with_every_deal(rule.example, copies=5))
    lines = str(message.blocks).count("•")
    assert lines == 3
    assert "… and 2 more" in read_aloud(message)
    assert words_of_prose(message) <= MOST_WORDS


@every_rule
def test_a_nudge_neither_ranks_nor_blames(rule: Rule) -> None:
    spoken = read_aloud(rendered(rule)).lower()
    for word in ("rank", "worst", "best rep", "fail", "lazy", "you should", "you must", "behind "):
        assert word not in spoken


hostile = st.one_of(
    st.text(max_size=400),
    st.sampled_from(
        [
            "<!channel> free money",
            "<@U012345> *bold* _it_ `code`",
            "</a>&lt;<https://evil.example|click me>",
            "{{ 7 * 7 }}{% include 'x' %}",
            "line\nbreak\r\n• fake bullet",
            "> quote",
        ]
    ),
)


@every_rule
@given(name=hostile, stage=hostile, first_name=hostile)
def test_text_from_the_crm_changes_words_and_never_structure(
    rule: Rule, name: str, stage: str, first_name: str
) -> None:
    plain = rendered(rule)
    norms = replace(rule.example.norms, days_in_stage_p80={stage: 14.0})
    view = with_every_deal(rule.example, name=name, account=name, stage=stage)
    view = replace(view, promises=tuple(replace(each, words=name) for each in view.promises))
    message = rendered(rule, replace(view, norms=norms, first_name=first_name))
    assert [block["type"] for block in message.blocks] == [block["type"] for block in plain.blocks]
    raw = " ".join(str(block.get("text")) for block in message.blocks)
    assert re.findall(r"<[^|>]*", raw) == re.findall(r"<[^|>]*", _raw(plain))
    assert "<" not in message.text


def _raw(message: Message) -> str:
    return " ".join(str(block.get("text")) for block in message.blocks)


@pytest.mark.parametrize("key", ABOUT_DEALS)
def test_a_deal_without_amount_or_address_is_still_told(key: RuleKey) -> None:
    rule = RULES[key]
    view = replace(
        with_every_deal(rule.example, amount_cents=None, url=None),
        norms=replace(rule.example.norms, amount_median_cents=0, amount_upper_quarter_cents=0),
    )
    message = rendered(rule, view)
    assert "None" not in str(message.blocks)
    assert "https://" not in str(message.blocks)


PLAYS = sorted((Path(__file__).parents[2] / "playbooks" / "plays").glob("*.md"))


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.stem)
def test_every_play_opens_with_a_step_that_fits_into_a_nudge(play: Path) -> None:
    rule = RULES[RuleKey("focus_of_the_week")]
    [metric] = rule.example.gaps
    message = rendered(rule, replace(rule.example, plays={metric: play.read_text()}))
    assert words_of_prose(message) <= MOST_WORDS
    assert play.read_text().splitlines()[2] in read_aloud(message)


def at_its_longest(view: RepView) -> RepView:
    """Every text as long as a CRM and a playbook make it, every number large."""
    wordy = "Global Consolidated Holdings of the Northern Provinces - Platform and Support renewal"
    longest = with_every_deal(
        view, copies=5, name=wordy, stage="Proposal or price quote sent out", amount_cents=10**11
    )
    play = "# Title\n\n" + "word " * 40 + "\n"
    title = "Share of opportunities created late"
    window = Window(first=date(2025, 10, 27), last=date(2026, 1, 11), label="11 weeks")
    return replace(
        longest,
        first_name="Maria Teresa",
        plays=dict.fromkeys(view.plays, play),
        norms=replace(view.norms, days_in_stage_p80={"Proposal or price quote sent out": 14.0}),
        changes=tuple(
            replace(change, play=play, title=title, trials=9_999, weeks=11, window=window)
            for change in view.changes
        ),
        promises=tuple(replace(each, words=wordy * 2) for each in view.promises),
    )


@every_rule
def test_a_nudge_is_short_in_the_worst_case_too(rule: Rule) -> None:
    for proposal in rule.notice(at_its_longest(rule.example)):
        message = RENDERER.render(rule.template, {**proposal.view, "nudge": "17"})
        assert words_of_prose(message) <= MOST_WORDS, read_aloud(message)


@pytest.mark.parametrize("key", BATCHED)
def test_the_records_of_a_nudge_are_those_it_names(key: RuleKey) -> None:
    rule = RULES[key]
    view = at_its_longest(rule.example)
    lines = str(rendered(rule, view).blocks).count("•")
    assert lines == len(only_proposal(rule, view).records) >= 1
