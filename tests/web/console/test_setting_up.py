"""The one-time link: opening it uses nothing up, setting up does; then password, second factor and recovery codes hold."""

import re
from datetime import timedelta

import pyotp
import pytest
from httpx2 import Response

from flows.second_factor import matching_step
from flows.staff import By, first_administrator, invite
from models.credentials import credentials_by_name
from models.signing import links
from tests.web.console.world import KEY, PASSWORD, World, open_world

CHOSEN = "seven green bridges at dusk"


def _link(world: World, name: str = "newcomer", role: str = "advisor") -> str:
    by = By("command", world.now)
    return "/console/link/" + world.database.turn(lambda c: invite(c, name, role, by))[1]


def _choose(world: World, link: str, password: str = CHOSEN, again: str | None = None) -> Response:
    return world.client.post(link, data={"password": password, "again": password if again is None else again})


def _secret(page: str) -> str:
    found = re.search(r'<p class="code">([A-Z2-7 ]+)</p>', page)
    assert found is not None
    return found[1].replace(" ", "")


def test_from_the_link_to_the_first_sign_in(world: World) -> None:
    link = _link(world)
    for _ in range(2):
        assert "newcomer" in world.client.get(link).text, "opening it, twice, uses nothing up"
    page = _choose(world, link).text
    assert "<svg" in page
    secret = _secret(page)
    wrong = world.client.post(f"{link}/code", data={"code": "000000"})
    assert wrong.status_code == 422
    assert _secret(wrong.text) == secret, "the same second factor still waits"
    done = world.client.post(f"{link}/code", data={"code": pyotp.TOTP(secret).at(world.now)})
    codes = re.findall(r"<li class=\"code\">([A-Z2-7-]{29})</li>", done.text)
    assert len(set(codes)) == 10
    for step in (link, f"{link}/code"):
        assert world.client.post(step, data={"code": "1"}).status_code == 410
    assert world.client.get(link).status_code == 410
    world.later(seconds=60)
    form = {"name": "newcomer", "password": CHOSEN, "code": pyotp.TOTP(secret).at(world.now)}
    assert world.client.post("/console/sign-in", data=form).status_code == 303
    world.client.cookies.clear()
    assert world.client.post("/console/sign-in", data=form | {"code": codes[3]}).status_code == 303


def test_without_the_second_factor_nobody_gets_in(sqlite_world: World) -> None:
    link = _link(sqlite_world)
    _choose(sqlite_world, link)
    form = {"name": "newcomer", "password": CHOSEN, "code": ""}
    assert sqlite_world.client.post("/console/sign-in", data=form).status_code == 422


def test_a_link_is_good_for_a_day(sqlite_world: World) -> None:
    link = _link(sqlite_world)
    sqlite_world.later(hours=23, minutes=59)
    assert sqlite_world.client.get(link).status_code == 200
    sqlite_world.later(minutes=2)
    assert sqlite_world.client.get(link).status_code == 410
    assert _choose(sqlite_world, link).status_code == 410


def test_a_link_is_stored_by_its_fingerprint_only(sqlite_world: World) -> None:
    token = _link(sqlite_world).rpartition("/")[2]
    assert len(token) == 43
    assert token not in sqlite_world.database.read(lambda c: str(c.execute(links.select()).all()))


@pytest.mark.parametrize("wrong", [("short", "short"), ("password1234", "password1234"), (CHOSEN, "another")])
def test_a_password_that_is_not_taken_is_told_why(sqlite_world: World, wrong: tuple[str, str]) -> None:
    link = _link(sqlite_world)
    refused = _choose(sqlite_world, link, *wrong)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert wrong[0] not in refused.text.replace("shortcut", "")
    assert sqlite_world.client.get(link).status_code == 200


def test_the_first_administrator_is_invited_once(database_url: str) -> None:
    with open_world(database_url) as world:
        again = world.database.turn(lambda c: first_administrator(c, "admin", world.now))
        assert again is None, "there is staff already"


def test_secrets_are_stored_hashed_and_sealed(sqlite_world: World) -> None:
    found = sqlite_world.database.read(lambda c: credentials_by_name(c, "luoyang"))
    assert found is not None
    assert str(found.password_hash).startswith("$argon2id$")
    assert str(found.totp_secret).startswith("hmac1:")
    assert sqlite_world.people["luoyang"].secret not in str(found.totp_secret)
    assert KEY not in repr(found)
    assert str(found.password_hash) not in repr(found)


def test_changing_the_password_asks_for_the_present_one_and_ends_other_sessions(sqlite_world: World) -> None:
    world, path = sqlite_world, "/console/account/password"
    world.let_in("luoyang")
    other = world.client.cookies["ladder-staff"]
    world.let_in("luoyang")
    form = {"present": PASSWORD, "password": CHOSEN, "again": CHOSEN}
    assert world.client.post(path, data=form | {"present": "wrong"}).status_code == 422
    assert world.client.post(path, data=form).status_code == 303
    assert world.client.get("/console/account").status_code == 200
    world.client.cookies.clear()
    world.client.cookies.set("ladder-staff", other, domain="testserver.local", path="/")
    assert world.client.get("/console/account").status_code == 303
    world.client.cookies.clear()
    sent = {"name": "luoyang", "password": PASSWORD, "code": world.code("luoyang")}
    assert world.client.post("/console/sign-in", data=sent).status_code == 422
    assert (
        world.client.post(
            "/console/sign-in", data=sent | {"password": CHOSEN, "code": world.code("luoyang")}
        ).status_code
        == 303
    )


def test_a_new_second_factor_counts_from_its_first_code_on(sqlite_world: World) -> None:
    world, path = sqlite_world, "/console/account/second-factor"
    world.let_in("luoyang")
    secret = _secret(world.client.post(path).text)
    assert world.client.post(f"{path}-code", data={"code": "000000"}).status_code == 422
    world.later(seconds=30)
    done = world.client.post(f"{path}-code", data={"code": pyotp.TOTP(secret).at(world.now)})
    assert done.status_code == 200
    old = {"name": "luoyang", "password": PASSWORD, "code": world.code("luoyang")}
    world.client.cookies.clear()
    assert world.client.post("/console/sign-in", data=old).status_code == 422


def test_new_recovery_codes_void_the_old_ones(sqlite_world: World) -> None:
    world = sqlite_world
    world.let_in("luoyang")
    page = world.client.post("/console/account/recovery-codes").text
    codes = re.findall(r"<li class=\"code\">([A-Z2-7-]{29})</li>", page)
    world.client.cookies.clear()
    form = {"name": "luoyang", "password": PASSWORD}
    old = world.people["luoyang"].recovery_codes[0]
    assert world.client.post("/console/sign-in", data=form | {"code": old}).status_code == 422
    assert world.client.post("/console/sign-in", data=form | {"code": codes[0]}).status_code == 303


def test_a_code_of_another_half_minute_is_no_code(sqlite_world: World) -> None:
    secret, now = sqlite_world.people["luoyang"].secret, sqlite_world.now
    assert matching_step(secret, pyotp.TOTP(secret).at(now), now, 0) == int(now.timestamp()) // 30
    assert matching_step(secret, pyotp.TOTP(secret).at(now - timedelta(minutes=2)), now, 0) is None
    assert matching_step(secret, "", now, 0) is None
