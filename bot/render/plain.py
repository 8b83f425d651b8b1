"""Stand-in text as a person reads it in Slack, for other places than Slack."""

import html


def as_read(text: str) -> str:
    """Without Slack's escapes, and without what keeps a name from becoming a mention."""
    return html.unescape(text).replace("\u200b", "")
