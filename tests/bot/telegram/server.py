"""The real `ladder serve` in a process of its own, to be killed and stopped as an operator would."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.bot.telegram.serving import until
from tests.botapi.api import BotApi

ROOT = Path(__file__).parents[3]


def _compiled() -> dict[str, str]:
    """Where nothing compiled may be kept, each start compiles all anew, for seconds: keep it aside."""
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{tempfile.gettempdir()}/ladder-compiled"}


class Serve:
    """One life of the server after the other, on one database; all that it ever wrote is in `said`."""

    def __init__(self, folder: Path, api: BotApi, workers: int = 1, **more: str) -> None:
        self._folder = folder
        self._workers = workers
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LADDER_")},
            **_compiled(),
            "LADDER_DATABASE_URL": f"sqlite:///{folder / 'ladder.db'}",
            "LADDER_TELEGRAM_TOKEN": api.token,
            "LADDER_TELEGRAM_API_URL": api.url,
            "LADDER_PORT": "0",
            **more,
        }
        self._api = api
        self._output = folder / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self._environment["LADDER_DATABASE_URL"]

    @property
    def said(self) -> str:
        return self._output.read_text(encoding="utf-8")

    @property
    def page(self) -> str | None:
        """Where it serves, once it says so."""
        found = re.findall(r"running on (http://\S+)", self.said)
        return found[-1] if found else None

    def starts(
        self, more: Mapping[str, str] | None = None, *, polls: bool = True, within: float = 30
    ) -> None:
        """Start, and wait until it polls."""
        before = len(self._api.calls_of("getUpdates"))
        with self._output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "main.py"), "serve", "--workers", str(self._workers)],
                cwd=self._folder,
                env={**self._environment, **(more or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if polls:
            until(lambda: len(self._api.calls_of("getUpdates")) > before, within)

    def worker_ids(self) -> list[int]:
        """The processes below it that serve."""
        assert self.process is not None
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(
            encoding="utf-8"
        )
        children = [int(each) for each in listed.split()]
        return [each for each in children if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]

    def is_killed(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def ends_itself(self, within: float = 30) -> int:
        assert self.process is not None
        return self.process.wait(within)

    def is_asked_to_stop(self) -> float:
        """SIGTERM; the seconds that it took."""
        assert self.process is not None
        begins = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return time.monotonic() - begins

    def cleans_up(self) -> None:
        if self.process is not None and self.process.poll() is None:
            for worker in self.worker_ids():
                os.kill(worker, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
