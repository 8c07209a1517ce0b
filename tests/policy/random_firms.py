"""Random input documents for `ladder assess`, crowded where rules change: at thresholds, open ends, and gaps.

Every range holds at least two whole yuan, and only keys that the contract names occur. An investment is 0 only as a
number, never about 0 or up to a few yuan: the contract does not say what a range without a lower end begins with.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

REVENUES = (100_000_000, 500_000_000, 1_000_000_000, 10_000_000_000)
INVESTMENTS = (50_000_000, 66_666_666, 66_666_667)
USUAL_INVESTMENTS = (3_000_000, 40_000_000, 49_990_000, 60_000_000, 70_000_000, 80_000_000, 320_000_000)
NUDGES = (-1, 0, 0, 0, 1)
MONTHS = ("2016-05", "2025-08", "2025-09", "2025-10", "2025-10")


def firm(random: Random) -> dict[str, Any]:
    """Make up one firm: a document as `ladder assess` takes it."""
    facts = _ladder_facts(random) | _upgrade_facts(random) | _bystanders(random)
    facts["registered_in_henan"] = random.choices((True, False, None), (80, 7, 13))[0]
    facts["national_platforms"] = _platforms(random)
    return {
        "about": {"name": "河南某某有限公司"} if random.random() < 0.5 else {},
        "as_of": random.choice(("2025-11-01", "2026-11-01")),
        "facts": _shuffled(random, facts),
    }


def _shuffled(random: Random, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts in any order, what is not known being null here and absent there."""
    keys = [key for key, value in facts.items() if value is not None or random.random() < 0.4]
    random.shuffle(keys)
    return {key: facts[key] for key in keys}


def _ladder_facts(random: Random) -> dict[str, Any]:
    return {
        "revenue": _amount(random, _revenue(random), _revenue(random)),
        "rd_institution": _answer(random),
        "landmark_result": _answer(random),
        "consortium_role": random.choice(("lead", "member", "none", None)),
        "sci_tech_leader": _answer(random),
    }


def _upgrade_facts(random: Random) -> dict[str, Any]:
    total = _investment(random)
    equipment = _part_of(random, total) if random.random() < 0.6 else _investment(random)
    spent = _amount(random, equipment, _investment(random))
    return {
        "upgrade_project": random.choices((True, False, None), (76, 8, 16))[0],
        "upgrade_total_investment": _amount(random, total, _investment(random)),
        "upgrade_equipment_software": spent if random.random() < 0.95 else 0,
        "upgrade_demo_recognized": random.choices((True, False, None), (50, 15, 35))[0],
    }


def _bystanders(random: Random) -> dict[str, Any]:
    """Make up facts that decide neither the ladder nor the two schemes."""
    facts = {
        "industry": random.choice(("manufacturing", "software_it", None)),
        "above_scale": _answer(random),
        "employees": random.choice((12, 300, None)),
        "revenue_year": random.choice((2025, None)),
        "rd_spend": random.choice((4_000_000, {"value": 5_000_000, "approx": True}, None)),
        "certificates": random.choice((["hnte"], [{"code": "zjtx", "until": "2027-06"}], [], None)),
    }
    return facts if random.random() < 0.3 else {}


def _answer(random: Random) -> bool | None:
    return random.choice((True, False, None))


def _revenue(random: Random) -> int:
    return _near(random, REVENUES, (0, 1, 20_000_000, 320_000_000, 2_000_000_000, 20_000_000_000))


def _investment(random: Random) -> int:
    return _near(random, INVESTMENTS, USUAL_INVESTMENTS)


def _part_of(random: Random, total: int) -> int:
    """Choose an amount near a total or within it, now and then above."""
    share = random.choice((100, 100, 100, 90, 80, 110, 50))
    return max(0, total * share // 100 + random.choice(NUDGES))


def _near(random: Random, thresholds: Sequence[int], usual: Sequence[int]) -> int:
    """Choose an amount at or beside a threshold, at the edge of its 10 %, a usual one, or any."""
    threshold = random.choice(thresholds)
    any_size = int(10 ** random.uniform(6, len(str(threshold)) + 0.3))
    edge = random.choice((threshold * 10 // 9, threshold * 10 // 11))
    amount = random.choices((threshold, edge, random.choice(usual), any_size), (4, 3, 2, 2))[0]
    return max(0, amount + random.choice(NUDGES))


def _amount(random: Random, value: int, other: int) -> Any:
    """Tell an amount as a number, as a range, as about so much, or not at all."""
    telling = random.choices(("number", "about", "range", "nothing"), (40, 20, 25, 15))[0]
    if telling == "about":
        return {"value": max(10, value), "approx": True}
    if telling == "range":
        return _range(random, value, other)
    return value if telling == "number" else None


def _range(random: Random, value: int, other: int) -> dict[str, Any]:
    """Tell a range: a side may be missing, an end may be open; both sides missing says nothing at all."""
    near = value + random.choice((3, 4, 10_000))
    low, high = sorted((value, other if abs(other - value) >= 3 else near))
    return {
        "low": random.choices((low, None), (75, 25))[0],
        "high": random.choices((high, None), (75, 25))[0],
        "low_open": random.random() < 0.4,
        "high_open": random.random() < 0.4,
    }


def _platforms(random: Random) -> list[dict[str, Any]] | None:
    told = random.choices(("nothing", "none", "some"), (20, 15, 65))[0]
    if told == "nothing":
        return None
    return [_platform(random, n) for n in range(random.randint(1, 3))] if told == "some" else []


def _platform(random: Random, number: int) -> dict[str, Any]:
    item = {
        "name": f"国家级平台{number + 1}",
        "created_on": random.choices((random.choice(MONTHS), None), (85, 15))[0],
        "kind": random.choices(("new", "restructured", "existing", None), (35, 20, 30, 15))[0],
        "role": random.choices(("host", "co_builder", None), (65, 20, 15))[0],
    }
    return _shuffled(random, item)
