"""The few words that filters write themselves; a wording's ``words.yaml`` has its own."""

from collections.abc import Mapping
from pathlib import Path

from bot.documents import did_you_mean, load_document, raise_problems

WORDS_FILE = "words.yaml"
ENGLISH: Mapping[str, str] = {
    "day": "day",
    "days": "days",
    "working_day": "working day",
    "working_days": "working days",
    "minutes": "min",
    "hours": "h",
    "of": "of",
    "and": "and",
    "more": "more",
    "no_data": "no data",
    "no_amount": "no amount",
}


def read_words(folder: Path) -> Mapping[str, str]:
    """Those that the folder has words for. Raises ConfigError naming file, line and remedy."""
    path = folder / WORDS_FILE
    if not path.is_file():
        return {}
    document = load_document(path, name=f"{folder.name}/{WORDS_FILE}")
    content = document.content
    if not isinstance(content, dict):
        document.complain((), "expected a word on each line", hint="such as `and: und`")
        content = {}
    for key, value in content.items():
        if key not in ENGLISH:
            document.complain((key,), f"unknown word '{key}'", hint=did_you_mean(key, ENGLISH))
        elif not isinstance(value, str):
            document.complain((key,), f"'{key}' should be text", hint="write it in quotes")
    raise_problems(document.problems)
    return {str(key): str(value) for key, value in content.items()}
