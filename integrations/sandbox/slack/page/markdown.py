"""The standard Markdown of ``markdown`` blocks as HTML: what Slack shows of it, escaped."""

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from integrations.sandbox.slack.page.mrkdwn import emoji_html, link

INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\]\n]*)\]\((?P<address>[^)\s]+)\)"
    r"|\*\*(?P<bold>[^\s*](?:.*?[^\s])?)\*\*"
    r"|~~(?P<strike>[^~\n]+)~~"
    r"|(?<!\w)[*_](?P<italic>[^\s*_](?:[^*_\n]*[^\s*_])?)[*_](?!\w)"
    r"|:(?P<emoji>[a-z0-9_+-]+):"
)
HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
BULLET = re.compile(r"^(\s*)[-*+]\s+(.*)$")
NUMBERED = re.compile(r"^(\s*)\d+[.)]\s+(.*)$")
RULE = re.compile(r"^\s*([-*_])(?:\s*\1){2,}\s*$")
TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?\s*$")
NOTHING = Markup("")


def markdown(text: str) -> Markup:
    return NOTHING.join(_blocks(text.split("\n")))


def _blocks(lines: list[str]) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            body, at = _until(lines, at + 1, lambda each: each.startswith("```"))
            yield Markup("<pre>{}</pre>").format("\n".join(body))
            at += 1
        elif at + 1 < len(lines) and "|" in line and TABLE_RULE.match(lines[at + 1]):
            rows, at = _until(lines, at, lambda each: "|" not in each)
            yield _table([rows[0], *rows[2:]])
        elif line.startswith(">"):
            quoted, at = _until(lines, at, lambda each: not each.startswith(">"))
            inner = markdown("\n".join(re.sub(r"^> ?", "", each) for each in quoted))
            yield Markup("<blockquote>{}</blockquote>").format(inner)
        elif BULLET.match(line) or NUMBERED.match(line):
            pattern, tag = (BULLET, "ul") if BULLET.match(line) else (NUMBERED, "ol")
            items, at = _until(lines, at, _fails(pattern))
            yield _list(items, pattern, tag)
        else:
            yield _single(line)
            at += 1


def _until(lines: list[str], start: int, is_end: Callable[[str], bool]) -> tuple[list[str], int]:
    end = start
    while end < len(lines) and not is_end(lines[end]):
        end += 1
    return lines[start:end], end


def _fails(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda line: not pattern.match(line)


def _single(line: str) -> Markup:
    if heading := HEADING.match(line):
        return Markup('<div class="md-heading md-h{}">{}</div>').format(
            len(heading[1]), _inline(heading[2])
        )
    if RULE.match(line):
        return Markup("<hr>")
    return Markup('<div class="line">{}</div>').format(_inline(line))


def _list(items: list[str], pattern: re.Pattern[str], tag: str) -> Markup:
    shown = []
    for item in items:
        match = pattern.match(item)
        if match:
            depth = min(len(match[1]) // 2, 8)
            shown.append(Markup('<li class="indent-{}">{}</li>').format(depth, _inline(match[2])))
    body = NOTHING.join(shown)
    return Markup("<{}>{}</{}>").format(tag, body, tag)


def _table(rows: list[str]) -> Markup:
    shown = []
    for place, row in enumerate(rows):
        tag = "th" if place == 0 else "td"
        cells = NOTHING.join(
            Markup("<{}>{}</{}>").format(tag, _inline(cell.strip()), tag)
            for cell in row.strip().strip("|").split("|")
        )
        shown.append(Markup("<tr>{}</tr>").format(cells))
    return Markup('<div class="table-box"><table>{}</table></div>').format(NOTHING.join(shown))


def _inline(text: str) -> Markup:
    shown, read_to = [], 0
    for match in INLINE.finditer(text):
        shown.append(escape(text[read_to : match.start()]))
        shown.append(_piece(match))
        read_to = match.end()
    shown.append(escape(text[read_to:]))
    return NOTHING.join(shown)


def _piece(match: re.Match[str]) -> Markup:
    if match["code"] is not None:
        return Markup("<code>{}</code>").format(match["code"])
    if match["address"] is not None:
        return link(match["address"], _inline(match["label"]))
    if match["bold"] is not None:
        return Markup("<b>{}</b>").format(_inline(match["bold"]))
    if match["strike"] is not None:
        return Markup("<s>{}</s>").format(_inline(match["strike"]))
    if match["italic"] is not None:
        return Markup("<i>{}</i>").format(_inline(match["italic"]))
    return emoji_html(match["emoji"])
