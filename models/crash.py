"""Places at which a test can kill the process as `kill -9` would, to prove that nothing promised is lost."""

import os
from collections import Counter

_passed: Counter[str] = Counter()

KILLED = 137


def crash_point(name: str) -> None:
    """End the process here if LADDER_CRASH_AT is `name`, after LADDER_CRASH_SKIP (default 0) passings unharmed."""
    if os.environ.get("LADDER_CRASH_AT") != name:
        return
    _passed[name] += 1
    if _passed[name] > int(os.environ.get("LADDER_CRASH_SKIP", "0")):
        os._exit(KILLED)
