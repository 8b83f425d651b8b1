import json
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, str]:
    text = files(__package__).joinpath("emoji.json").read_text(encoding="utf-8")
    table: dict[str, str] = json.loads(text)
    return table


def emoji_for(name: str) -> str | None:
    """The symbol of a short name such as ``tada``; None when the small table lacks it."""
    return _table().get(name)
