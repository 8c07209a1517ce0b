"""Random firms with everything that recognitions look at: near their bounds, many known, some as ranges or about so much."""

from random import Random
from typing import Any

from tests.policy.random_firms import firm

W = 10_000
DAYS = ("2025-05-20", "2025-06-01", "2026-03-31", "2026-04-01", "2026-11-23", "2026-12-31", "2027-01-01")
REVENUES = (1000, 1500, 2000, 3000, 4000, 5000, 6000, 10_000, 20_000, 40_000, 60_000, 120_000)  # 万
SHARES = (0, 2, 3, 3, 4, 5, 6, 6, 8, 10)
CERTIFICATES = ("hnte", "tech_sme", "innovative_sme", "zjtx", "little_giant", "innovation_leader", "gazelle")
INDUSTRIES = ("manufacturing", "mining_utilities", "software_it", "construction", "trade", "agriculture", "other_service")  # fmt: skip
ENTITIES = ("company", "joint_stock", "listed", "sole_proprietor")
CHOICES = {
    "platforms": ("tech_center", "engineering_tech_center", "engineering_center", "innovation_center"),
    "location": ("county", "development_zone"),
    "financing_needs": ("loan", "pledge", "guarantee", "equity"),
    "needs": ("talent", "technology"),
    "field": ("ai", "food", "traditional"),
}
COUNTS = {
    "ip_class1_count": (0, 1, 3, 4, 9),
    "ip_class2_count": (0, 1, 3, 4, 20),
    "niche_years": (1, 2, 3, 3, 8),
    "equity_financing_2y": (0, 500 * W - 1, 500 * W, 2000 * W - 1, 2000 * W),
    "total_assets": (3000 * W, 20_000 * W, 20_000 * W + 1),
    "rd_equipment": (300 * W, 500 * W, 800 * W - 1, 800 * W, 2000 * W),
}
PERCENTS = {
    "hitech_share": ("59.9", 60, 60, 75),
    "main_share": (79, 80, 90, 90, "89.9", 95),
    "debt_ratio": (45, 75, "75.1", 80, 81),
}


def deep_firm(random: Random) -> dict[str, Any]:
    """A document as `ladder assess` takes it, of a firm that is known well, half, or hardly."""
    known = random.choice((1.0, 0.97, 0.9, 0.6))
    vague = random.choice((0, 0, 0.1, 0.3))
    facts: dict[str, Any] = _figures(random) | _lists(random)
    facts = {
        key: _blurred(random, value, 100 if key in PERCENTS else None) if random.random() < vague else value
        for key, value in facts.items()
    }
    facts |= {
        "industry": random.choices(INDUSTRIES, (6, 1, 3, 1, 1, 1, 1))[0],
        "above_scale": random.random() < 0.6,
        "entity_type": random.choices(ENTITIES, (5, 3, 1, 1))[0],
    }
    told = {key: value for key, value in facts.items() if random.random() < known}
    if random.random() < 0.05:
        told |= {"sci_tech_staff": 30, "employees": random.choice((29, {"value": 27, "approx": True}))}
    return {
        "as_of": random.choice(DAYS),
        "facts": firm(random)["facts"] | _place(random) | told,
    }


def _place(random: Random) -> dict[str, Any]:
    return {"registered_in_henan": random.choices((True, None, False), (90, 6, 4))[0]}


def _near(random: Random, value: int) -> int:
    return max(0, value + random.choice((-1, 0, 0, 0, 0, 1)))


def _figures(random: Random) -> dict[str, Any]:
    """Staff, revenue and research that fit together, on a bound or one beside it."""
    people = random.choice((20, 30, 99, 120, 299, 300, 500, 501, 999, 1000, 1200))
    staff = min(people, random.choice((people // 10, people * 3 // 10, people // 5, 40, 50, 60)))
    figures: dict[str, Any] = {"employees": people, "sci_tech_staff": _near(random, staff)}
    figures["sci_tech_staff"] = min(people, figures["sci_tech_staff"])
    base, percent = random.choice(REVENUES) * W, random.choice(SHARES)
    for year in ("", "_prior", "_prior2"):
        revenue = base if random.random() < 0.7 else base * 20_000 // 22_050
        figures[f"revenue{year}"] = _near(random, random.choice((revenue, revenue, revenue, 0)))
        rate = percent if random.random() < 0.8 else random.choice(SHARES)
        usual = (-(-revenue * rate // 100), 100 * W, 500 * W, 600 * W, 4000 * W)
        figures[f"rd_spend{year}"] = _near(random, random.choices(usual, (8, 1, 1, 1, 1))[0])
    figures |= {key: random.choice(values) for key, values in {**COUNTS, **PERCENTS}.items()}
    registered = random.choice(("2015-06", "2024-05", "2025-03", "2025-04", "2025-11", "2025-12", "2026-06"))
    return figures | {"registered_on": registered}


def _lists(random: Random) -> dict[str, Any]:
    held = [code for code in CERTIFICATES if random.random() < 0.25]
    entries = [_certificate(random, code) for code in held]
    return {"certificates": entries} | {
        key: [code for code in codes if random.random() < 0.35] for key, codes in CHOICES.items()
    }


def _certificate(random: Random, code: str) -> Any:
    """A code alone, or with its end: past, this very month, or to come; now and then without the code."""
    entry: dict[str, str] = {"code": code} if random.random() < 0.95 else {}
    if random.random() < 0.4:
        entry["until"] = random.choice(("2025-05", "2026-03", "2026-11", "2028-01"))
    return entry if entry.keys() != {"code"} or random.random() < 0.3 else code


def _blurred(random: Random, value: Any, most: int | None) -> Any:
    """The same figure as a range (an end may be missing or open) or as about so much; at the most so much."""
    if isinstance(value, str) or not isinstance(value, int):
        return value
    if value >= 10 and random.random() < 0.3:
        return {"value": value, "approx": True}
    low = random.choices((max(0, value - random.choice((0, 1, value // 10))), None), (4, 1))[0]
    above = value + random.choice((2, 3, value // 10 + 2))
    high = random.choices((above if most is None else min(most, above), None), (4, 1))[0]
    return {
        "low": low,
        "high": high,
        "low_open": low is not None and high is None and random.random() < 0.3,
        "high_open": high is not None and random.random() < 0.3,
    }
