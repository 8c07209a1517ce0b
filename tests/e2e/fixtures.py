"""What the browser tests may use: a browser, windows of several sizes, the real server and a cable that can be cut."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.cable import Cable, cable_to
from tests.e2e.chromium import NONE, find, started
from tests.e2e.server import Server
from tests.e2e.witness import Witness

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
LANDSCAPE = PHONE | {"viewport": {"width": 844, "height": 390}}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
# Long enough for a machine that does much else at once; what must be quick, a test says by itself.
_PATIENCE_MS = 45_000
expect.set_options(timeout=_PATIENCE_MS)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for a worker's whole run; where none is, the test is skipped."""
    with sync_playwright() as playwright:
        program = find(playwright)
        if program is None:
            pytest.skip(NONE)
        with started(playwright, program, tmp_path_factory.mktemp("fonts")) as running:
            yield running


@pytest.fixture
def windows(browser: Browser) -> Iterator["Windows"]:
    """Open windows, each of a person of its own; when the test ends nothing may have gone wrong in any."""
    with Windows(browser) as opened:
        yield opened
    opened.check()


class Windows:
    """The windows of a test. Each `open` has cookies and storage of its own."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._stack = ExitStack()
        self._witnesses: list[Witness] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open(self, size: dict[str, Any] = PHONE, *, java_script: bool = True, dark: bool = False) -> Page:
        """A window of that size; `witness_of` watches over it."""
        context = self._browser.new_context(
            **size,
            java_script_enabled=java_script,
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        self._stack.callback(context.close)
        context.set_default_timeout(_PATIENCE_MS)
        self._witnesses.append(Witness(context))
        return context.new_page()

    def expect(self, pattern: str) -> None:
        """Let pass what the test brings about itself, in all windows that are open by now."""
        for witness in self._witnesses:
            witness.expects(pattern)

    def check(self) -> None:
        for witness in self._witnesses:
            witness.check()


@pytest.fixture(scope="session")
def ready_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and the shipped edition, made by the command itself; tests copy it."""
    folder = tmp_path_factory.mktemp("ready")
    Server(folder).starts().stops()
    return folder / "ladder.db"


@pytest.fixture(scope="session")
def server(ready_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server for a worker's whole run: each window brings a person of its own."""
    yield from _serving(ready_database, tmp_path_factory.mktemp("server"))


@pytest.fixture
def own_server(ready_database: Path, tmp_path: Path) -> Iterator[Server]:
    """A server for one test, whose database holds nobody else, and which may be killed."""
    yield from _serving(ready_database, tmp_path)


def _serving(ready: Path, folder: Path) -> Iterator[Server]:
    shutil.copy(ready, folder / "ladder.db")
    running = Server(folder).starts()
    try:
        yield running
    finally:
        running.stops()
    assert "Traceback" not in running.said, running.said


@pytest.fixture
def cable(own_server: Server) -> Iterator[Cable]:
    with cable_to(own_server.port) as laid:
        yield laid
