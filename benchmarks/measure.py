"""Medians of repeated runs, for the benchmarks beside it: machines are noisy, so compare ratios within one run."""

import statistics
import time
from collections.abc import Callable


def microseconds(
    work: Callable[[], object],
    *,
    calls: int,
    rounds: int = 7,
    of: Callable[[list[float]], float] = statistics.median,
) -> float:
    """Median over rounds (or another measure, as min: the least disturbed) of the mean wall time of one call, in
    microseconds."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(calls):
            work()
        found.append((time.perf_counter() - start) / calls * 1e6)
    return of(found)
