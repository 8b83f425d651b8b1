"""Takes the pictures of the documentation from a running demo: `make pictures`.

With names, only those: `python -m tests.browser.pictures nudge why`.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.running_demo import Demo, running_demo
from tests.browser_support import ARGUMENTS, chromium_executable

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}
#: For answers that are longer than a screen.
TALL = {"width": 1280, "height": 1600}
SLOWEST = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    name: str
    query: str
    #: What to press or type before, in order: a button's name, or a command.
    deeds: tuple[str, ...] = ()
    #: What must be there before the picture is taken.
    awaited: str = "[data-message-ts]"
    is_dark: bool = False
    on_phone: bool = False
    is_tall: bool = False


PICTURES = (
    Picture(name="nudge", query="?as=kim.larsen&tab=messages"),
    Picture(name="phone-nudge", query="?as=kim.larsen&tab=messages", on_phone=True),
    Picture(
        name="why",
        query="?as=kim.larsen&tab=messages",
        deeds=("Why am I seeing this?",),
        awaited="[data-modal]",
    ),
    Picture(name="digest", query="?as=maria.santos&tab=messages"),
    Picture(
        name="team-health",
        query="?as=maria.santos&tab=messages",
        deeds=("/team-health",),
        awaited="[data-ephemeral]",
        is_tall=True,
    ),
    Picture(name="behind-the-scenes", query="?as=maria.santos&tab=log", awaited="[data-log-name]"),
    Picture(
        name="pipeline",
        query="?as=maria.santos&tab=messages",
        deeds=("/pipeline",),
        awaited="[data-ephemeral]",
    ),
    Picture(
        name="ramp",
        query="?as=maria.santos&tab=messages",
        deeds=("/ramp",),
        awaited="[data-ephemeral]",
    ),
    Picture(
        name="metric",
        query="?as=kim.larsen&tab=messages",
        deeds=("/metric calls completed",),
        awaited="[data-ephemeral]",
    ),
    Picture(
        name="coach",
        query="?as=maria.santos&tab=messages",
        deeds=("/coach Kim",),
        awaited="[data-ephemeral]",
    ),
    Picture(
        name="modal-not-now",
        query="?as=kim.larsen&tab=messages",
        deeds=("Not now",),
        awaited="[data-modal]",
    ),
    Picture(
        name="modal-one-on-one",
        query="?as=maria.santos&tab=messages",
        deeds=("/coach Kim", "Write down the 1:1"),
        awaited="[data-modal]",
    ),
    Picture(
        name="strategic",
        query="?as=maria.santos&tab=messages",
        deeds=("/strategic",),
        awaited="[data-ephemeral]",
        is_tall=True,
    ),
    Picture(
        name="modal-duty",
        query="?as=maria.santos&tab=messages",
        deeds=(
            "/strategic",
            "What it rests on",
        ),
        awaited="[data-modal]",
    ),
    Picture(
        name="framework",
        query="?as=maria.santos&tab=messages",
        deeds=("/team-health framework",),
        awaited="[data-ephemeral]",
        is_tall=True,
    ),
    Picture(
        name="bench",
        query="?as=maria.santos&tab=messages",
        deeds=("/bench",),
        awaited="[data-ephemeral]",
    ),
    Picture(
        name="hiring-analysis",
        query="?as=maria.santos&tab=messages",
        deeds=("/bench analysis",),
        awaited="[data-ephemeral]",
        is_tall=True,
    ),
    Picture(
        name="modal-scorecard",
        query="?as=kim.larsen&tab=messages",
        deeds=("/interview", "Fill in the scorecard"),
        awaited="[data-modal]",
    ),
    Picture(
        name="ramp-cohort",
        query="?as=maria.santos&tab=messages",
        deeds=("/ramp cohort",),
        awaited="[data-ephemeral]",
        is_tall=True,
    ),
    Picture(
        name="pay",
        query="?as=kim.larsen&tab=messages",
        deeds=("/pay",),
        awaited="[data-ephemeral]",
    ),
    Picture(
        name="comp-audit",
        query="?as=priya.raman&tab=messages",
        deeds=("/comp-audit",),
        awaited="[data-ephemeral]",
        is_tall=True,
    ),
    Picture(name="home-admin", query="?as=ruth.feldmann&tab=home", awaited="[data-block-type]"),
    Picture(name="home-rep", query="?as=kim.larsen&tab=home", awaited="[data-block-type]"),
    Picture(
        name="home-manager",
        query="?as=maria.santos&tab=home",
        awaited="[data-block-type]",
        is_dark=True,
    ),
    Picture(name="channel", query="?as=maria.santos&in=team-smb"),
    Picture(
        name="phone-home",
        query="?as=maria.santos&tab=home",
        awaited="[data-block-type]",
        is_dark=True,
        on_phone=True,
    ),
)


def take(picture: Picture, demo: Demo, browser: Browser) -> None:
    desk = TALL if picture.is_tall else DESK
    context = browser.new_context(
        viewport=PHONE if picture.on_phone else desk,  # type: ignore[arg-type]  # its own TypedDict
        color_scheme="dark" if picture.is_dark else "light",
    )
    page = context.new_page()
    page.set_default_timeout(SLOWEST)
    page.goto(f"{demo.page}/{picture.query}")
    expect(page.locator("body")).to_have_attribute("data-ready", "true")
    page.get_by_role("button", name="Got it").click()
    for deed in picture.deeds:
        do(page, deed)
    page.locator(picture.awaited).last.wait_for()
    # What has just been drawn scrolls into place.
    page.wait_for_timeout(500)
    page.mouse.move(0, 0)
    path = IMAGES / f"{picture.name}.png"
    page.screenshot(path=path)
    make_smaller(path)
    if picture.awaited == "[data-modal]":
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    context.close()


def make_smaller(path: Path) -> None:
    """A page has few colours; a palette of them takes a third of the room."""
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def do(page: Page, deed: str) -> None:
    if deed.startswith("/"):
        known = page.locator("[data-ephemeral]").count()
        page.locator("#composer").fill(deed)
        page.locator("#composer").press("Enter")
        expect(page.locator("[data-ephemeral]")).to_have_count(known + 1, timeout=SLOWEST)
    else:
        page.get_by_role("button", name=re.compile(re.escape(deed))).first.click()


def main(names: list[str]) -> None:
    with (
        TemporaryDirectory() as kept,
        running_demo(Path(kept)) as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_executable(), args=ARGUMENTS)
        for picture in PICTURES:
            if not names or picture.name in names:
                take(picture, demo, browser)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
