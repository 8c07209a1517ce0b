"""Many firms, every second of which has somebody on Telegram who subscribed to changes of their result."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from benchmarks.reassess import DAY, NOON, Seed, lowered, seed
from flows.editions import publish_shipped
from flows.publishing import review_and_publish
from flows.reassess import start_dry_run, work
from models.assessment import assessments
from models.draft import Deed
from models.firm import memberships
from models.person import accounts, people
from models.session import Database
from models.subscription import subscriptions
from tests.flows.test_reassess import between_the_gates

ZHANG, LI = Deed("张工", NOON), Deed("李工", NOON)
MORNING = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)  # a Monday, ten o'clock in China


def fill(database: Database, firms: list[Seed]) -> None:
    """Publish the shipped edition and store these firms; number n is firms[n % len(firms)], address n is its owner's."""
    edition = database.turn(publish_shipped)
    seed(database, edition, firms, len(firms))
    database.turn(_people)


def _people(connection: Connection) -> None:
    rows = connection.execute(select(assessments.c.id, assessments.c.firm_id)).all()
    owners = [{"id": row.id, "created_at": NOON} for row in rows]
    reached = [
        {"id": row.id, "person_id": row.id, "channel": "telegram", "address": str(row.id), "state": "active"}
        | {"created_at": NOON}
        for row in rows
    ]
    owned = [
        {"person_id": row.id, "firm_id": row.firm_id, "role": "owner", "since": NOON, "until": None}
        for row in rows
    ]
    told = [
        {"person_id": row.id, "account_id": row.id, "topic": "result", "frequency": "at-once", "since": NOON}
        for row in rows
        if row.id % 2 == 0
    ]
    for table, values in ((people, owners), (accounts, reached), (memberships, owned), (subscriptions, told)):
        connection.execute(insert(table), values)


def lowered_and_reassessed(database: Database) -> tuple[int, int]:
    """Publish the edition with the lower gate; the numbers of its dry run and of its reassessment."""
    made = lowered(database)
    tried = database.turn(lambda c: start_dry_run(c, made, DAY, ZHANG))
    work(database, tried.id)
    _, run = database.turn(lambda c: review_and_publish(c, made, DAY, DAY, LI))
    assert run is not None
    work(database)
    return tried.id, run.id


def expected(facts: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """Straight over what a firm said: the verdict and the amount that the lower gate brings it; None: nothing changes."""
    if not between_the_gates(facts):
        return None
    said = {key: value for key, (_, value) in facts.items()}
    base = said.get("upgrade_equipment_software")
    if base is None or (said.get("upgrade_total_investment") is None and base < 30_000_000):
        return "undetermined", None
    yuan = min(base * 15 // 100, 10_000_000)
    verdict = "eligible" if said.get("upgrade_demo_recognized") is True else "conditional"
    return verdict, f"{yuan / 10_000:.10g}万元"
