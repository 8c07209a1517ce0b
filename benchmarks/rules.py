"""How fast are the rules: one firm with reasons (the quick part, and all editions), the edition from YAML and from the
stored form, `ladder assess` from cold? Ends with 1 where a bound is missed."""

import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.measure import microseconds
from policy.determine import determine
from policy.facts import Value
from policy.gathering import read_folder
from policy.load import SHIPPED, load_edition, parse_stored
from policy.schemes import Edition
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

FULL: dict[str, object] = FIRM | {
    "landmark_result": True,
    "industry": "manufacturing",
    "above_scale": True,
    "entity_type": "joint_stock",
    "registered_on": "2012-05",
    "certificates": ["hnte", {"code": "zjtx", "until": "2027-06"}],
    "employees": 480,
    "sci_tech_staff": 96,
    "rd_spend": 17_000_000,
    "rd_spend_prior": 15_000_000,
    "rd_spend_prior2": {"value": 13_000_000, "approx": True},
    "revenue_prior": 285_000_000,
    "revenue_prior2": 258_000_000,
    "total_assets": 260_000_000,
    "debt_ratio": 45,
    "ip_class1_count": 17,
    "ip_class2_count": 61,
    "hitech_share": 83,
    "main_share": 96,
    "niche_years": 8,
    "field": ["high_end_equipment"],
    "location": ["high_tech_zone"],
    "financing_needs": ["loan", "listing"],
    "needs": ["talent"],
    "univ_partnership": True,
    "platforms": ["tech_center"],
    "rd_equipment": 31_000_000,
}


def seconds(command: list[str], text: str, rounds: int = 9) -> float:
    """Median wall time of a whole process."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def bounded(what: str, found: float, bound: float) -> bool:
    """Print a measurement beside its bound, both in milliseconds; whether it is kept."""
    print(f"{what}: {found:.2f} ms (bound {bound:g} ms){'' if found <= bound else '  MISSED'}")
    return found <= bound


def everything(edition: Edition, facts: dict[str, Value]) -> None:
    for _ in determine(edition, facts, DAY).everything():
        pass


def main() -> int:
    edition, files = load_edition(SHIPPED), read_folder(SHIPPED)
    facts = read_facts(edition.facts, FIRM)
    full = read_facts(edition.facts, FULL)
    print(
        f"one firm, ladder and amounts with reasons: {microseconds(lambda: determine(edition, facts, DAY), calls=500):.0f} us"
    )
    kept = [
        bounded(
            "one firm, all editions with reasons",
            microseconds(lambda: everything(edition, full), calls=20, rounds=25, of=min) / 1000,
            2,
        ),
        bounded(
            "edition from YAML",
            microseconds(lambda: load_edition(SHIPPED), calls=1, rounds=9, of=min) / 1000,
            200,
        ),
        bounded(
            "edition as stored",
            microseconds(lambda: parse_stored(files), calls=1, rounds=25, of=min) / 1000,
            30,
        ),
    ]
    ladder = str(Path(sys.executable).with_name("ladder"))
    assess = seconds([ladder, "assess", "--json", "--as-of", "2026-11-01"], json.dumps({"facts": FIRM}))
    bare = seconds([sys.executable, "-c", "pass"], "")
    print(
        f"ladder assess from cold: {assess * 1000:.0f} ms ({assess / bare:.1f} x an empty interpreter, {bare * 1000:.0f} ms)"
    )
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
