"""Charts: marks where numbers say, words for whoever cannot see them, values never marks."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.chart import (
    Chart,
    Curve,
    CurveMark,
    CurvePoint,
    Curves,
    Funnel,
    FunnelEdge,
    FunnelPoint,
    Part,
    PartedBar,
    PartedBars,
    Point,
    RangeDot,
    RangeRow,
    Sparkline,
    Step,
    StepKind,
    TeamAgainstRange,
    Waterfall,
)
from bot.render.charts.draw import draw
from bot.render.charts.raster import ZOOM, png
from bot.render.charts.scale import WIDTH
from bot.render.charts.team_range import END, HIGH, LOW, place

SVG = "{http://www.w3.org/2000/svg}"
PNG_BEGINS = b"\x89PNG\r\n\x1a\n"


def row(label: str = "Meetings held", told: str = "6, range 6 to 10") -> RangeRow:
    dots = tuple(RangeDot(value=value, low=6, high=10) for value in (3, 6, 8, 12))
    return RangeRow(label=label, told=told, dots=dots)


def fall(label: str = "Created") -> Waterfall:
    return Waterfall(
        title="Pipeline",
        steps=(
            Step(label="Start", amount=100, told="$100", kind=StepKind.TOTAL),
            Step(label=label, amount=50, told="+$50"),
            Step(label="Lost", amount=-30, told="−$30"),  # noqa: RUF001 - a minus sign
            Step(label="End", amount=120, told="$120", kind=StepKind.TOTAL),
        ),
    )


def charts(words: str) -> list[Chart]:
    return [
        TeamAgainstRange(title=words, rows=(row(words, words),)),
        fall(words),
        Sparkline(
            title=words,
            points=(Point(label=words, value=3), Point(label=words, value=None)),
            told=words,
            low=1,
            high=2,
            range_told=words,
        ),
        Curves(
            title=words,
            axis=words,
            curves=(Curve(label=words, points=(CurvePoint(at=9, share=0.5, low=0.2, high=0.8),)),),
            who=words,
            marks=(CurveMark(curve=0, at=12, has_happened=True),),
        ),
        Funnel(
            title=words,
            axis=words,
            centre=0.3,
            points=(FunnelPoint(facts=4, share=0.5),),
            edges=(FunnelEdge(facts=4, low=0, high=0.75),),
        ),
        PartedBars(
            title=words,
            bars=(
                PartedBar(
                    label=words, parts=(Part(label=words, told=words, standing="on the way"),)
                ),
            ),
        ),
    ]


def drawing(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - ours


def tags(svg: str) -> set[str]:
    return {each.tag.removeprefix(SVG) for each in drawing(svg).iter()}


@pytest.mark.parametrize(
    ("chart", "told"),
    [
        pytest.param(
            TeamAgainstRange(title="North", rows=(row(),)),
            "North. Meetings held: middle 6, range 6 to 10; 2 within the range, 1 below, 1 above.",
            id="team",
        ),
        pytest.param(
            fall(),
            "Pipeline. Start $100, Created +$50, Lost −$30, End $120.",  # noqa: RUF001 - a minus sign
            id="waterfall",
        ),
        pytest.param(
            Sparkline(
                title="Calls",
                points=[Point(label=f"{on} Mar", value=on) for on in (2, 9, 16)],
                told="16",
            ),
            "Calls, 3 weeks: now 16; lowest in the week of 2 Mar, highest in that of 16 Mar.",
            id="sparkline",
        ),
        pytest.param(
            Curves(
                title="First deal",
                axis="days",
                curves=[Curve(label="2026", points=[CurvePoint(at=30, share=0.4)])],
            ),
            "First deal. 2026: 40% by 30 days, half not reached.",
            id="curves",
        ),
        pytest.param(
            Curves(
                title="First deal",
                axis="days",
                curves=[Curve(label="First deal won", points=[CurvePoint(at=30, share=0.4)])],
                who="Kim",
                marks=[CurveMark(curve=0, at=44, has_happened=False)],
            ),
            "First deal. First deal won: 40% by 30 days, half not reached. "
            "Kim: First deal won not yet after 44 days.",
            id="curves with somebody on them",
        ),
        pytest.param(
            charts("Win rates")[4],
            "Win rates. All together 30%; of 1, none differs by more than luck would.",
            id="funnel",
        ),
    ],
)
def test_words_say_what_the_picture_shows(chart: Chart, told: str) -> None:
    assert draw(chart).alt == told


@given(words=some.text(min_size=1, max_size=40))
def test_no_words_break_the_drawing_or_become_marks(words: str) -> None:
    for chart, harmless in zip(charts(words), charts("x"), strict=True):
        assert tags(draw(chart).svg) == tags(draw(harmless).svg)


def test_hostile_words_stay_words() -> None:
    hostile = "<image href='file:///etc/passwd'/><script>&amp;"
    assert tags(draw(fall(hostile)).svg) == {"svg", "rect", "text", "line"}


def test_bars_begin_where_the_last_one_ended() -> None:
    bars = list(drawing(draw(fall()).svg).iter(f"{SVG}rect"))[1:]
    start, created, lost, end = (
        (float(bar.attrib["x"]), float(bar.attrib["x"]) + float(bar.attrib["width"]))
        for bar in bars
    )
    assert start[1] == created[0]
    assert created[1] == lost[1]
    assert lost[0] == pytest.approx(end[1], abs=0.2)
    assert start[1] - start[0] == pytest.approx(2 * (created[1] - created[0]), abs=0.3)


@given(value=some.floats(-1e9, 1e9), low=some.floats(0, 1e6), width=some.floats(0, 1e6))
def test_a_dot_is_in_the_band_when_its_value_is_in_the_range(
    value: float, low: float, width: float
) -> None:
    at = place(RangeDot(value=value, low=low, high=low + width))
    assert at <= END
    if low <= value <= low + width:
        assert LOW <= at <= HIGH
    elif value < low:
        assert at <= LOW
    else:
        assert at >= HIGH


def test_letters_reach_the_picture_without_a_font_of_the_machine() -> None:
    """Text in a font that is missing vanishes without a word."""
    with_words, without = (png(draw(fall(label)).svg) for label in ("Created", " "))
    assert with_words.startswith(PNG_BEGINS)
    assert int.from_bytes(with_words[16:20]) == ZOOM * WIDTH
    assert len(with_words) > len(without)


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="token"):
        png("no drawing")


def test_in_a_channel_nobody_has_a_dot() -> None:
    shared = replace(row(), shows_dots=False)
    picture = draw(TeamAgainstRange(title="North", rows=(shared,)))
    assert "circle" not in tags(picture.svg)
    assert picture.alt == "North. Meetings held: middle 6, range 6 to 10."
