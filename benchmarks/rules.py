"""How fast are the rules: one firm with reasons, the edition from YAML, `ladder assess` from cold?"""

import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.measure import microseconds
from policy.determine import determine
from policy.load import SHIPPED, load_edition
from policy.wire import read_facts

DAY = date(2026, 11, 1)
FIRM: dict[str, object] = {
    "registered_in_henan": True,
    "revenue": 1_200_000_000,
    "rd_institution": True,
    "landmark_result": None,
    "consortium_role": "member",
    "upgrade_project": True,
    "upgrade_total_investment": {"low": 60_000_000, "high": None},
    "upgrade_equipment_software": 70_000_000,
    "national_platforms": [{"name": "a", "kind": "new", "role": "host", "created_on": "2026-01"}],
}


def seconds(command: list[str], text: str, rounds: int = 9) -> float:
    """Median wall time of a whole process."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def main() -> None:
    edition = load_edition(SHIPPED)
    facts = read_facts(edition.facts, FIRM)
    print(
        f"one firm, all determinations with reasons: {microseconds(lambda: determine(edition, facts, DAY), calls=500):.0f} us"
    )
    print(f"edition from YAML: {microseconds(lambda: load_edition(SHIPPED), calls=3) / 1000:.1f} ms")
    ladder = str(Path(sys.executable).with_name("ladder"))
    assess = seconds([ladder, "assess", "--json", "--as-of", "2026-11-01"], json.dumps({"facts": FIRM}))
    bare = seconds([sys.executable, "-c", "pass"], "")
    print(
        f"ladder assess from cold: {assess * 1000:.0f} ms ({assess / bare:.1f} x an empty interpreter, {bare * 1000:.0f} ms)"
    )


if __name__ == "__main__":
    main()
