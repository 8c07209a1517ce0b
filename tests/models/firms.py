"""A small world for the tests of models/: one moment, one edition, a firm with an open assessment."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from models.answer import Answer
from models.assessment import Assessment, start_assessment
from models.edition import publish_files
from models.firm import About, Firm, add_firm
from models.person import Account, add_person

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """What `build` stored."""

    account: Account
    firm: Firm
    assessment: Assessment


def publish(connection: Connection) -> int:
    return publish_files(connection, "henan-2025", {"plan.yaml": "title: 方案\n"}, date(2025, 9, 1), NOW)


def build(connection: Connection, address: str = "4711", name: str = "洛阳轴研精密") -> World:
    edition = publish(connection)
    account = add_person(connection, "telegram", address, NOW)
    firm = add_firm(connection, account.person_id, "owner", About(name=name, city="洛阳"), NOW)
    return World(account, firm, start_assessment(connection, firm.id, 2025, edition, NOW))


def answer(slot: str, value: object, by: int | None = None) -> Answer:
    return Answer(
        slot=slot,
        kind="value",
        as_typed=str(value),
        as_read=value,
        by_person=by,
        by_role="owner",
        channel="web",
        at=NOW,
    )
