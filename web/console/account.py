"""One's own account: where one is signed in, password, second factor, recovery codes, language."""

from fastapi import Request, Response
from sqlalchemy import Connection

from flows import setting_up
from flows.passwords import hash_password, matches
from flows.staff import DeclinedError
from flows.staff_sessions import open_sessions
from models.audit import Act, append_act
from models.credentials import credentials_of
from models.signing import end_session, end_sessions
from models.staff import Language, set_language
from web.console.access import Permission, Signed, SignedIn, staff_cookie
from web.console.frame import ACCOUNT, SIGN_IN, Frame, to
from web.console.login import field
from web.console.set_up import enrolment_data, wrong_with
from web.console.wording import Phrase
from web.visitors import is_secure

_OWN = Permission.OWN_ACCOUNT
WRONG_PASSWORD = Phrase("现在的密码不对。")


def account(frame: Frame) -> None:
    @frame.get(ACCOUNT, _OWN)
    async def shown(signed: SignedIn) -> Response:
        rows = await frame.database.read_async(
            lambda connection: open_sessions(connection, signed.staff.id, signed.now)
        )
        return frame.page(signed, "console/account.html", {"here": ACCOUNT, "sessions": rows})

    @frame.post(f"{ACCOUNT}/sign-out", _OWN)
    async def signed_out(request: Request, signed: SignedIn) -> Response:
        await frame.database.turn_async(
            lambda connection: end_session(connection, signed.staff.id, signed.session.public_id)
        )
        response = to(SIGN_IN)
        response.delete_cookie(
            staff_cookie(request), path="/", secure=is_secure(request), httponly=True, samesite="lax"
        )
        return response

    @frame.post(f"{ACCOUNT}/language", _OWN)
    async def language_chosen(request: Request, signed: SignedIn) -> Response:
        chosen: Language = "en" if field(await request.form(), "language") == "en" else "zh"
        await frame.database.turn_async(lambda connection: set_language(connection, signed.staff.id, chosen))
        return to(ACCOUNT)


def sessions(frame: Frame) -> None:
    @frame.post(f"{ACCOUNT}/end-session", _OWN)
    async def ended(request: Request, signed: SignedIn) -> Response:
        which = field(await request.form(), "session")
        act = Act(signed.actor, "session.end", "staff", signed.actor, {"session": which[:32]})

        def end(connection: Connection) -> None:
            if end_session(connection, signed.staff.id, which):
                append_act(connection, act, signed.now)

        await frame.database.turn_async(end)
        return to(ACCOUNT)

    @frame.post(f"{ACCOUNT}/end-others", _OWN)
    async def others_ended(signed: SignedIn) -> Response:
        act = Act(signed.actor, "session.end", "staff", signed.actor, {"session": "others"})

        def end(connection: Connection) -> None:
            end_sessions(connection, signed.staff.id, but=signed.session.id)
            append_act(connection, act, signed.now)

        await frame.database.turn_async(end)
        return to(ACCOUNT)


def password(frame: Frame) -> None:
    @frame.get(f"{ACCOUNT}/password", _OWN)
    async def asked(signed: SignedIn) -> Response:
        return frame.page(signed, "console/password.html", {"here": ACCOUNT, "wrong": None})

    @frame.post(f"{ACCOUNT}/password", _OWN, confirmed=True)
    async def changed(request: Request, signed: SignedIn) -> Response:
        form = await request.form()
        who = await frame.database.read_async(lambda connection: credentials_of(connection, signed.staff.id))
        chosen = field(form, "password")
        wrong = wrong_with(chosen, field(form, "again"), who.name)
        if not await matches(field(form, "present"), who.password_hash):
            wrong = WRONG_PASSWORD
        if wrong is not None:
            return frame.page(signed, "console/password.html", {"here": ACCOUNT, "wrong": wrong}, 422)
        hashed = await hash_password(chosen)
        await frame.database.turn_async(
            lambda connection: setting_up.change_password(connection, signed.session, hashed, signed.now)
        )
        return to(ACCOUNT)


def second_factor(frame: Frame) -> None:
    path = f"{ACCOUNT}/second-factor"

    @frame.post(path, _OWN, confirmed=True)
    async def begun(signed: SignedIn) -> Response:
        enrolment = await frame.database.turn_async(
            lambda connection: setting_up.begin_enrolment(
                connection, credentials_of(connection, signed.staff.id), frame.keys
            )
        )
        data = {"act": f"{path}-code", "wrong": None, **enrolment_data(enrolment, frame.issuer)}
        return frame.page(signed, "console/second_factor.html", {"here": ACCOUNT, **data})

    @frame.post(f"{path}-code", _OWN, confirmed=True)
    async def proved(request: Request, signed: SignedIn) -> Response:
        code = field(await request.form(), "code")

        def renew(connection: Connection) -> list[str]:
            return setting_up.renew_second_factor(connection, signed.session, code, frame.keys, signed.now)

        try:
            codes = await frame.database.turn_async(renew)
        except DeclinedError as declined:
            return await _again(frame, signed, f"{path}-code", str(declined))
        return frame.page(signed, "console/recovery_codes.html", {"here": ACCOUNT, "codes": codes})

    @frame.post(f"{ACCOUNT}/recovery-codes", _OWN, confirmed=True)
    async def renewed(signed: SignedIn) -> Response:
        codes = await frame.database.turn_async(
            lambda connection: setting_up.renew_recovery_codes(connection, signed.session, signed.now)
        )
        return frame.page(signed, "console/recovery_codes.html", {"here": ACCOUNT, "codes": codes})


async def _again(frame: Frame, signed: Signed, act: str, wrong: str) -> Response:
    """Ask for the code once more; where nothing waits for one, go back."""
    waiting = await frame.database.read_async(
        lambda connection: setting_up.pending_of(credentials_of(connection, signed.staff.id), frame.keys)
    )
    if waiting is None:
        return to(ACCOUNT)
    data = {"here": ACCOUNT, "act": act, "wrong": wrong, **enrolment_data(waiting, frame.issuer)}
    return frame.page(signed, "console/second_factor.html", data, 422)
