"""Firms on both sides of a gate, an edition that lowers it, and the pages about editions as an administrator uses them."""

import io
import re
import time
import zipfile
from collections.abc import Mapping
from typing import Any

from flows.editions import HENAN
from models.assessment import save_snapshot, start_assessment
from models.edition import in_force
from models.firm import About, add_firm
from models.person import add_person
from policy.gathering import read_folder
from policy.load import SHIPPED
from tests.web.console.world import World

SCHEME = "schemes/tech-upgrade-demo-subsidy.yaml"
WAN = 10_000
FIRMS: Mapping[str, Mapping[str, Any]] = {
    # name -> total, equipment, recognized; between the gates are the first three
    "洛阳甲": {"total": 4000, "equipment": 3000, "recognized": True},
    "洛阳乙": {"total": 3000, "equipment": 2000, "recognized": None},
    "郑州丙": {"total": 4999, "equipment": None, "recognized": None},
    "郑州丁": {"total": 6000, "equipment": 4000, "recognized": True},
    "郑州戊": {"total": 2999, "equipment": 2000, "recognized": True},
    "新乡己": {"total": 4000, "equipment": 3000, "recognized": False},
}


def add_firms(world: World) -> dict[str, str]:
    """Store the firms; the public id of each one's assessment by its name."""
    return {name: _add(world, number, name, told) for number, (name, told) in enumerate(FIRMS.items())}


def _add(world: World, number: int, name: str, told: Mapping[str, Any]) -> str:
    facts: dict[str, Any] = {
        "registered_in_henan": ["value", True],
        "upgrade_project": ["value", True],
        "upgrade_total_investment": ["value", told["total"] * WAN],
    }
    if told["equipment"] is not None:
        facts["upgrade_equipment_software"] = ["value", told["equipment"] * WAN]
    if told["recognized"] is not None:
        facts["upgrade_demo_recognized"] = ["value", told["recognized"]]

    def work(connection: Any) -> str:
        account = add_person(connection, "telegram", f"880{number}", world.now)
        firm = add_firm(connection, account.person_id, "owner", About(name=name, city=name[:2]), world.now)
        edition = in_force(connection, HENAN, world.now.date())
        assert edition is not None
        started = start_assessment(connection, firm.id, 2025, edition, world.now)
        return save_snapshot(connection, started, facts, "finished", world.now).public_id

    return world.database.turn(work)


def lowered() -> dict[str, str]:
    """The shipped edition with the upgrade gate at 3000万."""
    files = read_folder(SHIPPED)
    assert files[SCHEME].count("at_least: 5000万}") == 1
    return files | {SCHEME: lowered_text(files[SCHEME])}


def lowered_text(text: str) -> str:
    """The scheme with the lower gate; its examples are about the old one, so one stands in for them."""
    rules, _, _ = text.replace("at_least: 5000万}", "at_least: 3000万}").partition("examples:")
    return rules + "examples:\n  - {given: {upgrade_project: false}, then: {verdict: not_applicable}}\n"


def zipped(files: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def bring_in(world: World, files: Mapping[str, str]) -> str:
    """Bring an edition in as a zip; the address of its page."""
    sent = world.client.post(
        "/console/editions/bring-in", files={"zip": ("henan.zip", zipped(files), "application/zip")}
    )
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def version(world: World, page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', world.client.get(page).text)
    return found[1] if found else "0"


def save(world: World, page: str, text: str, seen: str = "0", file: str = SCHEME) -> Any:
    return world.client.post(f"{page}/file/save", data={"file": file, "version": seen, "text": text})


def review(world: World, page: str) -> Any:
    return world.client.post(f"{page}/review", data={"version": version(world, page)})


def publish(world: World, page: str, day: str = "2026-11-26") -> Any:
    return world.client.post(f"{page}/publish", data={"version": version(world, page), "day": day})


def settled(world: World, page: str) -> str:
    """The page of a run once it is done."""
    ends = time.monotonic() + 30
    while 'id="progress"' in (text := world.client.get(page).text):
        assert time.monotonic() < ends, text
        time.sleep(0.05)
    return text
