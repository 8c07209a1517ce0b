"""How fast is a report: PDF and PNG of a small and of a large firm, the first one, then warm, and what it takes of memory."""

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flows.printing import Form, printed
from tests.papers import BIG, EVERYTHING, SMALL, paper

ROUNDS = 40
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


def resident() -> float:
    """MiB that this process holds (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_KIB / 1024


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3


def told(name: str, how: list[tuple[float, float]]) -> None:
    wall, cpu = sorted(each[0] for each in how), sorted(each[1] for each in how)
    p95 = wall[int(len(wall) * 0.95)]
    print(
        f"{name}: median {statistics.median(wall):.0f} ms, p95 {p95:.0f} ms, least {wall[0]:.0f} ms;"
        f" CPU median {statistics.median(cpu):.0f} ms"
    )


def main() -> None:
    firms: dict[str, dict[str, Any]] = {
        "small": paper(SMALL, "某某"),
        "large": paper(BIG, "某某", EVERYTHING),
    }
    before = resident()
    forms: tuple[Form, ...] = ("pdf", "png")
    for form in forms:
        wall, _ = timed(partial(printed, firms["small"], form))
        print(f"the first {form} of a process: {wall:.0f} ms")
    print(f"memory: {before:.0f} MiB before, {resident():.0f} MiB after the first of each")
    for name, content in firms.items():
        for form in forms:
            # Another name each time: nothing of an earlier page can be used again but what is always the same.
            each = [{**content, "firm": f"第{number}家{form}公司"} for number in range(ROUNDS)]
            told(
                f"{name} firm, {form}, warm",
                [timed(partial(printed, one, form)) for one in each],
            )
    kept, _ = timed(partial(printed, firms["large"], "png"))
    again, _ = timed(partial(printed, firms["large"], "png"))
    print(f"the same once more: {again:.1f} ms instead of {kept:.0f} ms")
    print(f"memory: {resident():.0f} MiB after {4 * ROUNDS + 3} sheets")


if __name__ == "__main__":
    main()
