"""Onboarding in the demo, in a browser: as the new hire, her manager, and a colleague."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.running_demo import Demo, running_demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLOWEST = 60_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as ready:
        yield ready


def ask(page: Page, demo: Demo, person: str, words: str) -> None:
    page.goto(f"{demo.page}/?as={person}&tab=messages")
    page.locator("#composer").fill(words)
    page.locator("#composer").press("Enter")


def test_a_new_hire_a_manager_and_a_colleague(demo: Demo, page: Page) -> None:
    ask(page, demo, "maria.santos", "/ramp @Lena")
    answer = page.locator("[data-ephemeral]").last
    expect(answer).to_contain_text(
        "6 working days behind on “First discovery call”", timeout=SLOWEST
    )
    answer.get_by_role("button", name="Sign off").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Lena", timeout=SLOWEST)
    page.keyboard.press("Escape")

    ask(page, demo, "maria.santos", "/ramp cohort")
    answer = page.locator("[data-ephemeral]").last
    expect(answer).to_contain_text("With version 2 it came faster", timeout=SLOWEST)
    expect(answer.locator("img").last).to_have_attribute("alt", re.compile("Version 1 .*half by"))

    page.goto(f"{demo.page}/?as=lena.fischer&tab=home")
    expect(page.locator("body")).to_contain_text("Your programme", timeout=SLOWEST)
    expect(page.locator("body")).to_contain_text("First discovery call")

    ask(page, demo, "kim.larsen", "/ramp @Lena")
    answer = page.locator("[data-ephemeral]").last
    expect(answer).to_contain_text("your own numbers only", timeout=SLOWEST)
    expect(answer).not_to_contain_text("behind")
