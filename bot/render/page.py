"""What a template may lay out: each call collects a block as data and leaves no text behind.

Templates never contain JSON, so a value can change words but never structure. One Page collects
one rendering and is thrown away.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from bot.domain.chart import Chart, Picture
from bot.domain.message import PICTURE
from bot.render import inputs
from bot.render.charts.draw import draw, in_words
from bot.render.mrkdwn import clipped, lines, link, mrkdwn, plain
from bot.render.phrases import is_words

NOTHING = Markup()
LONGEST_SECTION = 3000
LONGEST_FIELD = 2000
LONGEST_HEADER = 150
LONGEST_CONTEXT = 2000
LONGEST_LABEL = 75
LONGEST_VALUE = 2000
LONGEST_STAND_IN = 3000
MOST_FIELDS = 10
MOST_ELEMENTS = 5  # Slack takes 25; more than five buttons in a row nobody reads.

Caller = Callable[[], Markup]
Built = dict[str, object]


@dataclass(slots=True, kw_only=True)
class Part:
    """One message of several: the first stands in the channel, the others in its thread."""

    text: str = ""
    blocks: list[Built] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)


class Page:
    def __init__(self, say: Callable[[str], str] = str) -> None:
        """``say`` gives what the program says in the reader's words."""
        self._say = say
        self.parts = [Part()]
        self.frame: Built = {"type": "home"}

    def calls(self) -> Mapping[str, Callable[..., Markup]]:
        """The names that templates call."""
        names = (
            "section fields context header divider button overflow select image chart "
            "thread_message modal text_input select_input radio_input date_input"
        )
        return {name: getattr(self, name) for name in names.split()} | {"link": link}

    def section(
        self,
        *,
        caller: Caller,
        button: Sequence[object] = (),
        menu: Sequence[object] = (),
    ) -> Markup:
        """Words, with at most one thing beside them.

        ``button`` is (label, action, value); ``menu`` is (action, [(label, value), ...]).
        """
        words = clipped(lines(caller()), LONGEST_SECTION)
        if words:
            block: Built = {"type": "section", "text": _marked_up(words)}
            if button:
                label, action, value = (*button, None)[:3]
                block["accessory"] = _button(self._told(label), str(action), value)
            elif menu:
                name, options = menu
                block["accessory"] = inputs.overflow(str(name), self._choices(options))  # type: ignore[arg-type]  # as documented
            self._add(block)
        return NOTHING

    def fields(self, pairs: Iterable[tuple[object, object]]) -> Markup:
        """Label over value, two columns, as many rows as needed."""
        texts = [
            _marked_up(
                clipped(
                    f"*{mrkdwn(self._told(label))}*\n{mrkdwn(self._told(value))}", LONGEST_FIELD
                )
            )
            for label, value in pairs
        ]
        for start in range(0, len(texts), MOST_FIELDS):
            self._add({"type": "section", "fields": texts[start : start + MOST_FIELDS]})
        return NOTHING

    def context(self, *, caller: Caller) -> Markup:
        words = clipped(lines(caller()), LONGEST_CONTEXT)
        if words:
            self._add({"type": "context", "elements": [_marked_up(words)]})
        return NOTHING

    def header(self, words: object) -> Markup:
        self._add({"type": "header", "text": inputs.plain_text(self._told(words), LONGEST_HEADER)})
        return NOTHING

    def divider(self) -> Markup:
        self._add({"type": "divider"})
        return NOTHING

    def image(self, url: object, alt: object) -> Markup:
        """A picture by web address; without an https address nothing is shown."""
        address = str(url)
        if address.startswith("https://"):
            self._add(
                {"type": "image", "image_url": address, "alt_text": plain(self._told(alt), 2000)}
            )
        return NOTHING

    def chart(self, shown: Chart | None) -> Markup:
        """A picture of what the words around it say; without a chart nothing is shown."""
        if shown is not None:
            part = self.parts[-1]
            picture = draw(in_words(shown, self._say), self._say)
            name = f"{PICTURE}{sum(len(each.pictures) for each in self.parts) + 1}"
            part.pictures[name] = picture
            file = {"id": name}
            self._add({"type": "image", "slack_file": file, "alt_text": plain(picture.alt, 2000)})
        return NOTHING

    def button(
        self, label: object, action: str, value: object = None, style: str | None = None
    ) -> Markup:
        """Buttons that follow one another stand in one row."""
        return self._act(_button(self._told(label), action, value, style))

    def overflow(self, action: str, options: Iterable[tuple[object, object]]) -> Markup:
        return self._act(inputs.overflow(action, self._choices(options)))

    def select(
        self, action: str, options: Iterable[tuple[object, object]], placeholder: object = "Choose"
    ) -> Markup:
        element = inputs.select(action, self._choices(options), placeholder=self._told(placeholder))
        return self._act(element) if element["options"] else NOTHING

    def _told(self, words: object) -> object:
        return self._say(words) if is_words(words) else words

    def _choices(self, options: Iterable[tuple[object, object]]) -> list[tuple[object, object]]:
        return [(self._told(label), value) for label, value in options]

    def thread_message(self, text: object) -> Markup:
        """Everything laid out from here on is a message of its own in the thread."""
        self.parts.append(Part(text=clipped(str(mrkdwn(self._told(text))), LONGEST_STAND_IN)))
        return NOTHING

    def modal(
        self,
        title: object,
        callback: str,
        submit: object = None,
        close: object = "Close",
        carries: object = "",
        keeps_draft: bool = False,  # noqa: FBT001, FBT002 -- templates name it
    ) -> Markup:
        """Make this view a modal; ``carries`` comes back with what the person enters."""
        self.frame = {
            "type": "modal",
            "callback_id": callback,
            "title": inputs.plain_text(self._told(title), 24),
            "close": inputs.plain_text(self._told(close), 24),
            "private_metadata": str(carries),
        }
        if submit is not None:
            self.frame["submit"] = inputs.plain_text(self._told(submit), 24)
        if keeps_draft:
            self.frame["notify_on_close"] = True
        return NOTHING

    def text_input(
        self,
        label: object,
        name: str,
        hint: object = None,
        optional: bool = False,  # noqa: FBT001, FBT002 -- templates name it
        longest: int = 500,
        initial: object = None,
        one_line: bool = False,  # noqa: FBT001, FBT002 -- templates name it
    ) -> Markup:
        element = inputs.text(name, longest, initial, is_long=not one_line)
        return self._ask(label, element, hint, optional=optional)

    def select_input(
        self,
        label: object,
        name: str,
        options: Iterable[tuple[object, object]],
        hint: object = None,
        optional: bool = False,  # noqa: FBT001, FBT002 -- templates name it
        initial: object = None,
    ) -> Markup:
        element = inputs.select(
            name, self._choices(options), placeholder=self._told("Choose"), initial=initial
        )
        return self._ask(label, element, hint, optional=optional)

    def radio_input(
        self,
        label: object,
        name: str,
        options: Iterable[tuple[object, object]],
        hint: object = None,
    ) -> Markup:
        return self._ask(label, inputs.radio(name, self._choices(options)), hint)

    def date_input(
        self,
        label: object,
        name: str,
        initial: object = None,
        hint: object = None,
        optional: bool = False,  # noqa: FBT001, FBT002 -- templates name it
    ) -> Markup:
        return self._ask(label, inputs.day(name, initial), hint, optional=optional)

    def _ask(
        self, label: object, element: Built, hint: object, *, optional: bool = False
    ) -> Markup:
        block: Built = {
            "type": "input",
            "block_id": str(element["action_id"]),
            "label": inputs.plain_text(self._told(label), 200),
            "element": element,
            "optional": optional,
        }
        if hint is not None:
            block["hint"] = inputs.plain_text(self._told(hint), 500)
        self._add(block)
        return NOTHING

    def _act(self, element: Built) -> Markup:
        blocks = self.parts[-1].blocks
        row = blocks[-1]["elements"] if blocks and blocks[-1]["type"] == "actions" else None
        if isinstance(row, list) and len(row) < MOST_ELEMENTS and not _is_in(row, element):
            row.append(element)
        else:
            self._add({"type": "actions", "elements": [element]})
        return NOTHING

    def _add(self, block: Built) -> None:
        self.parts[-1].blocks.append(block)


def _is_in(row: list[Built], element: Built) -> bool:
    """Within one row, Slack wants every action once."""
    return any(other["action_id"] == element["action_id"] for other in row)


def _marked_up(words: str) -> Built:
    # Verbatim: Slack is not to make links or mentions out of plain words.
    return {"type": "mrkdwn", "text": str(words), "verbatim": True}


def _button(label: object, action: str, value: object = None, style: str | None = None) -> Built:
    element: Built = {
        "type": "button",
        "text": inputs.plain_text(label, LONGEST_LABEL),
        "action_id": action,
    }
    if value is not None and str(value):
        element["value"] = str(value)[:LONGEST_VALUE]
    if style is not None:
        element["style"] = style
    return element
