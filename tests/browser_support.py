"""A headless Chromium for tests marked ``browser``: the system's own, or one unpacked once.

``tests/conftest.py`` alone imports the fixtures.
"""

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.node_support import node_command

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "chromium"
PACKAGE = "@sparticuz/chromium@153.0.0"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKED = "package/bin/chromium.br"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_executable() -> Path:
    """The system's Chromium, else the one in ``.cache/chromium``, fetched by npm the first time.

    ``PACESETTER_CHROMIUM`` names another. Raises RuntimeError when npm cannot fetch it.
    """
    named = os.environ.get("PACESETTER_CHROMIUM")
    found = named or next((path for name in SYSTEM_NAMES if (path := shutil.which(name))), None)
    if found:
        return Path(found)
    unpacked = CACHE / "chromium-153"
    if not unpacked.exists():
        _unpack(_archive(), unpacked)
    return unpacked


def _archive() -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    known = next(CACHE.glob("sparticuz-chromium-153*.tgz"), None)
    if known is not None:
        return known
    fetched = subprocess.run(  # noqa: S603 -- the package is a constant
        [*node_command("npm"), "pack", "--silent", PACKAGE],
        cwd=CACHE,
        capture_output=True,
        text=True,
        check=False,
    )
    if fetched.returncode:
        raise RuntimeError(f"npm could not fetch {PACKAGE}: {fetched.stderr.strip()}")
    return CACHE / fetched.stdout.split()[-1]


def _unpack(archive: Path, destination: Path) -> None:
    with tarfile.open(archive) as opened:
        member = opened.extractfile(PACKED)
        if member is None:
            raise RuntimeError(f"{archive.name} holds no {PACKED}")
        content = brotli.decompress(member.read())
    # Written beside and renamed, so that two test runs at once never see half a browser.
    with tempfile.NamedTemporaryFile(dir=destination.parent, delete=False) as draft:
        draft.write(content)
    Path(draft.name).chmod(0o755)
    Path(draft.name).replace(destination)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Its own five seconds are short on a machine that runs other tests meanwhile.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_executable(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page that fails the test when the browser reports an error of its own."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            troubles.append(f"{message.text} {message.location}")
            if message.type == "error"
            else None
        ),
    )
    yield opened
    context.close()
    assert not troubles, troubles
