"""Reports for tests and benchmarks: firms large and small, frozen as the talk would freeze them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from flows.frozen import Beside, freeze
from flows.messages import Operator
from models.base import JsonObject
from policy.determine import determine
from policy.facts import Value
from policy.gathering import read_folder
from policy.load import SHIPPED, parse_stored
from policy.measures import Topic
from policy.schemes import Edition
from policy.wire import read_document

CODE = "K7M-Q2X-PD4"
DAY = date(2026, 11, 23)
SMALL: dict[str, Any] = {"registered_in_henan": True, "revenue": 320_000_000, "rd_institution": True}
SMALL |= {"upgrade_project": False, "national_platforms": []}
BELOW: dict[str, Any] = {"registered_in_henan": True, "revenue": 42_000_000, "upgrade_project": True}
BELOW |= {"upgrade_total_investment": 30_000_000}
OUTSIDE: dict[str, Any] = {"registered_in_henan": False, "revenue": 320_000_000}
BIG: dict[str, Any] = {
    "registered_in_henan": True,
    "revenue": 12_000_000_000,
    "revenue_prior": 11_000_000_000,
    "rd_institution": True,
    "landmark_result": True,
    "consortium_role": "lead",
    "sci_tech_leader": True,
    "upgrade_project": True,
    "upgrade_total_investment": 90_000_000,
    "upgrade_equipment_software": 80_000_000,
    "national_platforms": [
        {"name": "中原某某重点实验室", "created_on": "2025-11", "kind": "new", "role": "host"},
        {"name": "某某中心", "created_on": "2026-03", "kind": "restructured", "role": "host"},
    ],
    "industry": "manufacturing",
    "above_scale": True,
    "entity_type": "joint_stock",
    "registered_on": "2004-06",
    "employees": 5200,
    "rd_spend": 480_000_000,
    "certificates": ["hnte", "little_giant"],
}
EVERYTHING = tuple(Topic)


@cache
def edition() -> Edition:
    return parse_stored(read_folder(SHIPPED))


def paper(facts: Mapping[str, Any], firm: str = "", topics: tuple[Topic, ...] = ()) -> JsonObject:
    """A report's whole payload, for facts as `ladder assess` takes them."""
    given, _ = read_document(edition(), {"facts": dict(facts)})
    return paper_of(given, firm, topics)


def paper_of(given: Mapping[str, Value], firm: str = "", topics: tuple[Topic, ...] = ()) -> JsonObject:
    """The same for facts as the rules know them."""
    beside = Beside(firm, 2025, Operator("河南某某咨询", "0371-00000000"), topics, False, [], "ab" * 32)
    return {**freeze(determine(edition(), given, DAY), beside), "check_code": CODE}
