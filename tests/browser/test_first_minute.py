"""What a sales leader does in the first minute of the demo, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.running_demo import Demo, running_demo
from tests.process_tree import children_of, require_gone

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLOWEST = 60_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as ready:
        yield ready


def type_in(page: Page, words: str) -> None:
    page.locator("#composer").fill(words)
    page.locator("#composer").press("Enter")


def ask(page: Page, demo: Demo, person: str, words: str) -> None:
    page.goto(f"{demo.page}/?as={person}&tab=messages")
    page.locator("#composer").fill(words)
    page.locator("#composer").press("Enter")


def test_a_manager_types_team_health_and_sees_the_team(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.page}/?as=maria.santos&tab=messages")
    type_in(page, "/team-health")
    answer = page.locator("[data-ephemeral]").last
    expect(answer).to_contain_text("Maria's team", timeout=SLOWEST)
    expect(answer).to_contain_text("Only visible to you")
    expect(answer).to_contain_text("Next-step hygiene")


def test_a_rep_who_asks_for_team_health_is_told_kindly_what_they_may_ask(
    demo: Demo, page: Page
) -> None:
    page.goto(f"{demo.page}/?as=kim.larsen&tab=messages")
    type_in(page, "/team-health")
    expect(page.locator("[data-ephemeral]").last).to_contain_text("/my-week", timeout=SLOWEST)


def test_a_manager_sees_six_duties_and_what_one_of_them_rests_on(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.page}/?as=maria.santos&tab=messages")
    type_in(page, "/strategic")
    answer = page.locator("[data-ephemeral]").last
    expect(answer).to_contain_text("Keep the team consistent", timeout=SLOWEST)
    expect(answer).to_contain_text("Only visible to you")
    expect(answer.locator("img").last).to_have_attribute("alt", re.compile("unknown"))
    expect(answer).to_contain_text(re.compile(r"Commitments kept: \d+ of \d+"))
    answer.get_by_role("button", name="What it rests on").last.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("last 1:1 on", timeout=SLOWEST)
    page.keyboard.press("Escape")
    type_in(page, "/team-health framework")
    framework = page.locator("[data-ephemeral]").last
    expect(framework).to_contain_text("By chance alone", timeout=SLOWEST)
    framework.get_by_role("button", name="What it rests on").first.click()
    expect(dialog).to_contain_text("Rests on 8 reps", timeout=SLOWEST)
    expect(dialog).to_contain_text("Consistent")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_neither_a_rep_nor_another_manager_sees_a_managers_scorecard(
    demo: Demo, page: Page
) -> None:
    page.goto(f"{demo.page}/?as=kim.larsen&tab=messages")
    type_in(page, "/strategic")
    expect(page.locator("[data-ephemeral]").last).to_contain_text("for managers", timeout=SLOWEST)
    page.goto(f"{demo.page}/?as=victor.lindqvist&tab=messages")
    type_in(page, "/strategic maria")
    expect(page.locator("[data-ephemeral]").last).to_contain_text("nobody else", timeout=SLOWEST)
    type_in(page, "/team-health framework maria")
    expect(page.locator("[data-ephemeral]").last).to_contain_text("below you", timeout=SLOWEST)
    ask(page, demo, "kim.larsen", "/team-health framework")
    refusal = page.locator("[data-ephemeral]").last
    expect(refusal).to_contain_text("for managers", timeout=SLOWEST)
    expect(refusal).not_to_contain_text("Gini")


def test_why_am_i_seeing_this_shows_numbers_and_records(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.page}/?as={demo.somebody_nudged()}&tab=messages")
    page.get_by_role("button", name="Why am I seeing this?").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=SLOWEST)
    expect(dialog).to_contain_text(re.compile(r"\d"))
    expect(dialog).to_contain_text("CRM")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_done_leaves_the_message_saying_what_happened(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.page}/?as={demo.somebody_nudged()}&tab=messages")
    page.get_by_role("button", name="Done").first.click()
    expect(page.get_by_role("button", name="Done")).to_have_count(0, timeout=SLOWEST)
    expect(page.locator("[data-message-ts]").last).to_contain_text("Done")


def test_a_manager_keeps_a_bench_and_reads_what_past_hires_teach(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.page}/?as=maria.santos&tab=messages")
    type_in(page, "/bench")
    answer = page.locator("[data-ephemeral]").last
    expect(answer).to_contain_text("Theo Papadakis", timeout=SLOWEST)
    answer.get_by_role("button", name="Add a prospect").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Imani Okonkwo")
    dialog.get_by_label("Where they came from").select_option("referral")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog).to_contain_text("They are on the bench", timeout=SLOWEST)
    page.keyboard.press("Escape")
    type_in(page, "/bench smb_ae")
    expect(page.locator("[data-ephemeral]").last).to_contain_text("Imani Okonkwo", timeout=SLOWEST)
    type_in(page, "/bench analysis")
    taught = page.locator("[data-ephemeral]").last
    expect(taught).to_contain_text("Where they came from", timeout=SLOWEST)
    expect(taught).to_contain_text("Going together is not causing")
    ask(page, demo, "helena.okafor", "/bench analysis")
    found = page.locator("[data-ephemeral]").last
    expect(found).to_contain_text(
        "Source referral goes with an earlier first deal", timeout=SLOWEST
    )
    expect(found).to_contain_text(
        re.compile(r"Priya Raman: .*their scores go with an earlier first deal")
    )
    ask(page, demo, "kim.larsen", "/bench analysis")
    refusal = page.locator("[data-ephemeral]").last
    expect(refusal).to_contain_text("those who hire", timeout=SLOWEST)
    expect(refusal).not_to_contain_text("goes with")


def test_an_interviewer_scores_alone_and_sees_no_bench(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.page}/?as=kim.larsen&tab=messages")
    type_in(page, "/bench")
    expect(page.locator("[data-ephemeral]").last).to_contain_text("those who hire", timeout=SLOWEST)
    type_in(page, "/interview")
    answer = page.locator("[data-ephemeral]").last
    expect(answer).to_contain_text("Theo Papadakis", timeout=SLOWEST)
    answer.get_by_role("button", name="Fill in the scorecard").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Seeks out the feedback", timeout=SLOWEST)
    expect(dialog).not_to_contain_text("Grace")
    dialog.get_by_label("Drive", exact=True).select_option("5")
    dialog.get_by_role("button", name="Hand in").click()
    expect(dialog.locator('[data-error="evidence_drive"]')).to_contain_text("what you saw")
    dialog.get_by_label("Drive: what you saw or heard").fill("Showed the plan and the result")
    dialog.get_by_role("button", name="Hand in").click()
    expect(dialog).to_contain_text("Yours is in", timeout=SLOWEST)
    page.keyboard.press("Escape")
    type_in(page, "/interview")
    again = page.locator("[data-ephemeral]").last
    again.get_by_role("button", name="Read all scores").click(timeout=SLOWEST)
    expect(page.get_by_role("dialog")).to_contain_text("Grace O'Connor", timeout=SLOWEST)
    ask(page, demo, "aisha.rahman", "/interview")
    nothing = page.locator("[data-ephemeral]").last
    expect(nothing).to_contain_text("No interview waits for you", timeout=SLOWEST)
    expect(nothing).not_to_contain_text("Theo")


def test_a_chart_is_loaded_has_words_and_fits_at_a_desk_and_on_a_phone_at_night(
    demo: Demo, page: Page
) -> None:
    page.goto(f"{demo.page}/?as=maria.santos&tab=messages")
    type_in(page, "/pipeline")
    chart = page.locator("[data-ephemeral] img").last
    expect(chart).to_have_attribute("alt", re.compile("Start .* End"), timeout=SLOWEST)
    is_loaded = "image => image.complete && image.naturalWidth > 0"
    fits = "image => image.getBoundingClientRect().right <= innerWidth"
    for width, colours in ((1280, "light"), (390, "dark")):
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]  # one of its words
        page.set_viewport_size({"width": width, "height": 780})
        chart.scroll_into_view_if_needed()
        page.wait_for_function(is_loaded, arg=chart.element_handle())
        assert chart.evaluate(fits)


def test_a_rep_sees_their_own_pay_and_nobody_elses(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.page}/?as=kim.larsen&tab=messages")
    type_in(page, "/pay")
    answer = page.locator("[data-ephemeral]").last
    expect(answer).to_contain_text("Earned so far", timeout=SLOWEST)
    expect(answer).to_contain_text("An estimate from the CRM")
    expect(answer).to_contain_text("Only visible to you")
    type_in(page, "/pay @aisha.rahman")
    expect(page.locator("[data-ephemeral]").last).to_contain_text("nobody else", timeout=SLOWEST)
    page.goto(f"{demo.page}/?as=kim.larsen&tab=home")
    expect(page.locator("body")).to_contain_text("for your eyes only", timeout=SLOWEST)


def test_the_misaligned_plan_is_found_by_whoever_may_audit_it(demo: Demo, page: Page) -> None:
    for without in ("kim.larsen", "maria.santos"):
        ask(page, demo, without, "/comp-audit")
        refusal = page.locator("[data-ephemeral]").last
        expect(refusal).to_contain_text("responsible for pay plans", timeout=SLOWEST)
    page.goto(f"{demo.page}/?as=priya.raman&tab=messages")
    type_in(page, "/comp-audit legacy_mid_market")
    answer = page.locator("[data-ephemeral]").last
    expect(answer).to_contain_text("Not measurable", timeout=SLOWEST)
    expect(answer).to_contain_text("'E-mails sent', which serves none of the objectives")
    type_in(page, "/comp-audit try mid_market_ae")
    tried = page.locator("[data-ephemeral]").last
    expect(tried).to_contain_text("would gain", timeout=SLOWEST)
    expect(tried).to_contain_text("Nobody is named")


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


def test_world_and_bot_end_with_a_demo_that_was_killed(demo: Demo) -> None:
    """The last of this file: nothing is left to look at."""
    children = children_of(demo.process.pid)
    assert len(children) == 2
    demo.process.kill()
    require_gone(children, int(demo.page.rpartition(":")[2]))
