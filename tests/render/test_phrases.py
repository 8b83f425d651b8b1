"""Whole sentences of the program's in the reader's words: exact ones, and those with values."""

from pathlib import Path

import pytest
from babel import Locale

from bot.domain.chart import Point, Sparkline
from bot.domain.errors import ConfigError
from bot.domain.nudge import HoldReason
from bot.render.environment import Renderer
from bot.render.phrases import Phrases, read_phrases
from bot.render.preview import wrong_wordings

GERMAN = """\
enough was said today: heute wurde genug gesagt
Calls completed: Geführte Anrufe
'{title}: {short} of {all} reps are short': '{short} von {all} sind knapp bei {title}'
'You may ask about: {names}': 'Fragen Sie nach: {names}'
Not now: Später
the last value: der letzte Wert
"""


@pytest.fixture
def wording(tmp_path: Path) -> Path:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "phrases.yaml").write_text(GERMAN, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (str(HoldReason.DAILY_CAP), "heute wurde genug gesagt"),
        ("Calls completed: 5 of 8 reps are short", "5 von 8 sind knapp bei Geführte Anrufe"),
        ("You may ask about: Kim, Sam", "Fragen Sie nach: Kim, Sam"),
        ("nobody has words for this", "nobody has words for this"),
        ("Calls completed: 5 of 8 reps are short, and more", None),
    ],
)
def test_a_sentence_is_said_with_its_values_in_their_places(
    wording: Path, ours: str, theirs: str | None
) -> None:
    assert Phrases(read_phrases(wording / "de")).say(ours) == (theirs or ours)


GERMAN_WORDS = {
    "Calls": "Anrufe",
    "Meetings": "Treffen",
    "{n} short": "{n} knapp",
    "{what} at {share} of usual in the week of {day}": "{what} bei {share} in der Woche vom {day}",
    "Ask about {what}": "Fragen: {what}",
}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            "Calls at 67.5% of usual in the week of 2 Mar",
            "Anrufe bei 67,5\xa0% in der Woche vom 2. März",
        ),
        (
            "Calls at 12% of usual in the week of 31 December 2026",
            "Anrufe bei 12\xa0% in der Woche vom 31. Dezember 2026",
        ),
        ("Ask about Calls, Meetings, 1,200.5 short", "Fragen: Anrufe, Treffen, 1.200,5 knapp"),
        ("Ask about Feb 28, 2026", "Fragen: 28. Feb. 2026"),
        ("Ask about 31 Feb", "Fragen: 31 Feb"),
        ("Ask about 2026", "Fragen: 2026"),
        ("March 2026", "März 2026"),
        ("29 February", "29. Februar"),
        ("Acme 2 March", "Acme 2 March"),
    ],
)
def test_days_and_numbers_in_a_sentence_are_written_as_in_the_readers_country(
    ours: str, theirs: str
) -> None:
    assert Phrases(GERMAN_WORDS, Locale.parse("de_DE")).say(ours) == theirs
    assert Phrases({}, Locale.parse("de_DE")).say(ours) == ours


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en_US", "down to 9 in 2 weeks (Nov 2 \u2013 15), where 41 was usual"),
        ("en_GB", "down to 9 in 2 weeks (2\u201315 Nov), where 41 was usual"),
        ("de_DE", "down to 9 in 2 weeks (2.\u201315. Nov.), where 41 was usual"),
    ],
)
def test_days_that_were_counted_are_the_readers_and_nobodys_words_change(
    locale: str, said: str, tmp_path: Path
) -> None:
    source = "{% block text %}{{ change }}; {{ deal }}{% endblock %}"
    (tmp_path / "x.j2").write_text(source, encoding="utf-8")
    deal = "Fair (2\u201315 November)"
    change = "down to 9 in 2 weeks (2\u201315 November), where 41 was usual"
    view = {"change": change, "deal": deal, "locale": locale}
    text = Renderer(tmp_path).render("x.j2", view).text.replace("\u2009", " ")
    assert text == f"{said}; {deal}"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("26 October \u2013 22 November", "26. Okt. \u2013 22. Nov."),
        ("29 December 2025 \u2013 11 January 2026", "29. Dez. 2025 \u2013 11. Jan. 2026"),
        ("31\u201331 February", "31\u201331 February"),
    ],
)
def test_spans_of_days_are_the_readers(ours: str, theirs: str) -> None:
    said = Phrases({"x": "y"}, Locale.parse("de_DE")).say(ours)
    assert said.replace("\u2009", " ") == theirs


def test_a_line_that_is_all_place_says_nothing_new() -> None:
    assert Phrases({"{all}": "({all})"}).say("Calls") == "Calls"


def test_no_sentence_hides_a_longer_one() -> None:
    phrases = Phrases({"{a} of {b}": "kurz", "{a} of {b} reps": "lang"})
    assert phrases.say("3 of 4 reps") == "lang"
    assert phrases.say("3 of 4") == "kurz"


TEMPLATE = """\
{% block text %}{{ reason }}{% endblock %}
{{ header(reason) }}
{{ fields([("Calls completed", reason)]) }}
{{ select("x", [("Not now", "1")]) }}
{{ chart(drawn) }}
"""


def test_it_is_the_readers_wherever_a_template_puts_it(wording: Path) -> None:
    (wording / "x.j2").write_text(TEMPLATE, encoding="utf-8")
    drawn = Sparkline(
        title="Calls completed",
        points=[Point(label="a", value=1), Point(label="b", value=2)],
        told="the last value",
    )
    view = {"reason": str(HoldReason.DAILY_CAP), "drawn": drawn}
    renderer = Renderer(wording)
    said = renderer.render("x.j2", {**view, "locale": "de_AT"})
    whole = f"{said.text} {said.blocks} {said.pictures}"
    assert whole.count("heute wurde genug gesagt") == 3
    for words in ("*Geführte Anrufe*", ">Geführte Anrufe<", "Später", ">der letzte Wert<"):
        assert words in whole
    english = renderer.render("x.j2", {**view, "locale": "en_US"})
    assert "Später" not in f"{english.blocks} {english.pictures}"


def test_hostile_values_stay_harmless_in_any_words(wording: Path) -> None:
    (wording / "x.j2").write_text("{% block text %}{{ who }}{% endblock %}", encoding="utf-8")
    view = {"who": "You may ask about: <!channel> *Kim*", "locale": "de"}
    text = Renderer(wording).render("x.j2", view).text
    assert text.startswith("Fragen Sie nach: &lt;!channel&gt;")
    assert "*Kim*" not in text


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("- x\n", r"expected our words and yours"),
        ("a: [b]\n", r"phrases\.yaml:1: 'a' should be text"),
        ("'{a} and {a}': x\n", r"phrases\.yaml:1: two places bear one name"),
        ("'{a} left': '{b} übrig'\n", r"no place '\{b\}' in our words\n  hint: our words have a"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused(wording: Path, line: str, complaint: str) -> None:
    (wording / "de" / "phrases.yaml").write_text(line, encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        Renderer(wording).render("nudges/quiet_week.j2", {"locale": "de"})
    assert [problem.file for problem in wrong_wordings(wording)] == ["de/phrases.yaml"]
