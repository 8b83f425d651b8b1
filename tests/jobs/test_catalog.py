from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.app_file import SchedulePart
from bot.jobs.catalog import Deeds, Job, all_jobs
from bot.jobs.triggers import due_between

NEW_YORK = ZoneInfo("America/New_York")
SUNDAY_NOON = datetime(2026, 3, 8, 12, tzinfo=NEW_YORK)


def jobs(schedule: SchedulePart) -> dict[str, Job]:
    said: list[str] = []
    deeds = Deeds(
        pull=lambda: said.append("pull"),
        coach=lambda: said.append("coach"),
        digest=lambda: said.append("digest"),
        deliver=lambda: said.append("deliver"),
        forget=lambda: said.append("forget"),
        write_back=lambda: said.append("write_back"),
    )
    return {job.key: job for job in all_jobs(schedule, deeds)}


def due_in_a_week(job: Job) -> list[datetime]:
    begin = SUNDAY_NOON.astimezone(UTC)
    return list(
        due_between(job.trigger, after=begin, until=begin + timedelta(days=7), zone=NEW_YORK)
    )


def test_the_schedule_of_app_yaml_becomes_jobs() -> None:
    schedule = SchedulePart(pull_every_minutes=10, digest_at="08:00", digest_on="tuesday")
    found = jobs(schedule)
    assert len(due_in_a_week(found["pull"])) == 7 * 24 * 6
    assert due_in_a_week(found["digest"]) == [datetime(2026, 3, 10, 12, tzinfo=UTC)]
    assert len(due_in_a_week(found["deliver"])) == 7 * 24 * 720
    assert len(due_in_a_week(found["forget"])) == 7


@pytest.mark.parametrize("coach_at", ["07:30", "06:00", "08:45", "07:05"])
def test_coaching_is_due_at_its_hour_in_every_zone_on_earth(coach_at: str) -> None:
    instants = due_in_a_week(jobs(SchedulePart(coach_at=coach_at))["coach"])
    for name in sorted(available_timezones() - {"localtime"}):
        times = {f"{instant.astimezone(ZoneInfo(name)):%a %H:%M}" for instant in instants}
        assert {f"{day} {coach_at}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")} <= times, name


def test_what_is_claimed_row_by_row_is_left_to_every_instance() -> None:
    found = jobs(SchedulePart())
    assert [key for key, job in found.items() if job.runs_everywhere] == ["deliver", "write_back"]
