"""``data_visualization`` blocks as SVG."""

import math
from collections.abc import Iterator

from markupsafe import Markup

from integrations.sandbox.slack.state.values import Json

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 460, 200, 44, 26, 10
NOTHING = Markup("")
RECTANGLE = Markup(
    '<rect class="series-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2">'
    "<title>{}</title></rect>"
)
WORD = Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>')
PATH = Markup('<path class="{}-{}" d="{}"/>')
SLICE = Markup('<path class="series-{}" d="{}"><title>{}</title></path>')
KEY = Markup('<span class="key"><i class="series-{}"></i>{}</span>')
FIGURE = Markup(
    '<figure class="chart" role="img" aria-label="{}"><figcaption>{}</figcaption>'
    '<svg viewBox="0 0 {} {}" aria-hidden="true">{}</svg><div class="keys">{}</div></figure>'
)


def chart(block: Json) -> Markup:
    drawn = block["chart"]
    if drawn["type"] == "pie":
        labels = [f"{each['label']} ({each['value']:g})" for each in drawn["segments"]]
        picture = NOTHING.join(_slices(drawn["segments"]))
    else:
        labels = [each["name"] for each in drawn["series"]]
        picture = NOTHING.join(_plot(drawn))
    keys = NOTHING.join(KEY.format(place, label) for place, label in enumerate(labels))
    title = block["title"]
    return FIGURE.format(title, title, WIDTH, HEIGHT, picture, keys)


def _slices(segments: list[Json]) -> Iterator[Markup]:
    total = sum(float(each["value"]) for each in segments)
    middle_x, middle_y, radius, angle = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - TOP, -math.pi / 2
    for place, each in enumerate(segments):
        # A full circle cannot be one arc: it would begin where it ends.
        turn = min(2 * math.pi * float(each["value"]) / total, 2 * math.pi - 1e-4)
        start = (middle_x + radius * math.cos(angle), middle_y + radius * math.sin(angle))
        angle += turn
        end = (middle_x + radius * math.cos(angle), middle_y + radius * math.sin(angle))
        path = (
            f"M{middle_x:.1f} {middle_y:.1f}L{start[0]:.2f} {start[1]:.2f}"
            f"A{radius:.1f} {radius:.1f} 0 {int(turn > math.pi)} 1 {end[0]:.2f} {end[1]:.2f}Z"
        )
        yield SLICE.format(place, path, f"{each['label']}: {each['value']:g}")


def _plot(drawn: Json) -> Iterator[Markup]:
    categories, series = drawn["axis_config"]["categories"], drawn["series"]
    values = [float(point["value"]) for one in series for point in one["data"]]
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    inner = HEIGHT - TOP - BOTTOM

    def level(value: float) -> float:
        return TOP + inner * (high - value) / span

    for value in (low, (low + high) / 2, high):
        y = level(value)
        yield PATH.format("grid", 0, f"M{LEFT} {y:.1f}H{WIDTH}")
        yield WORD.format("tick", LEFT - 6, y + 4, f"{value:g}")
    step = (WIDTH - LEFT) / max(len(categories), 1)
    for place, category in enumerate(categories):
        yield WORD.format("category", LEFT + step * (place + 0.5), HEIGHT - 8, category)
    for number, one in enumerate(series):
        points = [
            (LEFT + step * (place + 0.5), float(point["value"]), point["label"])
            for place, point in enumerate(one["data"])
        ]
        if drawn["type"] == "bar":
            width = step * 0.7 / len(series)
            for middle, value, label in points:
                x = middle - step * 0.35 + width * number
                top, bottom = sorted((level(value), level(0)))
                yield RECTANGLE.format(
                    number, x, top, width, bottom - top, f"{one['name']}, {label}: {value:g}"
                )
        else:
            line = "L".join(f"{x:.1f} {level(value):.1f}" for x, value, _ in points)
            if drawn["type"] == "area":
                floor = f"L{points[-1][0]:.1f} {level(0):.1f}L{points[0][0]:.1f} {level(0):.1f}Z"
                yield PATH.format("area", number, f"M{line}{floor}")
            yield PATH.format("stroke", number, f"M{line}")
