from pathlib import Path

import pytest

from bot.render.environment import Renderer
from bot.render.errors import CannotRender
from bot.render.filters import bar
from bot.render.mrkdwn import BREAKER


def _said(tmp_path: Path, expression: str, **view: object) -> str:
    source = "{% block text %}{{ " + expression + " }}{% endblock %}"
    (tmp_path / "f.j2").write_text(source, encoding="utf-8")
    return Renderer(tmp_path).render("f.j2", view).text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("expression", "view", "said"),
    [
        ("4000000 | money", {}, "$40,000"),
        ("4000000 | money('EUR')", {"locale": "de-DE"}, "40.000 €"),
        ("1250 | money('GBP')", {"locale": "en_GB"}, "£12.50"),
        ("1115000 | money", {"locale": "en_CA"}, "US$11,150"),
        ("11150.0 | number", {"locale": "de_DE"}, "11.150"),
        ("none | money", {}, "no amount"),
        ("40000.0 | whole_money", {}, "$40,000"),
        ("1234567.0 | whole_money", {}, "$1.2M"),
        ("0.5 | share", {}, "50%"),
        ("none | share", {}, "no data"),
        ("1234.56 | number", {}, "1,234.6"),
        ("3.0 | number", {}, "3"),
        ("'2026-11-24' | day", {}, "Tue, Nov 24"),
        ("'2026-11-24' | day", {"locale": "en-GB"}, "Tue 24 Nov"),
        ("'2026-11-24' | day", {"locale": "de-DE"}, "Di., 24. Nov."),
        (
            "at | moment",
            {"at": "2026-11-24T08:12:00+00:00", "zone": "Europe/Berlin", "locale": "en-GB"},
            "09:12",
        ),
        ("3 | of(4)", {}, "3 of 4"),
        ("81020 | of(100000)", {}, "81,020 of 100,000"),
        ("'17:30' | clock", {}, "5:30"),
        ("'17:30' | clock", {"locale": "en-GB"}, "17:30"),
        ("'2025-12-31' | full_day", {}, "Dec 31, 2025"),
        ("1 | plural('deal')", {}, "1 deal"),
        ("2 | plural('opportunity', 'opportunities')", {}, "2 opportunities"),
        ("1 | working_days", {}, "1 working day"),
        ("0 | days", {}, "0 days"),
        ("0.25 | measure('share')", {}, "25%"),
        ("12.0 | measure('days')", {}, "12 days"),
        ("90.0 | measure('minutes')", {}, "1.5 h"),
        ("5.0 | measure('minutes')", {}, "5 min"),
        ("5.0 | measure('count')", {}, "5"),
        ("5.0 | measure('money', 'EUR')", {}, "€5"),
        ("none | measure('minutes')", {}, "no data"),
        ("none | measure('days')", {}, "no data"),
        ("['Kim'] | names", {}, "Kim"),
        ("['Kim', 'Sam'] | names", {}, "Kim and Sam"),
        ("['Kim', 'Sam', 'Lee', 'Ada', 'Bo'] | names", {}, "Kim, Sam, Lee and 2 more"),
        ("[] | names ~ 'x'", {}, "x"),
        ("5 | number", {"locale": "klingon"}, "5"),
    ],
)
def test_numbers_are_written_for_people(
    tmp_path: Path, expression: str, view: dict[str, object], said: str
) -> None:
    assert said in _said(tmp_path, expression, **view)


def test_a_naive_instant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotRender, match="naive"):
        _said(tmp_path, "'2026-11-24T08:12:00' | moment")


def test_prose_keeps_its_headings_and_lists_and_nothing_live(tmp_path: Path) -> None:
    source = "{% block blocks %}{% call section() %}{{ play | prose }}{% endcall %}{% endblock %}"
    (tmp_path / "p.j2").write_text(source + "{% block text %}x{% endblock %}", encoding="utf-8")
    play = "# Ask\n- **why** now\n<!channel> https://evil.example"
    [block] = Renderer(tmp_path).render("p.j2", {"play": play}).blocks
    assert block["text"]["text"] == (  # type: ignore[index]  # a section's text
        f"*Ask*\n• *why* now\n&lt;!channel&gt; https:{BREAKER}//evil.example"
    )


def test_a_bar_shows_the_way_done_and_never_more_than_all_of_it() -> None:
    assert [bar(part) for part in (-1.0, 0.5, 7.0)] == ["▱▱▱▱▱▱", "▰▰▰▱▱▱", "▰▰▰▰▰▰"]
