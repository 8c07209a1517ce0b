"""No route without a declared permission; every route with every role; nothing of another city by any of them."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from models.staff import StaffRole
from tests.web.console.samples import FORMS, NOTHING_THERE, SAMPLES, SCOPED
from tests.web.console.world import CITIES, World
from web.console.access import ROLES
from web.console.frame import CONFIRM, HOME, SIGN_IN
from web.declared import PUBLIC, Declared, UndeclaredRouteError, declared, refuse_undeclared

# Each is signed in anew for each route, because some routes end a session.
ROLE_OF: dict[str, StaffRole] = {
    "administrator": "administrator",
    "luoyang": "advisor",
    "zhengzhou": "advisor",
}
SEES: dict[str, set[str | None]] = {"administrator": set(CITIES), "luoyang": {"洛阳"}, "zhengzhou": {"郑州"}}
NOBODY = ("nobody", "disabled", "idle", "too old", "forged")


def _app(world: World) -> FastAPI:
    app = world.client.app
    assert isinstance(app, FastAPI)
    return app


def _of_console(world: World) -> list[Declared]:
    return [each for each in declared(_app(world)) if each.permission is not None]


def _parameters(path: str) -> set[str]:
    return {part[1:-1] for part in path.split("/") if part.startswith("{")}


def _filled(world: World, path: str, city: str | None) -> str:
    for name in _parameters(path):
        path = path.replace(f"{{{name}}}", SAMPLES[name](world, city))
    return path


def _ask(world: World, route: Declared, city: str | None) -> Response:
    path = _filled(world, route.path, city)
    data = FORMS.get(route.path, {}) if route.method == "POST" else None
    return world.client.request(route.method, path, data=data)


def _become(world: World, who: str) -> None:
    world.client.cookies.clear()
    if who in world.people:
        world.let_in(who)
    elif who in {"idle", "too old"}:
        world.let_in("administrator")
        world.later(minutes=31) if who == "idle" else world.later(hours=12, minutes=1)
    elif who == "forged":
        world.client.cookies.set("ladder-staff", "A" * 43, domain="testserver.local", path="/")


def _is_sent_to(response: Response, page: str) -> bool:
    return response.status_code == 303 and response.headers["location"].startswith(f"{page}?")


def test_every_route_says_who_may_come(sqlite_world: World) -> None:
    every = declared(_app(sqlite_world))
    assert len([each for each in every if each.permission]) >= 20
    open_in_console = {each.path for each in every if each.permission is None and each.path.startswith(HOME)}
    assert open_in_console == {SIGN_IN, "/console/link/{token}", "/console/link/{token}/code"}
    assert {each.path for each in every if not each.path.startswith(HOME)} <= PUBLIC


@pytest.mark.parametrize("path", ["/console/secret", "/admin"])
def test_an_application_with_an_undeclared_route_does_not_start(path: str) -> None:
    app, router = FastAPI(openapi_url=None, docs_url=None, redoc_url=None), APIRouter()
    router.add_api_route(path, lambda: "in")
    app.include_router(router)
    with pytest.raises(UndeclaredRouteError, match=path):
        refuse_undeclared(app)


def test_every_path_parameter_has_a_sample(sqlite_world: World) -> None:
    for route in declared(_app(sqlite_world)):
        assert _parameters(route.path) <= set(SAMPLES), route.path


@pytest.mark.parametrize("who", NOBODY)
def test_who_is_not_signed_in_gets_nowhere(sqlite_world: World, who: str) -> None:
    for route in _of_console(sqlite_world):
        _become(sqlite_world, who)
        response = _ask(sqlite_world, route, "洛阳")
        assert _is_sent_to(response, SIGN_IN), (route, response.status_code)


@pytest.mark.parametrize("who", ROLE_OF)
def test_a_role_reaches_what_it_may_in_its_scope_and_nothing_else(world: World, who: str) -> None:
    allowed = ROLES[ROLE_OF[who]]
    for route in _of_console(world):
        for city in CITIES if _parameters(route.path) & SCOPED else CITIES[:1]:
            _become(world, who)
            response = _ask(world, route, city)
            told = (who, route, city, response.status_code)
            if route.permission not in allowed:
                assert response.status_code == 403, told
            elif _parameters(route.path) & NOTHING_THERE or (
                _parameters(route.path) & SCOPED and city not in SEES[who]
            ):
                assert response.status_code == 404, told
            else:
                assert response.status_code in {200, 303, 409, 422}, told


@pytest.mark.parametrize("who", ROLE_OF)
def test_a_dangerous_act_asks_again_who_it_is(sqlite_world: World, who: str) -> None:
    dangerous = [each for each in _of_console(sqlite_world) if each.confirmed]
    assert len(dangerous) >= 8
    for route in dangerous:
        _become(sqlite_world, who)
        sqlite_world.later(minutes=6)
        response = _ask(sqlite_world, route, "洛阳")
        assert _is_sent_to(response, CONFIRM) or response.status_code == 403, (who, route)


def test_what_is_not_there_looks_like_what_is_out_of_scope(sqlite_world: World) -> None:
    sqlite_world.let_in("administrator")
    assert sqlite_world.client.get(f"/console/staff/{'0' * 32}").status_code == 404


def test_htmx_is_sent_to_the_sign_in_page_too(sqlite_world: World) -> None:
    client: TestClient = sqlite_world.client
    response = client.get("/console/account", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response.headers["hx-redirect"].startswith(SIGN_IN)
