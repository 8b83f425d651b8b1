from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.domain.errors import ConfigError, CredentialsRefused, Problem, TransientError
from bot.jobs.attempt import FIRST_BACKOFF, GIVEN_UP, MOST_ATTEMPTS, attempt
from bot.jobs.catalog import Job
from bot.jobs.triggers import Every
from bot.storage.database import transaction
from bot.storage.firings import FiringRow, FiringState
from integrations.sandbox.clock import SandboxClock
from tests.jobs.instances import MONDAY_NOON, Diary, Firings, Instance, StartInstance, Until

HOUR = timedelta(hours=1)


def hourly(run: Callable[[], object], key: str = "pull") -> Job:
    return Job(key=key, trigger=Every(span=HOUR), run=run)


def raising(error: Exception) -> Callable[[], object]:
    def run() -> None:
        raise error

    return run


def unreachable() -> TransientError:
    return TransientError("Salesforce cannot be reached", retry_after=timedelta(minutes=2))


def test_a_firing_is_worked_off_and_says_when_it_ended(
    start_instance: StartInstance, diary: Diary, settled: Firings
) -> None:
    start_instance(hourly(lambda: diary.write("pull"))).scheduler.look()
    [row] = settled()
    assert (row.state, row.attempt, row.error) == ("done", 1, None)
    assert diary.lines == ["pull"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(CredentialsRefused("Slack refused"), "Slack refused", id="permanent"),
        pytest.param(
            ConfigError([Problem(file="app.yaml", message="no such role")]),
            "app.yaml: no such role",
            id="configuration",
        ),
        pytest.param(
            ZeroDivisionError("secret"),
            "ZeroDivisionError, logged as pull@2026-03-09T12:00:00Z",
            id="bug",
        ),
    ],
)
def test_what_cannot_get_better_fails_at_once_and_is_recorded(
    start_instance: StartInstance, settled: Firings, error: Exception, words: str
) -> None:
    start_instance(hourly(raising(error))).scheduler.look()
    [row] = settled()
    assert (row.state, row.attempt, row.error) == ("failed", 1, words)


def test_a_bug_in_one_job_leaves_the_others_running(
    start_instance: StartInstance, diary: Diary, settled: Firings
) -> None:
    bug = hourly(raising(ZeroDivisionError()), key="bug")
    start_instance(bug, hourly(lambda: diary.write("pull"))).scheduler.look()
    assert {row.job: row.state for row in settled()} == {"bug": "failed", "pull": "done"}


def test_what_may_get_better_waits_for_as_long_as_the_error_says(
    start_instance: StartInstance, firings: Firings, until: Until
) -> None:
    start_instance(hourly(raising(unreachable()))).scheduler.look()
    until(lambda: [row.error for row in firings()] == ["Salesforce cannot be reached"])
    [row] = firings()
    assert (row.state, row.attempt) == ("waiting", 1)
    assert row.not_before == MONDAY_NOON + timedelta(minutes=2)


def test_the_next_firing_takes_the_place_of_one_that_waits_to_be_repeated(
    start_instance: StartInstance,
    settled: Firings,
    until: Until,
    firings: Firings,
    clock: SandboxClock,
) -> None:
    errors = [TransientError("down for a week", retry_after=timedelta(days=7))]

    def run() -> None:
        if errors:
            raise errors.pop()

    instance = start_instance(hourly(run))
    instance.scheduler.look()
    until(lambda: firings()[0].error is not None)
    clock.wind(HOUR)
    instance.scheduler.look()
    assert [row.state for row in settled()] == ["superseded", "done"]


def test_a_job_never_runs_twice_at_once_however_long_it_takes(
    start_instance: StartInstance,
    diary: Diary,
    settled: Firings,
    until: Until,
    clock: SandboxClock,
) -> None:
    let_go = Event()

    def run() -> None:
        diary.write("began")
        let_go.wait(30)
        diary.write("ended")

    instances = [start_instance(hourly(run)) for _ in range(2)]
    for _ in range(3):
        for instance in instances:
            instance.scheduler.look()
        until(lambda: diary.lines[:1] == ["began"])
        clock.wind(HOUR)
    let_go.set()
    states = [row.state for row in settled()]
    assert states == ["done", "superseded", "done"]
    assert diary.lines == ["began", "ended"] * 2


def test_stopping_finishes_what_is_under_way_and_begins_nothing(
    start_instance: StartInstance, diary: Diary, firings: Firings, until: Until
) -> None:
    let_go = Event()

    def run() -> None:
        diary.write("began")
        let_go.wait(0.5)
        diary.write("ended")

    instance = start_instance(hourly(run))
    instance.scheduler.look()
    until(lambda: diary.lines == ["began"])
    assert instance.stop(timeout=20)
    assert diary.lines == ["began", "ended"]
    assert [row.state for row in firings()] == ["done"]


def test_stopping_does_not_wait_for_ever_and_says_so(
    start_instance: StartInstance, diary: Diary, until: Until
) -> None:
    let_go = Event()

    def run() -> None:
        diary.write("began")
        let_go.wait(30)

    instance = start_instance(hourly(run))
    instance.scheduler.look()
    until(lambda: diary.lines == ["began"])
    assert not instance.stop(timeout=0.3)
    let_go.set()
    assert instance.stop(timeout=20)


def test_a_job_that_killed_its_process_again_and_again_is_given_up(
    start_instance: StartInstance, diary: Diary, settled: Firings, database: Database
) -> None:
    instance = start_instance(hourly(lambda: diary.write("pull")))
    with transaction(database) as session:
        row = FiringRow(
            job="pull", due_at=MONDAY_NOON, not_before=MONDAY_NOON, attempt=MOST_ATTEMPTS
        )
        session.add(row)
        session.flush()
        instance.engine.submit(session, row)
    instance.engine.wake()
    [row] = settled()
    assert (row.state, row.error) == ("failed", GIVEN_UP)
    assert diary.lines == []


def test_a_firing_that_was_never_committed_is_never_run(
    start_instance: StartInstance, diary: Diary, settled: Firings, database: Database
) -> None:
    instance = start_instance(hourly(lambda: diary.write("pull")))
    with pytest.raises(ZeroDivisionError):
        submit_and_fall(instance, database)
    instance.scheduler.look()
    assert [row.state for row in settled()] == ["done"]
    assert diary.lines == ["pull"]


def submit_and_fall(instance: Instance, database: Database) -> None:
    with transaction(database) as session:
        row = FiringRow(job="pull", due_at=MONDAY_NOON, not_before=MONDAY_NOON)
        session.add(row)
        session.flush()
        instance.engine.submit(session, row)
        raise ZeroDivisionError


def test_what_runs_everywhere_rests_after_a_failure(
    start_instance: StartInstance, diary: Diary, until: Until, clock: SandboxClock
) -> None:
    def run() -> None:
        diary.write("tried")
        raise CredentialsRefused("Slack refused")

    deliver = Job(
        key="deliver", trigger=Every(span=timedelta(seconds=5)), run=run, runs_everywhere=True
    )
    instance = start_instance(deliver)
    for _ in range(24):
        instance.scheduler.look()
        until(lambda: instance.engine._lanes.is_busy("deliver") is False)  # type: ignore[attr-defined]  # no door leads there
        clock.wind(timedelta(seconds=5))
    assert diary.lines == ["tried", "tried"]


def test_attempts_are_spaced_out_until_they_are_given_up() -> None:
    job = hourly(raising(TransientError("down", retry_after=timedelta(0))))
    ends = [attempt(job, due_at=MONDAY_NOON, number=n) for n in range(1, MOST_ATTEMPTS + 1)]
    assert [end.retry_after for end in ends[:3]] == [FIRST_BACKOFF * n for n in (1, 2, 4)]
    assert {end.state for end in ends[:-1]} == {FiringState.WAITING}
    assert ends[-1].state is FiringState.FAILED


def test_a_database_that_was_away_is_worth_another_attempt_and_its_words_are_not_kept() -> None:
    error = OperationalError("SELECT 'Acme'", {}, Exception("Acme"))
    ended = attempt(hourly(raising(error)), due_at=MONDAY_NOON, number=1)
    assert ended.state is FiringState.WAITING
    assert ended.error == "OperationalError"


def test_a_full_disk_is_named_and_no_value_of_a_row_is(sqlite: Database) -> None:
    def fill() -> None:
        with transaction(sqlite) as session:
            pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
            session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            wanted = {"deal": "Acme", "long": "x" * 9_000_000}
            session.connection().exec_driver_sql("CREATE TABLE notes (deal, long)")
            session.connection().execute(text("INSERT INTO notes VALUES (:deal, :long)"), wanted)

    ended = attempt(hourly(fill), due_at=MONDAY_NOON, number=1)
    assert ended.state is FiringState.WAITING
    assert str(ended.error).startswith("database or disk is full: make room")
    with pytest.raises(OperationalError) as raised:
        fill()
    assert "Acme" not in str(raised.value)


def test_a_failure_is_logged_once_under_the_reference_of_its_firing() -> None:
    with capture_logs() as logs:
        attempt(hourly(raising(ZeroDivisionError())), due_at=MONDAY_NOON, number=1)
    assert [(line["event"], line["reference"]) for line in logs] == [
        ("job.failed", "pull@2026-03-09T12:00:00Z")
    ]
