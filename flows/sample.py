"""A sample result for people who look before they talk: one invented firm, judged by the rules in force like any other."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.reporting import report
from policy.complaints import DocumentError
from policy.determine import determine
from policy.schemes import Edition
from policy.wire import read_facts
from policy.wire_numbers import Json

_FIRM: dict[str, Json] = {
    "registered_in_henan": True,
    "revenue": 320_000_000,
    "rd_institution": True,
    "landmark_result": False,
    "upgrade_project": True,
    "upgrade_total_investment": 60_000_000,
    "upgrade_equipment_software": 40_000_000,
    "upgrade_demo_recognized": True,
    "national_platforms": [],
}


@dataclass(frozen=True, slots=True)
class Sample:
    """What the invented firm answered (title and words), and what the result tells, as `flows.reporting.report` says it."""

    given: tuple[tuple[str, str], ...]
    result: dict[str, Any]


def sample(edition: Edition, day: date) -> Sample | None:
    """None for an edition that does not know these facts: then there is nothing true to show."""
    try:
        values = read_facts(edition.facts, _FIRM)
    except DocumentError:
        return None
    given = tuple((edition.facts[key].title, edition.facts[key].show(value)) for key, value in values.items())
    return Sample(given, report(determine(edition, values, day)))
