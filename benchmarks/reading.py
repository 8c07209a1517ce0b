"""How fast are typed answers read: answers/s on one core, p50 and p99, cold start and memory? Exits 1 when a bound is missed."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import yaml

from flows.answers import Ask, read
from flows.answers.wire import ask_from_json

ROOT = Path(__file__).parent.parent
OWN = ROOT / "tests" / "flows" / "answers" / "cases"
THIRD_PARTY = ROOT.parent / "shared" / "answers" / "third_party_amounts.json"
LEAST_A_SECOND = 15_000
MOST_P99_MS, MOST_IMPORT_MS = 1.0, 60.0
ROUNDS = 7
IMPORT = "import time; t = time.perf_counter(); import flows.answers; print((time.perf_counter() - t) * 1000)"
FIRST = (
    "import time; from flows.answers import Ask, read; t = time.perf_counter(); read('去年三亿二左右', Ask('money'));"
    "print((time.perf_counter() - t) * 1000)"
)
MEMORY = "print(int(open('/proc/self/statm').read().split()[1]) * 4096 / 2**20)"
ALL_READ = "from benchmarks.reading import own, read; [read(text, ask) for text, ask in own()]"
Asked = list[tuple[str, Ask]]


def own() -> Asked:
    """Every line of our own cases."""
    groups = (g for p in sorted(OWN.glob("*.yaml")) for g in yaml.safe_load(p.read_text(encoding="utf-8")))
    return [(text, ask_from_json(group["ask"])) for group in groups for text, _ in group["reads"]]


def third_party() -> Asked:
    """The public cases, where they lie beside the checkout."""
    if not THIRD_PARTY.exists():
        return []
    cases = json.loads(THIRD_PARTY.read_text(encoding="utf-8"))["cases"]
    return [(case["text"], ask_from_json(case["ask"])) for case in cases]


def child(code: str, rounds: int = 9) -> float:
    """Give the median of what a fresh interpreter prints."""
    command = [sys.executable, "-c", code]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    printed = [
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment).stdout
        for _ in range(rounds + 1)
    ]
    return statistics.median(map(float, printed[1:]))  # the first one may have had to compile


def timed(asked: Asked) -> list[float]:
    """Seconds of CPU each answer takes: of several rounds its quickest, so that other programs do not count."""
    best = [float("inf")] * len(asked)
    for _ in range(ROUNDS):
        for position, (text, ask) in enumerate(asked):
            start = time.perf_counter()
            read(text, ask)
            best[position] = min(best[position], time.perf_counter() - start)
    return best


def report(name: str, asked: Asked) -> bool:
    """Print one set's figures; say whether they are within the bounds."""
    seconds = sorted(timed(asked))
    rate = len(seconds) / sum(seconds)
    p50, p99 = (seconds[int(len(seconds) * share)] * 1e3 for share in (0.5, 0.99))
    print(
        f"{name}: {rate:,.0f} answers/s ({len(asked)} answers), p50 {p50:.3f} ms, p99 {p99:.3f} ms, worst {seconds[-1] * 1e3:.2f} ms"
    )
    return rate >= LEAST_A_SECOND and p99 <= MOST_P99_MS


def main() -> None:
    sets = {"our own cases": own(), "third-party cases": third_party()}
    kept = [report(name, asked) for name, asked in sets.items() if asked]
    imported = child(IMPORT)
    print(
        f"import of flows.answers, OpenCC with it: {imported:.0f} ms; the first answer: {child(FIRST):.0f} ms"
    )
    bare, loaded, used = (
        child(MEMORY),
        child(f"import flows.answers; {MEMORY}"),
        child(f"{ALL_READ}; {MEMORY}"),
    )
    print(
        f"memory: bare interpreter {bare:.0f} MB, flows.answers imported {loaded:.0f} MB, own cases read {used:.0f} MB"
    )
    if not (all(kept) and imported <= MOST_IMPORT_MS):
        sys.exit(
            f"bound missed: at least {LEAST_A_SECOND:,} answers/s, p99 at most {MOST_P99_MS} ms, import at most {MOST_IMPORT_MS} ms"
        )


if __name__ == "__main__":
    main()
