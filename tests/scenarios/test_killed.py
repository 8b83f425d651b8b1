"""``pacesetter run`` as a process of its own: killed in mid-work, and never telling its secrets."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.storage.database import reading
from bot.storage.outbox import DeliveryRow, DeliveryState
from integrations.sandbox.slack.faults import Fault, FaultKind
from tests.given import BERLIN, acme
from tests.living import Living, living

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
MONDAY = date(2026, 3, 9)
MORNING = datetime(2026, 3, 9, 9, 5, tzinfo=BERLIN)
NAMES = ("Kim", "Sam", "Maria")
SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SALESFORCE_CLIENT_SECRET")


@contextmanager
def opened(folder: Path) -> Iterator[Living]:
    """Kim's two deals slipped, Sam's one; nothing has been pulled yet."""
    folder.mkdir()
    story = acme(MONDAY)
    for name, owner, days in (("Acme", "Kim", 7), ("Initech", "Kim", 3), ("Globex", "Sam", 3)):
        story.with_deal(name, owner, amount=180_000, closes=MONDAY - timedelta(days=days))
    url = f"sqlite:///{folder / 'pacesetter.sqlite3'}"
    with living(story, now=MORNING, folder=folder, database_url=url) as life:
        yield life


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Living]:
    with opened(tmp_path / "life") as found:
        yield found


@contextmanager
def running(life: Living, log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    with (
        log.open("ab") as output,
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "bot", "run", *words],
            cwd=ROOT,
            env={**life.environment, "PATH": "/usr/bin:/bin", "PACESETTER_HOME": str(log.parent)},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def wait_until(is_so: Callable[[], object], *, meanwhile: Callable[[], object] = int) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline, "it did not come true in time"
        meanwhile()
        time.sleep(0.1)


def said(life: Living) -> Counter[tuple[str, str]]:
    """Everything that stands in the workspace, and how often."""
    direct = [(name, text) for name in NAMES for text in life.messages_to(name)]
    return Counter([*direct, *(("sales", each.text) for each in life.slack.messages_in("sales"))])


def unsent(life: Living) -> int:
    with reading(life.program.database) as session:
        rows = session.exec(select(DeliveryRow)).all()
    return sum(row.state != DeliveryState.SENT for row in rows) if rows else 1


def test_killed_between_saying_and_writing_it_down_it_neither_repeats_nor_forgets(
    life: Living, tmp_path: Path
) -> None:
    with opened(tmp_path / "undisturbed") as undisturbed:
        undisturbed.program.main_job()
        wanted = said(undisturbed)
    assert len(wanted) >= 3
    # The message is there, and its sender waits for the answer in vain.
    life.slack.faults.add(Fault(kind=FaultKind.SLOW, method="chat.postMessage", seconds=15))
    with running(life, tmp_path / "first.log", "--at-once") as process:
        wait_until(lambda: said(life))
        process.kill()
        process.wait(60)
    assert unsent(life) > 0
    with running(life, tmp_path / "second.log") as process:
        wait_until(
            lambda: not unsent(life), meanwhile=lambda: life.clock.wind(timedelta(seconds=6))
        )
        process.terminate()
        assert process.wait(60) == 0
    assert said(life) == wanted


def test_while_salesforce_is_away_it_starts_and_says_what_it_could_not_do_yet(
    life: Living, tmp_path: Path
) -> None:
    life.environment["SALESFORCE_LOGIN_URL"] = "http://127.0.0.1:9"
    log = tmp_path / "away.log"
    with running(life, log, "--at-once") as process:
        wait_until(lambda: b"running; press" in log.read_bytes())
        process.terminate()
        assert process.wait(60) == 0
    assert b"not all could be done yet: Salesforce did not answer at all" in log.read_bytes()


def test_no_secret_is_written_anywhere_however_much_goes_wrong(
    life: Living, tmp_path: Path
) -> None:
    log = tmp_path / "life" / "run.log"
    for kind in (FaultKind.RATE_LIMITED, FaultKind.LOST_REPLY, FaultKind.RESET):
        life.slack.faults.add(Fault(kind=kind, method="chat.postMessage"))
    with running(life, log, "--at-once") as process:
        wait_until(lambda: b"running; press" in log.read_bytes() or process.poll() is not None)
        life.slack.break_sockets()
        wait_until(lambda: said(life), meanwhile=lambda: life.clock.wind(timedelta(seconds=6)))
        life.slack.uninstall()
        life.clock.wind(timedelta(minutes=11))
        wait_until(lambda: b"account_inactive" in log.read_bytes())
        process.terminate()
        process.wait(60)
    written = {path: path.read_bytes() for path in log.parent.rglob("*") if path.is_file()}
    assert log in written
    for name in SECRETS:
        secret = life.environment[name].encode()
        assert [path.name for path, content in written.items() if secret in content] == []
