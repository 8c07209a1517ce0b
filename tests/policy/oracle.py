"""A second reading of the contract, in plain Python and without the engine: what `ladder assess` has to answer.

Lives here: the ladder and the two schemes with an amount. Not here: wordings, citations, the guided measures.
"""

from typing import Any, NamedTuple

Facts = dict[str, Any]
Sure = bool | None  # True and False are sure, None is open

FAR = 10**18  # above every amount: the end of a range that has none
RUNGS = {
    "rd_institution": 100_000_000,
    "landmark_result": 500_000_000,
    "innovation_consortium": 1_000_000_000,
    "sci_tech_leader": 10_000_000_000,
}
FACT_OF_RUNG = {rung: rung for rung in RUNGS} | {"innovation_consortium": "consortium_role"}
LEADS = {"lead": True, "member": None, "none": False, None: None}

UPGRADE, PLATFORMS = "tech-upgrade-demo-subsidy", "national-platform-award"
TOTAL, EQUIPMENT = "upgrade_total_investment", "upgrade_equipment_software"
PROJECT, RECOGNISED = "upgrade_project", "upgrade_demo_recognized"
GATE, PERCENT, CAP = 50_000_000, 15, 10_000_000
AWARD, PLAN_BEGINS = 5_000_000, "2025-09"


class Span(NamedTuple):
    """The whole yuan an amount may be, both ends included, and the one number told, if it was one."""

    low: int = 0
    high: int = FAR
    told: int | None = None
    exact: bool = False

    def reaches(self, threshold: int) -> Sure:
        """Whether the amount surely is (True) or surely is not (False) at least the threshold."""
        if self.low >= threshold:
            return True
        return False if self.high < threshold else None


class Outcome(NamedTuple):
    """What a scheme comes to."""

    verdict: str
    amount: int | None
    asked: frozenset[str] = frozenset()


def span(given: Any) -> Span | None:
    """Read a numeric fact; None when nothing at all is known."""
    if given is None or isinstance(given, int):
        return None if given is None else Span(given, given, given, exact=True)
    if "value" in given:
        value = given["value"]
        return Span(-(-value * 9 // 10), value * 11 // 10, value)
    low, high = given["low"], given["high"]
    if low is None and high is None:
        return None
    first = 0 if low is None else low + int(given["low_open"])
    last = FAR if high is None else high - int(given["high_open"])
    return Span(first, last)


def expected(document: dict[str, Any]) -> dict[str, Any]:
    """Answer a document, as far as the contract determines the answer; must_ask as a set."""
    facts = document["facts"]
    if facts.get("registered_in_henan") is False:
        elsewhere = Outcome("out_of_scope", None)
        return _answer(_ladder_elsewhere(), elsewhere, elsewhere, set())
    asked = _asked_by_rungs(facts)
    if facts.get("registered_in_henan") is None:
        asked.add("registered_in_henan")
    return _answer(_ladder(facts), _upgrade(facts), _platforms(facts.get("national_platforms")), asked)


def _answer(ladder: Facts, upgrade: Outcome, platforms: Outcome, asked: set[str]) -> dict[str, Any]:
    outcomes = {UPGRADE: upgrade, PLATFORMS: platforms}

    def total(verdict: str) -> int:
        return sum(one.amount or 0 for one in outcomes.values() if one.verdict == verdict)

    return {
        "ladder": ladder,
        "schemes": {
            key: {"verdict": one.verdict, "amount_yuan": one.amount} for key, one in outcomes.items()
        },
        "confirmed_total_yuan": total("eligible"),
        "conditional_total_yuan": total("conditional"),
        "must_ask": asked | upgrade.asked | platforms.asked,
    }


# The ladder


def _ladder_elsewhere() -> Facts:
    unknowable = ("rungs_expected", "reached_threshold_yuan", "next_threshold_yuan", "gap_to_next_yuan")
    assessed: Facts = {"state": "out_of_scope", "rungs": dict.fromkeys(RUNGS, "not_assessed"), "ahead": []}
    return assessed | dict.fromkeys(unknowable)


def _ladder(facts: Facts) -> Facts:
    revenue = span(facts.get("revenue"))
    due = _due(revenue)
    above = [at for at in RUNGS.values() if revenue and revenue.exact and at > revenue.low]
    return {
        "state": {True: "on_ladder", False: "below", None: "unknown"}[due["rd_institution"]],
        "rungs_expected": [rung for rung in RUNGS if due[rung] is True] if revenue else None,
        "rungs": {rung: _rung(due[rung], _has(facts, rung)) for rung in RUNGS},
        "ahead": [rung for rung in RUNGS if due[rung] is False and _has(facts, rung) is True],
        "reached_threshold_yuan": max((RUNGS[rung] for rung in RUNGS if due[rung] is True), default=None),
        "next_threshold_yuan": above[0] if above else None,
        "gap_to_next_yuan": above[0] - revenue.low if revenue and above else None,
    }


def _due(revenue: Span | None) -> dict[str, Sure]:
    return {rung: revenue.reaches(threshold) if revenue else None for rung, threshold in RUNGS.items()}


def _has(facts: Facts, rung: str) -> Sure:
    given = facts.get(FACT_OF_RUNG[rung])
    if rung == "innovation_consortium":
        return LEADS[given]
    has: Sure = given
    return has


def _rung(due: Sure, has: Sure) -> str:
    if due is not True:
        return "unknown" if due is None else "not_expected"
    return {True: "met", False: "missing", None: "unknown"}[has]


def _asked_by_rungs(facts: Facts) -> set[str]:
    due = _due(span(facts.get("revenue")))
    asked = {"revenue"} if None in due.values() else set()
    for rung, fact in FACT_OF_RUNG.items():
        if due[rung] is not False and facts.get(fact) is None:
            asked.add(fact)
    return asked


# The subsidy for upgrades


def _upgrade(facts: Facts) -> Outcome:
    project, recognised = facts.get(PROJECT), facts.get(RECOGNISED)
    if project is False:
        return Outcome("not_applicable", 0)
    total, base = span(facts.get(TOTAL)) or Span(), span(facts.get(EQUIPMENT))
    equipment = base or Span()
    if equipment.low > total.high:
        # Whether there is a project at all can still end the case; nothing else can before the answers fit.
        return Outcome("contradictory", None, _open({PROJECT: project}))
    gate = total._replace(low=max(total.low, equipment.low)).reaches(GATE)
    amount = _subsidy_on(base, total.high) if base else None
    asked = _open({PROJECT: project, TOTAL: gate, EQUIPMENT: amount, RECOGNISED: recognised})
    if project is None:
        return Outcome("undetermined", None, asked)
    if gate is False or recognised is False:
        return Outcome("ineligible", 0)
    if gate is None or amount is None:
        return Outcome("undetermined", None, asked)
    return Outcome("eligible" if recognised else "conditional", amount, asked)


def _open(answers: dict[str, int | None]) -> frozenset[str]:
    """Name the facts whose answer does not settle what they are asked for."""
    return frozenset(fact for fact, answer in answers.items() if answer is None)


def _subsidy_on(equipment: Span, total: int) -> int | None:
    """Work out the subsidy, the equipment being part of the total; None while its base is not known."""
    if equipment.told is not None:
        return _subsidy(min(equipment.told, total))
    least, most = _subsidy(equipment.low), _subsidy(min(equipment.high, total))
    return least if least == most else None


def _subsidy(base: int) -> int:
    return min(base * PERCENT // 100, CAP)


# The award for national platforms


def _platforms(given: list[Facts] | None) -> Outcome:
    if given is None:
        return Outcome("undetermined", None, frozenset({"national_platforms"}))
    if not given:
        return Outcome("not_applicable", 0)
    counts = [_counts(item) for item in given]
    if True in counts:
        return Outcome("eligible", AWARD * counts.count(True))
    if None not in counts:
        return Outcome("ineligible", 0)
    told = all(map(_can_only_exist_already, given)) or any(map(_can_count, given))
    return Outcome("undetermined", None, frozenset({"national_platforms"} if told else ()))


def _counts(item: Facts) -> Sure:
    """Whether a platform surely earns the award (True) or surely does not (False)."""
    if item.get("kind") == "existing":
        return False
    created = item.get("created_on") or ""
    known = item.get("kind") is not None
    return True if known and item.get("role") == "host" and created >= PLAN_BEGINS else None


def _can_count(item: Facts) -> bool:
    """Whether a platform would earn the award if its missing fields came out well."""
    created = item.get("created_on") or PLAN_BEGINS
    return item.get("kind") != "existing" and item.get("role") != "co_builder" and created >= PLAN_BEGINS


def _can_only_exist_already(item: Facts) -> bool:
    """Whether a platform is, or with its kind missing may turn out, an existing one."""
    return item.get("kind") in (None, "existing")
