"""/strategic: a manager's own six duties by evidence, shown to nobody else."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from slack_bolt import App
from syrupy.assertion import SnapshotAssertion

from bot.domain.duty import Duty, Standing
from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.ids import RoleKey, SlackUserId, TeamId
from bot.domain.people import Rep
from bot.flows.audit_pay import audit_pay
from bot.queries import strategic
from bot.queries.pay import read_pay_standing
from bot.queries.strategic import IndicatorLine, Strategic
from bot.runtime import Runtime
from bot.storage.database import reading, transaction
from bot.storage.mirror.activity import CrmEventRow
from bot.storage.one_on_ones import CommitmentRow, OneOnOneRow
from bot.storage.roster import read_roster
from tests.coached_team import books
from tests.hired import ROLE, given_interview, given_prospect, given_scores
from tests.office import PAY, PLAYBOOKS, answers, asked, read_aloud
from tests.programmes import BEGAN, given_programme
from tests.slack_world import CRM_IDS, TUESDAY_MORNING, SlackWorld, wait_until

MARIA = SlackUserId("U0MARIA")


def scorecard(runtime: Runtime) -> Strategic:
    return strategic.ask(runtime, asker=MARIA)


def line_of(found: Strategic, key: str) -> IndicatorLine:
    [line] = [line for bar in found.bars for line in bar.lines if line.indicator.key == key]
    return line


def given_calendar(runtime: Runtime, subject: str, *, days_ago: int) -> None:
    at = TUESDAY_MORNING - timedelta(days=days_ago)
    with transaction(runtime.database) as session:
        session.add(
            CrmEventRow(
                id=f"00U{days_ago:012d}{abs(hash(subject)) % 1000:03d}"[:18],
                owner_id=CRM_IDS["maria"],
                subject=subject,
                starts_at=at,
                ends_at=at + timedelta(minutes=30),
                created_at=at - timedelta(days=3),
                stamp=at,
            )
        )


def given_noted(runtime: Runtime, name: str, *, days_ago: int, metric: str | None = None) -> None:
    at = TUESDAY_MORNING - timedelta(days=days_ago)
    with transaction(runtime.database) as session:
        row = OneOnOneRow(
            manager_id=CRM_IDS["maria"],
            rep_id=CRM_IDS[name],
            held_on=at.date(),
            notes="Talked",
            written_at=at,
        )
        session.add(row)
        session.flush()
        if metric is not None:
            session.add(
                CommitmentRow(
                    one_on_one_id=row.id or 0,
                    manager_id=CRM_IDS["maria"],
                    rep_id=CRM_IDS[name],
                    words="Two more",
                    metric=metric,
                    due_on=at.date() + timedelta(days=7),
                    made_at=at,
                )
            )


def test_it_reads_as_it_should(office: Runtime, snapshot: SnapshotAssertion) -> None:
    given_noted(office, "kim", days_ago=3, metric="meetings_held")
    given_calendar(office, "1:1 with Sam Reyes", days_ago=60)
    assert read_aloud(office, "/strategic", by="maria") == snapshot


def test_all_six_duties_are_there_with_two_to_four_indicators_and_one_next_step(
    office: Runtime,
) -> None:
    found = scorecard(office)
    assert [bar.duty for bar in found.bars] == list(Duty)
    for bar in found.bars:
        assert 2 <= len(bar.lines) <= 4
        assert bar.next_step
        for line in bar.lines:
            assert line.indicator.source.startswith("/")
            assert line.now.told


def test_nobody_hired_yet_is_unknown_and_says_what_would_make_it_known(office: Runtime) -> None:
    [talent] = [bar for bar in scorecard(office).bars if bar.duty is Duty.TALENT]
    assert {line.now.standing for line in talent.lines} == {Standing.UNKNOWN}
    assert talent.next_step.startswith("make it known: ")


def test_hiring_is_counted_from_the_bench_and_its_interviews(office: Runtime) -> None:
    dana = given_prospect(office)
    line = line_of(scorecard(office), "interviews_without_slot")
    assert (line.now.told, line.now.standing) == ("0 interviews", Standing.TO_DO)
    interview = given_interview(office, dana)
    line = line_of(scorecard(office), "interviews_without_slot")
    assert (line.now.told, line.now.standing) == ("1 interview", Standing.ON_THE_WAY)
    assert line_of(scorecard(office), "scorecards_in_time").now.told == "0 of 1"
    card = office.scorecards[RoleKey(ROLE)]
    given_scores(office, interview, **dict.fromkeys(card.competencies, 3))  # type: ignore[arg-type]  # names of competencies
    line = line_of(scorecard(office), "scorecards_in_time")
    assert (line.now.told, line.now.standing) == ("1 of 1", Standing.IN_PLACE)
    filled = line_of(scorecard(office), "bench_filled")
    assert f"{card.title}: 1 of {card.bench_target}" in filled.now.behind


def test_milestones_count_by_the_day_they_were_due(office: Runtime) -> None:
    assert line_of(scorecard(office), "milestones_in_time").now.standing is Standing.UNKNOWN
    assert line_of(scorecard(office), "programme_per_role").now.told == "0 of 1"
    office = replace(office, programmes=PLAYBOOKS.programmes)
    assert line_of(scorecard(office), "programme_per_role").now.told == "1 of 1"
    [programme] = [each for each in office.programmes if each.role == ROLE]
    given_programme(office, programme, reached={programme.milestones[0].key: BEGAN})
    line = line_of(scorecard(office), "milestones_in_time")
    assert line.now.told.startswith("1 of ")
    assert line.now.facts > 0
    assert line.now.behind[0].startswith("Kim Berg: ")


def test_pay_is_to_be_audited_and_its_findings_are_counted(office: Runtime) -> None:
    assert line_of(scorecard(office), "pay_audited").now.standing is Standing.UNKNOWN
    office = replace(office, organisation=replace(office.organisation, pay=PAY))
    line = line_of(scorecard(office), "pay_audited")
    assert (line.now.told, line.now.standing) == ("0 of 1 audited", Standing.TO_DO)
    assert line_of(scorecard(office), "pay_findings_open").now.told == "never audited"
    audited = audit_pay(office, asker=MARIA, words="")
    line = line_of(scorecard(office), "pay_audited")
    assert (line.now.told, line.now.standing) == ("0 days ago", Standing.IN_PLACE)
    found = sum(len(each.findings) for each in audited.plans)
    assert line_of(scorecard(office), "pay_findings_open").now.told.startswith(f"{found} finding")
    with reading(office.database) as session:
        distance = read_pay_standing(session, office).wanted_to_paid
    apart = line_of(scorecard(office), "pay_follows_objectives").now
    assert (apart.standing is Standing.UNKNOWN) is (distance is None)


def test_one_on_ones_in_the_calendar_and_those_noted_count_alike(office: Runtime) -> None:
    assert line_of(scorecard(office), "coaching_coverage").now.told == "0 of 2"
    given_calendar(office, "1:1 with Kim Berg", days_ago=4)
    assert line_of(scorecard(office), "coaching_coverage").now.told == "1 of 2"
    given_noted(office, "sam", days_ago=5)
    line = line_of(scorecard(office), "coaching_coverage")
    assert (line.now.told, line.now.standing) == ("2 of 2", Standing.IN_PLACE)


@pytest.mark.parametrize(
    "subject", ["1:1 with Kim Berg (canceled)", "Forecast call with Kim Berg", "1:1 with Jo"]
)
def test_what_is_no_talk_with_a_rep_does_not_count(office: Runtime, subject: str) -> None:
    given_calendar(office, subject, days_ago=4)
    assert line_of(scorecard(office), "coaching_coverage").now.told == "0 of 2"


def test_a_change_is_told_against_the_end_of_the_quarter_before(office: Runtime) -> None:
    given_calendar(office, "1:1 with Kim Berg", days_ago=57)
    line = line_of(scorecard(office), "coaching_coverage")
    assert line.before is not None
    assert (line.before.told, line.now.told, line.change) == ("1 of 2", "0 of 2", "same")
    given_noted(office, "kim", days_ago=1)
    given_noted(office, "sam", days_ago=1)
    assert line_of(scorecard(office), "coaching_coverage").change == "better"


def test_files_have_no_yesterday(office: Runtime) -> None:
    line = line_of(scorecard(office), "roles_with_playbook")
    assert (line.before, line.change) == (None, "not known")


def test_a_one_on_one_that_ends_in_a_leading_metric_counts_and_a_lagging_one_does_not(
    office: Runtime,
) -> None:
    for back, metric in ((2, "meetings_held"), (9, "won_amount"), (16, None), (23, None)):
        given_noted(office, "kim", days_ago=back, metric=metric)
    line = line_of(scorecard(office), "promises_on_leading_metrics")
    assert (line.now.told, line.now.standing) == ("1 of 4", Standing.TO_DO)


@pytest.mark.parametrize(
    ("line", "by", "refusal", "said"),
    [
        pytest.param("/strategic", "kim", NotAllowed, "for managers", id="a-rep"),
        pytest.param("/strategic maria", "maria", UnclearWords, "nobody else", id="somebody"),
    ],
)
def test_reps_and_curious_people_get_a_kind_hint(
    office: Runtime, line: str, by: str, refusal: type[Exception], said: str
) -> None:
    with pytest.raises(refusal, match=said):
        asked(office, line, by=by)


def test_help_explains_it(office: Runtime) -> None:
    assert "six duties" in asked(office, "/strategic help", by="maria")


def test_it_is_for_the_manager_alone_until_it_is_shared_and_then_names_nobody(
    office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    text = str(answers(slack, "/strategic", person="maria").blocks)
    assert "Only you see this" in text
    assert slack.sandbox.messages_in("sales") == []
    slack.sandbox.type_command("maria", "sales", "/strategic share")
    [shared] = wait_until(lambda: slack.sandbox.messages_in("sales"))
    assert not re.search("Kim|Sam|strategic.duty", str(shared.blocks))


def test_a_button_shows_what_a_duty_rests_on_with_names_and_where_to_look(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    given_noted(office, "kim", days_ago=3)
    answer = answers(slack, "/strategic", person="maria")
    [block] = [each for each in answer.blocks if "'D6'" in str(each)]
    block_id = str(block["block_id"])
    slack.sandbox.press("maria", answer, "strategic.duty", block_id=block_id)
    modal = wait_until(
        lambda: [view for view in [slack.sandbox.modal_of("maria")] if "Kim" in str(view)]
    )
    assert "Sam: none on record" in str(modal)
    assert "`/coach`" in str(modal)


def test_who_opened_the_playbook_is_counted_once_and_named_to_nobody(office: Runtime) -> None:
    assert line_of(scorecard(office), "playbook_opened").now.standing is Standing.UNKNOWN
    # A manager who looks is no rep who does.
    for by in ("maria", "kim", "kim"):
        read_aloud(office, "/playbook", by=by)
    line = line_of(scorecard(office), "playbook_opened").now
    reps = len(scorecard_team(office))
    assert (line.told, line.facts) == (f"1 of {reps}", reps)
    assert "Kim" not in f"{line}"


def scorecard_team(office: Runtime) -> tuple[Rep, ...]:
    with reading(office.database) as session:
        return read_roster(session, office.organisation).team(TeamId(CRM_IDS["maria"])).reps


def test_what_nobody_can_make_known_now_is_no_next_step(office: Runtime) -> None:
    """Nobody new is nothing to mend, and closed audits are somebody else's to open."""
    with_programmes = replace(office, programmes=books().programmes)
    steps = {bar.duty: bar.next_step for bar in scorecard(with_programmes).bars}
    assert steps[Duty.ONBOARDING] == "keep it up, and tell another manager how."
    assert "whoever may audit pay" in steps[Duty.PAY]
