from datetime import time, timedelta
from threading import Barrier, Thread

from bot.jobs.catalog import Job
from bot.jobs.triggers import Daily, Every
from integrations.sandbox.clock import SandboxClock
from tests.jobs.instances import MONDAY_NOON, Diary, Firings, Instance, StartInstance, Until

HOUR = timedelta(hours=1)


def hourly(diary: Diary, key: str = "pull") -> Job:
    return Job(key=key, trigger=Every(span=HOUR), run=lambda: diary.write(key))


def at_eight(diary: Diary) -> Job:
    """In New York, where it is 08:00 at the beginning of each test."""
    return Job(key="digest", trigger=Daily(at=time(8, 0)), run=lambda: diary.write("digest"))


def test_a_fresh_installation_pulls_at_once_and_waits_for_the_daily_hour(
    start_instance: StartInstance, diary: Diary, settled: Firings
) -> None:
    start_instance(hourly(diary), at_eight(diary)).scheduler.look()
    assert [(row.job, row.due_at) for row in settled()] == [("pull", MONDAY_NOON)]


def test_looking_again_fires_nothing_again(
    start_instance: StartInstance, diary: Diary, settled: Firings
) -> None:
    instance = start_instance(hourly(diary))
    for _ in range(5):
        instance.scheduler.look()
    assert len(settled()) == 1
    assert diary.lines == ["pull"]


def test_a_wound_clock_fires_what_came_due(
    start_instance: StartInstance, diary: Diary, settled: Firings, clock: SandboxClock
) -> None:
    instance = start_instance(hourly(diary), at_eight(diary))
    instance.scheduler.look()
    settled()
    clock.wind(timedelta(days=1))
    instance.scheduler.look()
    tomorrow = MONDAY_NOON + timedelta(days=1)
    assert {(row.job, row.due_at) for row in settled()} == {
        ("pull", MONDAY_NOON),
        ("pull", tomorrow),
        ("digest", tomorrow),
    }
    assert sorted(diary.lines) == ["digest", "pull", "pull"]


def test_downtime_ends_in_one_firing_for_the_newest_due_instant(
    start_instance: StartInstance, diary: Diary, settled: Firings, clock: SandboxClock
) -> None:
    first = start_instance(hourly(diary))
    first.scheduler.look()
    settled()
    first.stop()
    clock.wind(timedelta(hours=8, minutes=20))
    start_instance(hourly(diary)).scheduler.look()
    assert [row.due_at for row in settled()] == [MONDAY_NOON, MONDAY_NOON + 8 * HOUR]
    assert diary.lines == ["pull", "pull"]


def test_a_restart_fires_nothing_twice(
    start_instance: StartInstance, diary: Diary, settled: Firings, clock: SandboxClock
) -> None:
    for _ in range(3):
        instance = start_instance(hourly(diary))
        instance.scheduler.look()
        settled()
        instance.stop()
        clock.wind(timedelta(minutes=10))
    assert diary.lines == ["pull"]


def test_two_schedulers_on_one_database_never_fire_twice(
    start_instance: StartInstance, diary: Diary, settled: Firings, clock: SandboxClock
) -> None:
    jobs = [hourly(diary, key) for key in ("pull", "coach", "digest")]
    instances = [start_instance(*jobs) for _ in range(2)]
    for _ in range(12):
        looking_together(instances)
        settled()
        clock.wind(HOUR)
    rows = settled()
    assert [row.state for row in rows] == ["done"] * 36
    assert sorted(diary.lines) == ["coach"] * 12 + ["digest"] * 12 + ["pull"] * 12


def looking_together(instances: list[Instance]) -> None:
    gate = Barrier(len(instances))

    def look(instance: Instance) -> None:
        gate.wait()
        instance.scheduler.look()

    threads = [Thread(target=look, args=(instance,)) for instance in instances]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_scheduler_left_to_itself_sees_the_clock_being_wound(
    start_instance: StartInstance,
    diary: Diary,
    clock: SandboxClock,
    until: Until,
) -> None:
    start_instance(hourly(diary), looks_by_itself=True)
    until(lambda: diary.lines == ["pull"])
    clock.wind(HOUR)
    until(lambda: diary.lines == ["pull", "pull"])


def test_what_runs_everywhere_runs_in_every_instance_and_leaves_no_rows(
    start_instance: StartInstance,
    diary: Diary,
    firings: Firings,
    until: Until,
) -> None:
    deliver = Job(
        key="deliver",
        trigger=Every(span=timedelta(seconds=5)),
        run=lambda: diary.write("deliver"),
        runs_everywhere=True,
    )
    for _ in range(2):
        start_instance(deliver).scheduler.look()
    until(lambda: diary.lines == ["deliver", "deliver"])
    assert firings() == []


def test_old_firings_are_forgotten_but_never_the_newest(
    start_instance: StartInstance, diary: Diary, settled: Firings, clock: SandboxClock
) -> None:
    job = Job(
        key="pull",
        trigger=Every(span=HOUR),
        run=lambda: diary.write("pull"),
        kept_for=timedelta(hours=2),
    )
    instance = start_instance(job)
    for _ in range(5):
        instance.scheduler.look()
        settled()
        clock.wind(HOUR)
    assert [row.due_at for row in settled()] == [MONDAY_NOON + n * HOUR for n in (2, 3, 4)]
    clock.wind(timedelta(days=30))
    instance.stop()
    start_instance(job).scheduler.look()
    assert len(settled()) == 1
