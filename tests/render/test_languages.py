"""A team's wording by the reader's language: theirs first, then the team's, then ours."""

from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.render.environment import Renderer
from bot.render.errors import CannotRender
from bot.render.example import example_of
from bot.render.preview import wrong_wordings

QUIET = "nudges/quiet_week.j2"
SAYS = "{%% block text %%}%s{%% endblock %%}"


def wording(folder: Path, **templates: str) -> Path:
    """Files below the folder; ``__`` in a name stands for a slash."""
    for name, source in templates.items():
        path = folder / name.replace("__", "/")
        path = path if path.suffix else path.with_name(f"{path.name}.j2")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de_DE", "Deutsch"),
        ("de-AT", "Österreich"),
        ("pt-BR", "Brasil"),
        ("pt_PT", "the team's"),
        ("en_US", "the team's"),
        (None, "the team's"),
        ("../../etc", "the team's"),
    ],
)
def test_the_readers_language_comes_before_the_teams_words(
    tmp_path: Path, locale: str | None, said: str
) -> None:
    folder = wording(
        tmp_path,
        de__nudges__quiet_week=SAYS % "Deutsch",
        de_AT__nudges__quiet_week=SAYS % "Österreich",
        pt_BR__nudges__quiet_week=SAYS % "Brasil",
        nudges__quiet_week=SAYS % "the team's",
    )
    assert Renderer(folder).render(QUIET, {"locale": locale}).text == said


def test_what_a_language_has_no_words_for_is_said_in_the_teams_and_then_in_ours(
    tmp_path: Path,
) -> None:
    folder = wording(tmp_path, de__x=SAYS % "x", nudges__kudos=SAYS % "the team's")
    german = {"locale": "de_DE"}
    renderer = Renderer(folder)
    assert renderer.render("nudges/kudos.j2", german).text == "the team's"
    ours = renderer.render(QUIET, example_of(QUIET, locale="de_DE")).text
    assert ours.startswith("Kim, nothing is logged")


def test_a_language_may_extend_ours_and_replace_a_part_of_it(tmp_path: Path) -> None:
    source = '{% extends "ours/nudges/quiet_week.j2" %}' + SAYS % "Still hier, {{ first_name }}?"
    folder = wording(
        tmp_path,
        de__nudges__quiet_week=source,
        de__nudges___buttons='{{ button("Erledigt", action="nudge.done", value=nudge) }}',
    )
    message = Renderer(folder).render(QUIET, example_of(QUIET, locale="de_DE"))
    assert message.text == "Still hier, Kim?"
    assert "Erledigt" in str(message.blocks)
    assert "Not now" not in str(message.blocks)


WORDS = """\
day: Tag
days: Tage
working_day: Arbeitstag
working_days: Arbeitstage
minutes: Min.
hours: Std.
of: von
and: und
more: weitere
no_data: keine Daten
no_amount: ohne Betrag
"""


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("1 | days", "1 Tag"),
        ("2.5 | days", "2,5 Tage"),
        ("1 | working_days", "1 Arbeitstag"),
        ("1200 | working_days", "1.200 Arbeitstage"),
        ("3 | of(4)", "3 von 4"),
        ("['Kim', 'Sam'] | names", "Kim und Sam"),
        ("['Kim', 'Sam', 'Lee', 'Ada'] | names", "Kim, Sam, Lee und 1 weitere"),
        ("none | money", "ohne Betrag"),
        ("none | whole_money", "keine Daten"),
        ("none | share", "keine Daten"),
        ("none | number", "keine Daten"),
        ("none | measure('days')", "keine Daten"),
        ("2 | measure('days')", "2 Tage"),
        ("5 | measure('minutes')", "5 Min."),
        ("90 | measure('minutes')", "1,5 Std."),
        ("'2026-11-24' | full_day", "24.11.2026"),
        ("'17:30' | clock", "17:30"),
        ("'2026-02-16' | span('2026-03-01')", "16. Feb. \N{EN DASH} 1. März"),
        ("'2025-12-29' | span('2026-01-11')", "29. Dez. 2025 \N{EN DASH} 11. Jan. 2026"),
    ],
)
def test_the_words_of_filters_are_the_readers_too(
    tmp_path: Path, expression: str, said: str
) -> None:
    source = SAYS % ("{{ " + expression + " }}")
    folder = wording(tmp_path, **{"de__words.yaml": WORDS, "de__x": source})
    assert Renderer(folder).render("x.j2", {"locale": "de_DE"}).text == said


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("dya: Tag\n", r"de/words\.yaml:1: unknown word 'dya'\n  hint: did you mean 'day'\?"),
        ("and: [und]\n", r"de/words\.yaml:1: 'and' should be text"),
        ("- und\n", r"de/words\.yaml:1: expected a word on each line"),
    ],
)
def test_a_word_that_cannot_be_used_is_refused(tmp_path: Path, words: str, complaint: str) -> None:
    folder = wording(tmp_path, **{"de__words.yaml": words})
    with pytest.raises(ConfigError, match=complaint):
        Renderer(folder).render(QUIET, {"locale": "de"})
    assert [problem.file for problem in wrong_wordings(folder)] == ["de/words.yaml"]


def test_a_mistake_in_a_part_is_told_with_the_part_and_its_line(tmp_path: Path) -> None:
    folder = wording(
        tmp_path / "wording", nudges___buttons="{# first #}\n{{ button(lable, action='x') }}"
    )
    with pytest.raises(CannotRender, match=r"^wording/nudges/_buttons\.j2:2: 'lable'"):
        Renderer(folder).render(QUIET, example_of(QUIET))


def test_wordings_that_cannot_be_made_or_are_never_used_are_found(tmp_path: Path) -> None:
    folder = wording(
        tmp_path / "wording",
        nudges__quiet_week=SAYS % "{{ first_nam }}",
        nudges__quiet_weak=SAYS % "x",
        nudges___helper="{{ whatever }}",
        de__commands__coach=SAYS % "gut",
        de__commands__ramp="\n{% if %}",
        elsewhere=SAYS % "x",
    )
    found = {(each.file, each.line): each for each in wrong_wordings(folder)}
    assert set(found) == {
        ("wording/nudges/quiet_week.j2", 1),
        ("wording/nudges/quiet_weak.j2", None),
        ("wording/de/commands/ramp.j2", 2),
        ("wording/elsewhere.j2", None),
    }
    assert "did you mean 'first_name'?" in found["wording/nudges/quiet_week.j2", 1].hint
    assert "quiet_week.j2" in found["wording/nudges/quiet_weak.j2", None].hint


def test_without_a_wording_there_is_nothing_to_find(tmp_path: Path) -> None:
    assert list(wrong_wordings(tmp_path / "wording")) == []
    assert Renderer().own_templates() == []
