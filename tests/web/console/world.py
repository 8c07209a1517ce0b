"""A small world for the console's tests: staff who can sign in, firms in two cities and in none, a clock that is set by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pyotp
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Connection

from flows.editions import publish_shipped
from flows.passwords import _hasher
from flows.sealing import seal
from flows.second_factor import new_recovery_codes, new_secret, recovery_fingerprint
from flows.staff_sessions import start_session
from models.assessment import Assessment, save_snapshot, start_assessment
from models.credentials import activate_pending, set_password, set_pending
from models.edition import editions
from models.firm import About, Firm, add_firm
from models.person import add_person
from models.relisting import complete
from models.session import Database
from models.signing import set_recoveries
from models.staff import Staff, StaffRole, add_staff, set_cities, set_state, staff_by_id
from settings import Settings
from web.app import create_app
from web.console.frame import Frame
from web.limits import Limits
from wiring import shows

PASSWORD = "蓝色火车头7步过桥"
KEY = "a key for tests that is long enough"
_HASH = _hasher.hash(PASSWORD)
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
CITIES = ("洛阳", "郑州", None)


@dataclass
class Person:
    """Somebody of the staff, with what they know and hold."""

    staff: Staff
    secret: str
    recovery_codes: list[str]


@dataclass
class World:
    """A served console. `people` by name, `firms` and `cases` by city."""

    client: TestClient
    database: Database
    frame: Frame
    now: datetime = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str | None, Firm] = field(default_factory=dict)
    cases: dict[str | None, Assessment] = field(default_factory=dict)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def code(self, name: str) -> str:
        """The authenticator's code; half a minute later than any before, because a code works once."""
        self.later(seconds=30)
        return pyotp.TOTP(self.people[name].secret).at(self.now)

    def sign_in(self, name: str) -> None:
        """Sign in through the page, as a person would."""
        form = {"name": name, "password": PASSWORD, "code": self.code(name)}
        sent = self.client.post("/console/sign-in", data=form)
        assert sent.status_code == 303, sent.text

    def let_in(self, name: str) -> None:
        """Be signed in without the page: a session of theirs in the cookie."""
        who = self.people[name].staff
        secret = self.database.turn(lambda connection: start_session(connection, who.id, "test", self.now))
        self.client.cookies.clear()
        self.client.cookies.set("ladder-staff", secret, domain="testserver.local", path="/")


@contextmanager
def open_world(url: str, keys: tuple[str, ...] = (KEY,)) -> Iterator[World]:
    """Serve the console on a database with staff, firms and assessments in it."""
    settings = Settings(database_url=SecretStr(url), secret_keys=tuple(map(SecretStr, keys)))
    database = Database(url)
    app = create_app(settings, limits=Limits().lifted(), shows=shows())
    client = TestClient(app, follow_redirects=False, headers=SAME_ORIGIN)
    with client:
        world = World(client, database, app.state.console)
        world.frame.now = lambda: world.now
        database.turn(lambda connection: _fill(connection, world, keys))
        yield world
    database.close()


def _fill(connection: Connection, world: World, keys: tuple[str, ...]) -> None:
    publish_shipped(connection)
    cast: tuple[tuple[str, StaffRole, tuple[str, ...]], ...] = (
        ("administrator", "administrator", ()),
        ("second", "administrator", ()),
        ("luoyang", "advisor", ("洛阳",)),
        ("zhengzhou", "advisor", ("郑州",)),
        ("disabled", "administrator", ()),
    )
    for name, role, cities in cast:
        world.people[name] = add_active(connection, name, role, keys, world.now)
        set_cities(connection, world.people[name].staff.id, cities)
    set_state(connection, world.people["disabled"].staff.id, "disabled")
    for number, city in enumerate(CITIES):
        _add_firm(connection, world, number, city)
    complete(connection)


def add_active(
    connection: Connection, name: str, role: StaffRole, keys: tuple[str, ...], now: datetime
) -> Person:
    """Store somebody who has set up password and second factor."""
    who = add_staff(connection, name, role, now - timedelta(days=1))
    secret, codes = new_secret(), new_recovery_codes()
    set_password(connection, who.id, _HASH)
    set_pending(connection, who.id, seal(secret, who.public_id, keys))
    activate_pending(connection, who.id, 0)
    set_recoveries(connection, who.id, [recovery_fingerprint(code) for code in codes])
    set_state(connection, who.id, "active")
    return Person(staff_by_id(connection, who.id), secret, codes)


def _add_firm(connection: Connection, world: World, number: int, city: str | None) -> None:
    account = add_person(connection, "telegram", f"470{number}", world.now)
    about = About(name=f"{city or '某地'}精密机械有限公司", city=city)
    firm = add_firm(connection, account.person_id, "owner", about, world.now)
    edition = connection.execute(editions.select().where(editions.c.name == "henan-2025")).first()
    assert edition is not None
    started = start_assessment(connection, firm.id, 2025, edition.id, world.now)
    facts = {"revenue": ["value", 120_000_000]}
    world.firms[city] = firm
    world.cases[city] = save_snapshot(connection, started, facts, "finished", world.now)
