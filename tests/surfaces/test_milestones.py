"""Milestones in Slack: ticked off and signed by the right person, refused to the wrong one."""

from datetime import date, timedelta

import pytest
from slack_bolt import App
from sqlmodel import Session, col, select
from syrupy.assertion import SnapshotAssertion

from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.ids import SlackUserId
from bot.flows.sign_off import SignOff, sign_off
from bot.flows.undo_sign_off import undo_sign_off
from bot.runtime import Runtime
from bot.storage.mirror.user import CrmUserRow
from bot.storage.outbox import DeliveryRow
from bot.storage.programmes import CertificationRow, MilestoneRow, MilestoneUndoneRow
from bot.surfaces.home import home_for, load_homes
from tests.office import PLAYBOOKS, answers, asked, texts_in
from tests.programmes import BEGAN, given_programme
from tests.slack_world import CRM_IDS, SlackWorld, wait_until

KIM, SAM, MARIA = (SlackUserId(f"U0{name}") for name in ("KIM", "SAM", "MARIA"))
TUESDAY = date(2026, 11, 24)
[MID_MARKET] = [each for each in PLAYBOOKS.programmes if each.role == "mid_market_ae"]
GOOD = dict.fromkeys(MID_MARKET.milestones[1].rubric, 4)


def signed(
    office: Runtime, milestone: str, *, by: SlackUserId, start: int, **entry: object
) -> dict[str, str]:
    """The mistakes by field."""
    given = SignOff(**{"reached_on": TUESDAY, **entry})  # type: ignore[arg-type]  # named as its fields
    token = f"{start}:{milestone}"
    return dict(sign_off(office, by=by, token=token, entry=given).mistakes)


def on_record(office: Runtime) -> dict[str, tuple[date, str | None]]:
    row = MilestoneRow
    with Session(office.database) as session:
        found = session.exec(select(row).order_by(col(row.milestone)))
        return {each.milestone: (each.reached_on, each.signed_by) for each in found}


def told(office: Runtime) -> list[str]:
    row = DeliveryRow
    with Session(office.database) as session:
        found = session.exec(select(row).where(col(row.kind) == "milestone").order_by(col(row.id)))
        return [f"{each.recipient} {each.text} {each.blocks}" for each in found]


def test_a_new_hire_reads_what_is_done_what_is_next_and_who_tells(
    office: Runtime, snapshot: SnapshotAssertion
) -> None:
    given_programme(office, MID_MARKET, reached={"tools_ready": date(2026, 11, 5)})
    view = home_for(KIM, load_homes(), office)
    words = list(texts_in(view.payload["blocks"]))
    assert "\n".join(words[: words.index("Open nudges")]) == snapshot


def test_a_new_hire_ticks_off_a_task_from_home(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    given_programme(office, MID_MARKET)
    slack.sandbox.open_home("kim")
    home = wait_until(lambda: slack.sandbox.home_of("kim"))
    [block, *_] = [each for each in home.content["blocks"] if "milestone.reached" in str(each)]
    assert "Tools and CRM access work" in str(block)
    slack.sandbox.press("kim", home, "milestone.reached", block_id=block["block_id"])
    wait_until(lambda: slack.sandbox.modal_of("kim"))
    assert slack.sandbox.submit_view("kim", {"reached_on": "2026-11-23"}).is_acknowledged
    assert on_record(office) == {"tools_ready": (date(2026, 11, 23), CRM_IDS["kim"])}
    # Nobody needs to be told what they have just said themselves.
    assert told(office) == []


def test_a_manager_certifies_from_ramp_and_the_new_hire_is_told(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    given_programme(office, MID_MARKET)
    answer = answers(slack, "/ramp @kim", person="maria")
    [block, *_] = [b for b in answer.blocks if "Pitch" in str(b) and "accessory" in b]
    slack.sandbox.press("maria", answer, "milestone.reached", block_id=block["block_id"])
    modal = wait_until(lambda: slack.sandbox.modal_of("maria"))
    assert "Objections" in str(modal.content)
    day = {"reached_on": "2026-11-24"}
    lacking = slack.sandbox.submit_view("maria", {**day, "score_0": "4"})
    assert list(lacking.errors) == ["score_1", "score_2", "score_3", "score_4"]
    scores = {f"score_{number}": "4" for number in range(5)}
    assert slack.sandbox.submit_view("maria", {**day, **scores}).is_acknowledged
    assert on_record(office)["pitch_certified"] == (TUESDAY, CRM_IDS["maria"])
    [message] = told(office)
    assert message.startswith("U0KIM")
    assert "is done" in message


def test_a_sign_off_is_taken_back_from_ramp_with_a_record_and_the_new_hire_is_told(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    start = given_programme(office, MID_MARKET)
    assert signed(office, "pitch_certified", by=MARIA, start=start, scores=GOOD) == {}
    answer = answers(slack, "/ramp @kim", person="maria")
    [block] = [b for b in answer.blocks if "Signed off last" in str(b)]
    slack.sandbox.press("maria", answer, "milestone.reached", block_id=block["block_id"])
    modal = wait_until(lambda: slack.sandbox.modal_of("maria"))
    assert "Taken back, it is open again" in str(modal.content)
    assert slack.sandbox.submit_view("maria", {"because": "Wrong Kim"}).is_acknowledged
    assert on_record(office) == {}
    with Session(office.database) as session:
        [undone] = session.exec(select(MilestoneUndoneRow)).all()
    assert (undone.reached_on, undone.signed_by) == (TUESDAY, CRM_IDS["maria"])
    assert (undone.undone_by, undone.because) == (CRM_IDS["maria"], "Wrong Kim")
    assert "is open again" in told(office)[-1]
    # It can be signed anew, and is taken back once only.
    assert undo_sign_off(office, by=MARIA, token=f"{start}:pitch_certified") == (
        "It is open already."
    )
    assert signed(office, "pitch_certified", by=MARIA, start=start, scores=GOOD) == {}
    assert "pitch_certified" in on_record(office)


def test_a_new_hire_takes_back_a_task_of_their_own_and_nothing_that_was_signed(
    office: Runtime,
) -> None:
    start = given_programme(office, MID_MARKET)
    assert signed(office, "tools_ready", by=KIM, start=start) == {}
    with pytest.raises(NotAllowed, match="between a new hire and the manager"):
        undo_sign_off(office, by=SAM, token=f"{start}:tools_ready")
    assert "your checklist" in undo_sign_off(office, by=KIM, token=f"{start}:tools_ready")
    assert on_record(office) == {}
    assert signed(office, "pitch_certified", by=MARIA, start=start, scores=GOOD) == {}
    with pytest.raises(NotAllowed, match="Your manager signs"):
        undo_sign_off(office, by=KIM, token=f"{start}:pitch_certified")
    assert "pitch_certified" in on_record(office)


def test_a_try_that_falls_short_is_kept_and_says_what_to_practise(office: Runtime) -> None:
    start = given_programme(office, MID_MARKET)
    scores = {**GOOD, "Pricing": 2}
    assert signed(office, "pitch_certified", by=MARIA, start=start, scores=scores) == {}
    assert on_record(office) == {}
    [message] = told(office)
    assert "nearly there" in message
    assert "Pricing" in message
    assert signed(office, "pitch_certified", by=MARIA, start=start, scores=GOOD) == {}
    assert "pitch_certified" in on_record(office)
    with Session(office.database) as session:
        tries = session.exec(select(CertificationRow).order_by(col(CertificationRow.id))).all()
        assert [each.is_passed for each in tries] == [False, True]


@pytest.mark.parametrize(
    ("by", "milestone", "words"),
    [
        (KIM, "pitch_certified", "Your manager signs this one off"),
        (SAM, "tools_ready", "between a new hire and the manager"),
        (SAM, "pitch_certified", "between a new hire and the manager"),
        (KIM, "first_win", "The CRM tells"),
        (MARIA, "first_win", "The CRM tells"),
    ],
)
def test_whoever_may_not_say_so_is_told_kindly(
    office: Runtime, by: SlackUserId, milestone: str, words: str
) -> None:
    start = given_programme(office, MID_MARKET)
    with pytest.raises(NotAllowed, match=words):
        signed(office, milestone, by=by, start=start)
    assert on_record(office) == {}


def test_a_manager_of_before_may_sign_no_more_and_the_new_one_may(office: Runtime) -> None:
    start = given_programme(office, MID_MARKET)
    with Session(office.database) as session:
        session.get_one(CrmUserRow, CRM_IDS["kim"]).manager_id = CRM_IDS["sam"]
        session.commit()
    with pytest.raises(NotAllowed):
        signed(office, "accounts_researched", by=MARIA, start=start)
    assert signed(office, "accounts_researched", by=SAM, start=start) == {}
    assert on_record(office)["accounts_researched"] == (TUESDAY, CRM_IDS["sam"])


def test_days_that_cannot_be_and_what_comes_first_are_told_at_their_field(office: Runtime) -> None:
    start = given_programme(office, MID_MARKET)
    for day in (BEGAN - timedelta(days=1), TUESDAY + timedelta(days=1), None):
        found = signed(office, "tools_ready", by=KIM, start=start, reached_on=day)
        assert list(found) == ["reached_on"]
    found = signed(office, "calls_shadowed", by=KIM, start=start)
    assert "“Tools and CRM access work” comes first" in found["reached_on"]
    assert on_record(office) == {}


def test_it_is_written_down_once_and_told_once(office: Runtime) -> None:
    start = given_programme(office, MID_MARKET)
    for day in (TUESDAY, TUESDAY - timedelta(days=1)):
        signed(office, "accounts_researched", by=MARIA, start=start, reached_on=day)
    assert on_record(office)["accounts_researched"][0] == TUESDAY
    assert len(told(office)) == 1


def test_what_is_gone_is_said_to_be_gone(office: Runtime) -> None:
    start = given_programme(office, MID_MARKET)
    for token in (f"{start}:no_such", "999:tools_ready", "", ":", "x"):
        with pytest.raises(UnclearWords, match="any more"):
            sign_off(office, by=KIM, token=token, entry=SignOff(reached_on=TUESDAY))


def test_ramp_says_where_a_new_hire_stands_and_offers_each_what_is_theirs(
    office: Runtime,
) -> None:
    given_programme(office, MID_MARKET)
    seen = asked(office, "/ramp @kim", by="maria")
    assert "on “Tools and CRM access work”" in seen
    assert "Sign off" in seen
    own = asked(office, "/ramp", by="kim")
    assert "'Done'" in own
    assert "Sign off" not in own


def test_what_a_manager_reads_on_monday_is_in_their_home_as_well(office: Runtime) -> None:
    given_programme(office, MID_MARKET)
    view = home_for(MARIA, load_homes(), office)
    assert "0 of 1 on track" in str(view)
