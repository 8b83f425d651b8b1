"""What the grammar cannot say about ``data_visualization``: names and labels that must agree."""

from collections.abc import Iterator

from integrations.sandbox.slack.blockkit.complaint import Complaint


def chart_complaints(blocks: list[object], pointer: str) -> Iterator[Complaint]:
    for place, block in enumerate(blocks):
        if not isinstance(block, dict) or block.get("type") != "data_visualization":
            continue
        chart = block.get("chart")
        if isinstance(chart, dict) and chart.get("type") != "pie":
            yield from _series_complaints(chart, f"{pointer}/{place}/chart")


def _series_complaints(chart: dict[str, object], pointer: str) -> Iterator[Complaint]:
    config, series = chart.get("axis_config"), chart.get("series")
    if not isinstance(config, dict) or not isinstance(series, list):
        return
    categories = config.get("categories")
    names: set[object] = set()
    for place, one in enumerate(series):
        if not isinstance(one, dict):
            continue
        if one.get("name") in names:
            yield Complaint(
                pointer=f"{pointer}/series/{place}/name", message="series names must be unique"
            )
        names.add(one.get("name"))
        data = one.get("data")
        points = data if isinstance(data, list) else []
        labels = [point.get("label") for point in points if isinstance(point, dict)]
        if labels != categories:
            yield Complaint(
                pointer=f"{pointer}/series/{place}/data",
                message="labels must match the categories of axis_config",
            )
