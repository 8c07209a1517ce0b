"""The real `ladder serve` on a fresh SQLite file: started, killed and started again at the same address."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from models.session import Database

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0


def until(holds: Callable[[], T], within: float = 20.0) -> T:
    """Wait until something holds, and return it."""
    ends = time.monotonic() + within
    while not (found := holds()):
        assert time.monotonic() < ends, f"it did not hold within {within} s"
        time.sleep(0.02)
    return found


class Server:
    """One life of the server after the other, on one database, at one address once it has one."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._folder = folder
        bare = {name: value for name, value in os.environ.items() if not name.startswith("LADDER_")}
        self.database_url = f"sqlite:///{folder / 'ladder.db'}"
        self._environment = {
            **bare,
            "LADDER_DATABASE_URL": self.database_url,
            "LADDER_OPERATOR_NAME": "河南某某咨询",
            "LADDER_OPERATOR_CONTACT": "0371-00000000",
            "LADDER_PORT": "0",
            **environment,
        }
        self._output = folder / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def said(self) -> str:
        """All that it ever wrote, which must never be a stack trace."""
        return self._output.read_text(encoding="utf-8") if self._output.exists() else ""

    @property
    def environment(self) -> dict[str, str]:
        """What the command needs to work on the same database."""
        return dict(self._environment)

    @property
    def port(self) -> int:
        return int(self._environment["LADDER_PORT"])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def starts(self) -> "Server":
        """Start, and wait until it listens."""
        lives = len(self._running())
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, str(ROOT / "main.py"), "serve"],
                cwd=self._folder,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        until(lambda: len(self._running()) > lives or self._process_ended(), _PATIENCE)
        assert not self._process_ended(), self.said
        self._environment["LADDER_PORT"] = self._running()[-1]
        return self

    def is_killed(self) -> None:
        """As by kill -9."""
        self._ends(signal.SIGKILL)

    def stops(self) -> None:
        self._ends(signal.SIGTERM)

    def read(self, work: Callable[[Connection], T]) -> T:
        """What the database holds, read beside the server."""
        with closing(Database(self.database_url)) as database:
            return database.read(work)

    def _running(self) -> list[str]:
        return re.findall(r"running on http://\S+:(\d+)", self.said)

    def _process_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _ends(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(20)
