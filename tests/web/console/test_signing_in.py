"""Signing in: name, password and a code that works once; waits after failures; sessions that end when they should."""

import logging
from datetime import timedelta

import pyotp
import pytest

from flows.signing_in import wait_after
from models.audit import acts_on
from models.signing import sessions
from tests.web.console.world import PASSWORD, World

URL = "/console/sign-in"


def _form(world: World, name: str = "luoyang", **other: str) -> dict[str, str]:
    return {"name": name, "password": PASSWORD, "code": world.code("luoyang"), **other}


def test_name_password_and_code_sign_somebody_in(world: World) -> None:
    world.client.get(URL)
    before = world.client.cookies["ladder-staff"]
    sent = world.client.post(URL, data=_form(world, name=" Luoyang "))
    assert (sent.status_code, sent.headers["location"]) == (303, "/console")
    assert world.client.cookies["ladder-staff"] != before, "a new session has a new id"
    assert world.client.get("/console/account").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(sqlite_world: World) -> None:
    cookie = sqlite_world.client.post(URL, data=_form(sqlite_world)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    sqlite_world.client.base_url = "https://testserver"
    cookie = sqlite_world.client.post(URL, data=_form(sqlite_world)).headers["set-cookie"]
    assert cookie.startswith("__Host-ladder-staff=")
    assert "Secure" in cookie


def test_a_session_is_stored_by_its_fingerprint_only(sqlite_world: World) -> None:
    sqlite_world.sign_in("luoyang")
    secret = sqlite_world.client.cookies["ladder-staff"]
    rows = sqlite_world.database.read(lambda connection: str(connection.execute(sessions.select()).all()))
    assert len(secret) == 43
    assert secret not in rows


@pytest.mark.parametrize("wrong", ["name", "password", "code"])
def test_whatever_is_wrong_the_answer_is_the_same(sqlite_world: World, wrong: str) -> None:
    form = _form(sqlite_world) | {wrong: "nonesuch"}
    sent = sqlite_world.client.post(URL, data=form)
    assert sent.status_code == 422
    assert "账户名、密码或验证码不对。" in sent.text
    assert sqlite_world.client.get("/console/account").status_code == 303


def test_a_disabled_account_is_answered_like_a_wrong_one(sqlite_world: World) -> None:
    form = {"name": "disabled", "password": PASSWORD, "code": sqlite_world.code("disabled")}
    sent = sqlite_world.client.post(URL, data=form)
    assert sent.status_code == 422
    assert "账户名、密码或验证码不对。" in sent.text


def test_a_code_works_once(world: World) -> None:
    form = _form(world)
    assert world.client.post(URL, data=form).status_code == 303
    world.client.cookies.clear()
    assert world.client.post(URL, data=form).status_code == 422


def test_a_code_is_good_for_half_a_minute_either_way(sqlite_world: World) -> None:
    totp = pyotp.TOTP(sqlite_world.people["luoyang"].secret)
    for seconds, status in ((-90, 422), (90, 422), (-30, 303), (30, 303)):
        sqlite_world.later(minutes=10)
        form = {
            "name": "luoyang",
            "password": PASSWORD,
            "code": totp.at(sqlite_world.now + timedelta(seconds=seconds)),
        }
        sqlite_world.client.cookies.clear()
        assert sqlite_world.client.post(URL, data=form).status_code == status, seconds


def test_a_recovery_code_stands_in_once_however_it_is_typed(world: World) -> None:
    code = world.people["luoyang"].recovery_codes[0].lower().replace("-", " ")
    assert world.client.post(URL, data=_form(world, code=code)).status_code == 303
    world.client.cookies.clear()
    assert world.client.post(URL, data=_form(world, code=code)).status_code == 422


def test_after_five_failures_even_the_right_password_waits_ever_longer(world: World) -> None:
    for _ in range(5):
        assert world.client.post(URL, data=_form(world, password="wrong")).status_code == 422
        world.client.cookies.clear()
    world.now = world.now.replace(microsecond=0)
    refused = world.client.post(URL, data={**_form(world, password="wrong")})
    world.later(seconds=-30)
    waiting = world.client.post(URL, data=_form(world))
    assert 429 in {refused.status_code, waiting.status_code}
    world.later(minutes=20)
    assert world.client.post(URL, data=_form(world)).status_code == 303


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_after(beyond).total_seconds() for beyond in (-1, 0, 1, 2, 6, 99)] == [
        0,
        15,
        30,
        60,
        900,
        900,
    ]


def test_one_address_cannot_try_many_accounts(sqlite_world: World) -> None:
    statuses = []
    for number in range(22):
        sent = sqlite_world.client.post(URL, data={"name": f"nobody{number}", "password": "x", "code": "1"})
        statuses.append(sent.status_code)
    assert statuses[:20] == [422] * 20
    assert statuses[20] == 429


def test_signing_in_properly_does_not_use_up_the_address(sqlite_world: World) -> None:
    for _ in range(25):
        sqlite_world.client.cookies.clear()
        sqlite_world.sign_in("luoyang")


def test_nobody_is_led_out_of_the_console_after_signing_in(sqlite_world: World) -> None:
    for onward in ("//evil.example", "https://evil.example", "/console/../x", "/console\\evil", "/consolex"):
        sqlite_world.client.cookies.clear()
        sent = sqlite_world.client.post(URL, data=_form(sqlite_world, next=onward))
        assert sent.headers["location"] == "/console"
    sqlite_world.client.cookies.clear()
    sent = sqlite_world.client.post(URL, data=_form(sqlite_world, next="/console/account"))
    assert sent.headers["location"] == "/console/account"


def test_a_session_ends_when_idle_and_when_old(sqlite_world: World) -> None:
    sqlite_world.sign_in("luoyang")
    for _ in range(24):
        sqlite_world.later(minutes=29)
        assert sqlite_world.client.get("/console/account").status_code == 200
    sqlite_world.later(minutes=29)
    assert sqlite_world.client.get("/console/account").status_code == 303, "12 hours are over"
    sqlite_world.client.cookies.clear()
    sqlite_world.sign_in("luoyang")
    sqlite_world.later(minutes=31)
    assert sqlite_world.client.get("/console/account").status_code == 303, "idle"


def test_signing_out_ends_the_session_on_the_server(sqlite_world: World) -> None:
    sqlite_world.sign_in("luoyang")
    secret = sqlite_world.client.cookies["ladder-staff"]
    assert sqlite_world.client.post("/console/account/sign-out").status_code == 303
    sqlite_world.client.cookies.clear()
    sqlite_world.client.cookies.set("ladder-staff", secret, domain="testserver.local", path="/")
    assert sqlite_world.client.get("/console/account").status_code == 303


def test_other_sessions_are_seen_and_ended_and_only_ones_own(sqlite_world: World) -> None:
    sqlite_world.let_in("zhengzhou")
    theirs = sqlite_world.client.cookies["ladder-staff"]
    found = sqlite_world.database.read(lambda c: c.execute(sessions.select()).mappings().one())
    sqlite_world.let_in("luoyang")
    other = sqlite_world.client.cookies["ladder-staff"]
    sqlite_world.let_in("luoyang")
    sqlite_world.client.post("/console/account/end-session", data={"session": found["public_id"]})
    page = sqlite_world.client.get("/console/account").text
    assert "就是这里" in page
    assert "退出其他所有登录" in page
    assert sqlite_world.client.post("/console/account/end-others").status_code == 303
    assert sqlite_world.client.get("/console/account").status_code == 200
    for secret, status in ((other, 303), (theirs, 200)):
        sqlite_world.client.cookies.clear()
        sqlite_world.client.cookies.set("ladder-staff", secret, domain="testserver.local", path="/")
        assert sqlite_world.client.get("/console/account").status_code == status


def test_signing_in_and_its_failures_are_told_without_names(
    sqlite_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sqlite_world.client.post(URL, data=_form(sqlite_world, password="hidden-words"))
    sqlite_world.sign_in("luoyang")
    sqlite_world.client.get("/console/audit")
    for told in ("sign-in: refused", "sign-in: signed in", "denied: GET /console/audit"):
        assert told in caplog.text
    for kept in ("luoyang", "hidden-words", PASSWORD, "testclient"):
        assert kept not in caplog.text
    who = sqlite_world.people["luoyang"].staff.public_id
    acts = sqlite_world.database.read(lambda connection: acts_on(connection, "staff", who))
    assert [each.action for each in acts] == ["session.start", "session.refuse"]


def test_proving_again_takes_a_password_or_a_code_and_lasts_five_minutes(sqlite_world: World) -> None:
    world = sqlite_world
    world.let_in("administrator")
    invite = {"name": "new", "role": "advisor"}
    world.later(minutes=6)
    sent = world.client.post("/console/staff/invite", data=invite)
    assert sent.headers["location"] == "/console/confirm?next=%2Fconsole%2Fstaff"
    wrong = world.client.post("/console/confirm", data={"password": "wrong", "next": "/console/staff"})
    assert wrong.status_code == 422
    for by_code in (False, True):
        proof = {"code": world.code("administrator")} if by_code else {"password": PASSWORD}
        proved = world.client.post("/console/confirm", data={**proof, "next": "/console/staff"})
        assert proved.headers["location"] == "/console/staff"
        assert world.client.post("/console/staff/invite", data=invite).status_code in {200, 422}
        world.later(minutes=6)
        assert world.client.post("/console/staff/invite", data=invite).status_code == 303


def test_the_sign_in_page_speaks_the_browsers_language(sqlite_world: World) -> None:
    assert "登录顾问工作台" in sqlite_world.client.get(URL).text
    english = sqlite_world.client.get(URL, headers={"Accept-Language": "en-GB"}).text
    assert '<html lang="en">' in english
    assert "Sign in to the advisors&#39; console" in english
