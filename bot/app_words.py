"""What app.yaml says in words that a model cannot check: whom and what they would fit."""

import re

from bot.documents import Document, places_at

EMAILS = (
    ("slack", "admins", "*"),
    ("pay", "leaders", "*"),
    ("pay", "sees_each_person", "*"),
    ("hiring", "managers", "*", "*"),
)
#: Looked for within longer texts, each of which contains nothing at all.
WITHIN_TEXTS = (
    ("activities", "missed_subjects", "*"),
    ("activities", "leave_subjects", "*"),
    ("activities", "automatic_subjects", "*"),
    ("definitions", "names_left_out", "*"),
    ("definitions", "competitive_losses", "*"),
)
CHANNELS = (("slack", "digest_channels", "*"), ("slack", "default_digest_channel"))
EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
SLACK_USER = re.compile(r"[UW][A-Z0-9]+")
CHANNEL = re.compile(r"#?[^\s#@<>&,.!:;/]+")


def check_words(document: Document) -> None:
    """Complain about each of them, whatever is wrong elsewhere."""
    _check_shape(
        document, EMAILS, EMAIL, "e-mail address", "write the one that they have in the CRM"
    )
    _check_shape(
        document,
        (("slack", "people", "*"),),
        SLACK_USER,
        "Slack user id",
        "copy the member id from their profile in Slack; it begins with U or W",
    )
    hint = "write it as Slack shows it, such as sales-team"
    _check_shape(document, CHANNELS, CHANNEL, "name of a channel", hint)
    for pattern in WITHIN_TEXTS:
        for place, word in places_at(document, *pattern):
            if isinstance(word, str) and not word.strip():
                document.complain(
                    place,
                    "nothing is written here, which is in every text",
                    hint="write a word, or take the line out",
                )
    for place, line in places_at(document, "roles", "*"):
        if isinstance(line, dict) and not _fits_somebody(line):
            hint = "add `title_contains:` or `crm_role_contains:`"
            document.complain(place, "this line fits nobody", hint=hint)


def _check_shape(
    document: Document,
    patterns: tuple[tuple[str, ...], ...],
    shape: re.Pattern[str],
    kind: str,
    hint: str,
) -> None:
    for pattern in patterns:
        for place, word in places_at(document, *pattern):
            if isinstance(word, str) and not shape.fullmatch(word):
                document.complain(place, f"'{word}' is no {kind}", hint=hint)


def _fits_somebody(line: dict[str, object]) -> bool:
    said = [line.get("title_contains"), line.get("crm_role_contains")]
    given = [words for words in said if words is not None]
    return bool(given) and all(not isinstance(words, str) or words.strip() for words in given)
