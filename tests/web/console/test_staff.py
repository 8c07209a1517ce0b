"""The people's page: invite, assign, disable, reset; nobody acts on themselves and the last administrator stays."""

import pytest

from flows.staff import CITIES, By, DeclinedError, change_role, disable
from models.audit import acts_on
from models.scope import scope_of
from models.staff import Staff, set_state, staff_by_id, staff_by_name
from tests.web.console.world import World


def _id(world: World, name: str) -> str:
    return world.people[name].staff.public_id


def _now_is(world: World, name: str) -> Staff:
    return world.database.read(lambda c: staff_by_id(c, world.people[name].staff.id))


def test_an_invitation_shows_its_link_once(world: World) -> None:
    world.let_in("administrator")
    page = world.client.post("/console/staff/invite", data={"name": "陈 顾问", "role": "advisor"})
    assert page.status_code == 200
    assert "http://testserver/console/link/" in page.text
    who = world.database.read(lambda c: staff_by_name(c, "陈顾问"))
    assert who is not None
    assert (who.role, who.state) == ("advisor", "invited")
    assert "/console/link/" not in world.client.get(f"/console/staff/{who.public_id}").text
    again = world.client.post("/console/staff/invite", data={"name": "陈顾问", "role": "advisor"})
    assert again.status_code == 422
    assert "已经有人用了" in again.text


@pytest.mark.parametrize(
    "form", [{"name": " "}, {"name": "x" * 41}, {"name": "a\u202eb"}, {"name": "y", "role": "god"}]
)
def test_what_cannot_be_an_account_is_declined(sqlite_world: World, form: dict[str, str]) -> None:
    sqlite_world.let_in("administrator")
    sent = sqlite_world.client.post("/console/staff/invite", data={"role": "advisor"} | form)
    assert sent.status_code == 422


def test_cities_and_firms_are_assigned_and_seen_at_once(world: World) -> None:
    world.let_in("administrator")
    path = f"/console/staff/{_id(world, 'luoyang')}/assign"
    firm = world.firms[None].public_id
    sent = world.client.post(path, data={"city": ["开封", "济源"], "firms": f" {firm}\n"})
    assert sent.status_code == 303
    scope = world.database.read(lambda c: scope_of(c, _now_is(world, "luoyang")))
    assert scope.cities == ("开封", "济源")
    page = world.client.get(f"/console/staff/{_id(world, 'luoyang')}").text
    assert firm in page
    for wrong in ({"city": "北京"}, {"firms": "0" * 32}):
        assert world.client.post(path, data=wrong).status_code == 422
    assert len(CITIES) == 18


def test_disabling_ends_everything_at_once(world: World) -> None:
    world.let_in("zhengzhou")
    theirs = world.client.cookies["ladder-staff"]
    world.let_in("administrator")
    sent = world.client.post(f"/console/staff/{_id(world, 'zhengzhou')}/disable")
    assert sent.status_code == 303
    world.client.cookies.set("ladder-staff", theirs, domain="testserver.local", path="/")
    assert world.client.get("/console/account").status_code == 303
    world.let_in("administrator")
    page = world.client.post(f"/console/staff/{_id(world, 'zhengzhou')}/enable")
    assert "/console/link/" in page.text
    assert _now_is(world, "zhengzhou").state == "invited"


def test_a_reset_voids_password_and_sessions(sqlite_world: World) -> None:
    world = sqlite_world
    world.let_in("luoyang")
    theirs = world.client.cookies["ladder-staff"]
    world.let_in("administrator")
    assert "/console/link/" in world.client.post(f"/console/staff/{_id(world, 'luoyang')}/reset").text
    world.client.cookies.set("ladder-staff", theirs, domain="testserver.local", path="/")
    assert world.client.get("/console/account").status_code == 303


@pytest.mark.parametrize("act", ["role", "disable", "reset", "assign"])
def test_nobody_acts_on_themselves(sqlite_world: World, act: str) -> None:
    sqlite_world.let_in("administrator")
    path = f"/console/staff/{_id(sqlite_world, 'administrator')}/{act}"
    sent = sqlite_world.client.post(path, data={"role": "advisor"})
    assert sent.status_code == 422
    assert "自己的账户" in sent.text
    assert _now_is(sqlite_world, "administrator").role == "administrator"


def test_an_advisor_cannot_make_an_administrator_of_anybody(sqlite_world: World) -> None:
    for name in ("luoyang", "zhengzhou"):
        sqlite_world.let_in("luoyang")
        path = f"/console/staff/{_id(sqlite_world, name)}/role"
        assert sqlite_world.client.post(path, data={"role": "administrator"}).status_code == 403


def test_the_last_administrator_stays(world: World) -> None:
    second = _now_is(world, "second")
    by = By("command", world.now)
    world.database.turn(lambda c: set_state(c, world.people["administrator"].staff.id, "disabled"))
    with pytest.raises(DeclinedError, match="最后一位"):
        world.database.turn(lambda c: disable(c, second, by))
    with pytest.raises(DeclinedError, match="最后一位"):
        world.database.turn(lambda c: change_role(c, second, "advisor", by))
    assert _now_is(world, "second").state == "active"


def test_a_changed_role_signs_out_and_is_in_the_audit(sqlite_world: World) -> None:
    world = sqlite_world
    world.let_in("administrator")
    assert (
        world.client.post(
            f"/console/staff/{_id(world, 'luoyang')}/role", data={"role": "administrator"}
        ).status_code
        == 303
    )
    acts = world.database.read(lambda c: acts_on(c, "staff", _id(world, "luoyang")))
    assert [(each.action, each.detail) for each in acts] == [
        ("staff.role", {"from": "advisor", "to": "administrator"})
    ]
    assert acts[0].actor == _id(world, "administrator")
    page = world.client.get(f"/console/staff/{_id(world, 'luoyang')}").text
    assert "修改角色" in page
