"""The people of the console, for administrators: invited, given cities and firms, disabled, started anew."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from flows import staff as accounts
from flows.auditing import told_of
from flows.staff import CITIES, By, DeclinedError
from models.firm import public_ids_of
from models.staff import Staff, all_staff, cities_of, firm_ids_of, staff_by_public_id
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.frame import LINK, STAFF, Frame, to
from web.console.login import field

T = TypeVar("T")
_ADMINISTER = Permission.STAFF_ADMINISTER
_MOST_FIRMS = 200


def staff(frame: Frame) -> None:
    @frame.get(STAFF, _ADMINISTER)
    async def listed(signed: SignedIn) -> Response:
        return await _list_page(frame, signed)

    @frame.post(f"{STAFF}/invite", _ADMINISTER, confirmed=True)
    async def invited(request: Request, signed: SignedIn) -> Response:
        form = await request.form()
        name, role = field(form, "name"), field(form, "role")
        try:
            who, token = await frame.database.turn_async(
                lambda connection: accounts.invite(connection, name, role, _by(signed))
            )
        except DeclinedError as declined:
            return await _list_page(frame, signed, str(declined), name)
        return _link_page(frame, request, signed, who, token)


def one_of_staff(frame: Frame) -> None:
    one = f"{STAFF}/{{staff}}"

    @frame.get(one, _ADMINISTER)
    async def shown(staff: str, signed: SignedIn) -> Response:
        return await _one_page(frame, signed, staff)

    @frame.post(f"{one}/role", _ADMINISTER, confirmed=True)
    async def role_changed(request: Request, staff: str, signed: SignedIn) -> Response:
        role = field(await request.form(), "role")
        return await _done(
            frame, signed, staff, lambda c, who: accounts.change_role(c, who, role, _by(signed))
        )

    @frame.post(f"{one}/assign", _ADMINISTER, confirmed=True)
    async def assigned(request: Request, staff: str, signed: SignedIn) -> Response:
        cities, firms = _assignment(await request.form())
        return await _done(
            frame,
            signed,
            staff,
            lambda c, who: accounts.assign(c, who, cities, firms, _by(signed)),
        )

    @frame.post(f"{one}/disable", _ADMINISTER, confirmed=True)
    async def disabled(staff: str, signed: SignedIn) -> Response:
        return await _done(frame, signed, staff, lambda c, who: accounts.disable(c, who, _by(signed)))

    for act, begin in (("enable", accounts.enable), ("reset", accounts.start_anew)):
        frame.post(f"{one}/{act}", _ADMINISTER, confirmed=True)(_linking(frame, begin))


def _linking(frame: Frame, begin: Callable[..., str]) -> Callable[[Request, str, SignedIn], object]:
    """An act that ends with a new one-time link, shown this once."""

    async def begun(request: Request, staff: str, signed: SignedIn) -> Response:
        def work(connection: Connection) -> tuple[Staff, str]:
            who = _found(connection, staff)
            return who, begin(connection, who, _by(signed))

        try:
            who, token = await frame.database.turn_async(work)
        except DeclinedError as declined:
            return await _one_page(frame, signed, staff, str(declined))
        return _link_page(frame, request, signed, who, token)

    return begun


async def _done(
    frame: Frame, signed: Signed, which: str, act: Callable[[Connection, Staff], None]
) -> Response:
    try:
        await frame.database.turn_async(lambda connection: act(connection, _found(connection, which)))
    except DeclinedError as declined:
        return await _one_page(frame, signed, which, str(declined))
    return to(f"{STAFF}/{which}")


def _by(signed: Signed) -> By:
    return By(signed.actor, signed.now)


def _found(connection: Connection, which: str) -> Staff:
    who = staff_by_public_id(connection, which)
    if who is None:
        raise NotThereError
    return who


def _assignment(form: FormData) -> tuple[list[str], list[str]]:
    """The cities ticked, and the firms' numbers, one a line."""
    cities = [each for each in form.getlist("city") if isinstance(each, str)]
    return cities, field(form, "firms").split()[:_MOST_FIRMS]


def _link_page(frame: Frame, request: Request, signed: Signed, who: Staff, token: str) -> Response:
    site = frame.public_url or f"{request.url.scheme}://{request.url.netloc}"
    data = {"here": STAFF, "who": who, "link": f"{site}{LINK}/{token}"}
    return frame.page(signed, "console/staff_link.html", data)


async def _list_page(frame: Frame, signed: Signed, wrong: str | None = None, name: str = "") -> Response:
    def read(connection: Connection) -> list[tuple[Staff, list[str]]]:
        return [(each, cities_of(connection, each.id)) for each in all_staff(connection)]

    people = await frame.database.read_async(read)
    data = {"here": STAFF, "people": people, "wrong": wrong, "name": name}
    return frame.page(signed, "console/staff.html", data, 422 if wrong else 200)


async def _one_page(frame: Frame, signed: Signed, which: str, wrong: str | None = None) -> Response:
    def read(connection: Connection) -> dict[str, object]:
        who = _found(connection, which)
        firms = public_ids_of(connection, firm_ids_of(connection, who.id))
        entries = told_of(connection, "staff", which)
        return {"who": who, "cities": cities_of(connection, who.id), "firms": firms, "entries": entries}

    data = await frame.database.read_async(read)
    shared = {"here": STAFF, "wrong": wrong, "all_cities": CITIES, "is_self": which == signed.actor}
    return frame.page(signed, "console/staff_one.html", {**data, **shared}, 422 if wrong else 200)
