"""The one-time link: password, then second factor, then recovery codes. Opening it uses nothing up."""

from collections.abc import Mapping

from fastapi import Request, Response

from flows.passwords import WeakPasswordError, hash_password, proofread
from flows.second_factor import enrolment_uri
from flows.setting_up import Enrolment, choose_password, finish_set_up, invited, waiting_enrolment
from flows.staff import DeclinedError
from flows.staff_sessions import new_secret_for_forms
from web.console.access import staff_secret
from web.console.frame import LINK, Frame
from web.console.login import field, keep_secret, language_of
from web.console.qr import qr_of
from web.console.wording import Phrase
from web.visitors import form_token

DIFFERENT = Phrase("两次输入的密码不一样。")


def set_up(frame: Frame) -> None:
    @frame.open("GET", f"{LINK}/{{token}}")
    async def opened(request: Request, token: str) -> Response:
        who = await frame.database.read_async(lambda connection: invited(connection, token, frame.now()))
        if who is None:
            return _gone(frame, request)
        return _page(frame, request, "console/set_up.html", {"name": who.name, "wrong": None})

    @frame.open("POST", f"{LINK}/{{token}}")
    async def password_sent(request: Request, token: str) -> Response:
        form, now = await request.form(), frame.now()
        who = await frame.database.read_async(lambda connection: invited(connection, token, now))
        if who is None:
            return _gone(frame, request)
        password = field(form, "password")
        wrong = wrong_with(password, field(form, "again"), who.name)
        if wrong is not None:
            data = {"name": who.name, "wrong": wrong}
            return _page(frame, request, "console/set_up.html", data, 422)
        hashed = await hash_password(password)
        enrolment = await frame.database.turn_async(
            lambda connection: choose_password(connection, token, hashed, frame.keys, now)
        )
        return _gone(frame, request) if enrolment is None else _enrolment_page(frame, request, enrolment)


def second_half(frame: Frame) -> None:
    @frame.open("POST", f"{LINK}/{{token}}/code")
    async def code_sent(request: Request, token: str) -> Response:
        code, now = field(await request.form(), "code"), frame.now()
        try:
            codes = await frame.database.turn_async(
                lambda connection: finish_set_up(connection, token, code, frame.keys, now)
            )
        except DeclinedError as declined:
            waiting = await frame.database.read_async(
                lambda connection: waiting_enrolment(connection, token, frame.keys, now)
            )
            if waiting is not None:
                return _enrolment_page(frame, request, waiting, str(declined))
            codes = None
        if codes is None:
            return _gone(frame, request)
        return _page(frame, request, "console/recovery_codes.html", {"codes": codes})


def wrong_with(password: str, again: str, name: str) -> str | None:
    """Why a new password is not taken; None for one that is."""
    try:
        proofread(password, name)
    except WeakPasswordError as weak:
        return str(weak)
    return None if password == again else DIFFERENT


def enrolment_data(enrolment: Enrolment, issuer: str) -> dict[str, object]:
    """What a page shows of a second factor that waits for its first code."""
    secret = enrolment.secret
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return {"qr": qr_of(enrolment_uri(secret, enrolment.name, issuer)), "secret": groups}


def _enrolment_page(
    frame: Frame, request: Request, enrolment: Enrolment, wrong: str | None = None
) -> Response:
    data = {**enrolment_data(enrolment, frame.issuer), "wrong": wrong}
    status = 422 if wrong else 200
    page = {"act": f"{LINK}/{request.path_params['token']}/code", **data}
    return _page(frame, request, "console/second_factor.html", page, status)


def _gone(frame: Frame, request: Request) -> Response:
    return _page(frame, request, "console/link_gone.html", {}, 410)


def _page(
    frame: Frame, request: Request, template: str, data: Mapping[str, object], status: int = 200
) -> Response:
    secret = staff_secret(request) or new_secret_for_forms()
    shared = {**data, "form_token": form_token(secret)}
    response = frame.bare_page(template, shared, language_of(request), status)
    keep_secret(response, request, secret)
    return response
