"""Signing in, and proving again that it is oneself."""

from fastapi import Request, Response
from starlette.datastructures import FormData

from flows.signing_in import Attempt, Outcome, confirm, sign_in
from flows.staff_sessions import new_secret_for_forms
from models.staff import Language
from web.console.access import Permission, SignedIn, staff_cookie, staff_secret
from web.console.frame import CONFIRM, HOME, SIGN_IN, Frame, to
from web.console.wording import Phrase
from web.visitors import form_token, is_secure

WRONG = Phrase("账户名、密码或验证码不对。")
NOT_PROVED = Phrase("密码或验证码不对。")
WAIT = Phrase("试错的次数多了，请等 {seconds} 秒再试。")
_MAX_LANGUAGE = 2


def login(frame: Frame) -> None:
    @frame.open("GET", SIGN_IN)
    async def asked(request: Request) -> Response:
        if await frame.who(request):
            return to(next_page(request.query_params.get("next", "")))
        return _sign_in_page(frame, request, request.query_params.get("next", ""))

    @frame.open("POST", SIGN_IN)
    async def sent(request: Request) -> Response:
        form = await request.form()
        attempt = _attempt(request, form, field(form, "name"))
        outcome = await sign_in(frame.database, frame.keys, attempt, frame.now())
        if outcome.secret is None:
            return _sign_in_page(frame, request, field(form, "next"), outcome, field(form, "name"))
        response = to(next_page(field(form, "next")))
        keep_secret(response, request, outcome.secret)
        return response

    @frame.get(CONFIRM, Permission.OWN_ACCOUNT)
    async def doubted(request: Request, signed: SignedIn) -> Response:
        data = {"next": next_page(request.query_params.get("next", "")), "wrong": None, "seconds": 0}
        return frame.page(signed, "console/confirm.html", data)

    @frame.post(CONFIRM, Permission.OWN_ACCOUNT)
    async def proved(request: Request, signed: SignedIn) -> Response:
        form = await request.form()
        attempt = _attempt(request, form, signed.staff.name)
        outcome = await confirm(frame.database, frame.keys, signed.session, attempt, signed.now)
        onward = next_page(field(form, "next"))
        if outcome.secret is not None:
            return to(onward)
        data = {"next": onward, "wrong": _told(outcome, NOT_PROVED), "seconds": _seconds(outcome)}
        return frame.page(signed, "console/confirm.html", data, _status(outcome))


def _sign_in_page(
    frame: Frame, request: Request, onward: str, failed: Outcome | None = None, name: str = ""
) -> Response:
    """The form; its token belongs to a secret of its own until they are signed in, and to another one from then on."""
    secret = staff_secret(request) or new_secret_for_forms()
    data = {
        "form_token": form_token(secret),
        "next": next_page(onward),
        "name": name,
        "wrong": failed and _told(failed, WRONG),
        "seconds": failed and _seconds(failed),
    }
    status = _status(failed) if failed else 200
    response = frame.bare_page("console/login.html", data, language_of(request), status)
    keep_secret(response, request, secret)
    return response


def keep_secret(response: Response, request: Request, secret: str) -> None:
    """Set the staff cookie. It goes when the browser is closed; how long it is good the database knows."""
    response.set_cookie(
        staff_cookie(request), secret, path="/", secure=is_secure(request), httponly=True, samesite="lax"
    )


def next_page(asked: str) -> str:
    """Where to go on: a page of the console, and nowhere else."""
    inside = asked == HOME or asked.startswith(f"{HOME}/")
    plain = asked.isprintable() and not set(asked) & set("\\?#") and "//" not in asked and ".." not in asked
    return asked if inside and plain and asked not in {SIGN_IN, CONFIRM} else HOME


def language_of(request: Request) -> Language:
    """The language for who is not signed in: what they chose, else what their browser asks for."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "en" if asked[:_MAX_LANGUAGE].lower() == "en" else "zh"


def field(form: FormData, name: str) -> str:
    """What a form's field holds; "" where it is not there or is a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _attempt(request: Request, form: FormData, name: str) -> Attempt:
    return Attempt(
        name=name,
        password=field(form, "password"),
        code=field(form, "code"),
        address=request.client.host if request.client else "",
        device=device_of(request.headers.get("user-agent", "")),
    )


def device_of(agent: str) -> str:
    """Two rough words for the list of one's sessions; what a browser says of itself in full is not kept."""
    browsers = ("MicroMessenger", "Edg", "Firefox", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    browser = next((each for each in browsers if each in agent), "?")
    return f"{browser} · {next((each for each in systems if each in agent), '?')}"


def _told(outcome: Outcome, wrong: Phrase) -> Phrase:
    return WAIT if outcome.wait else wrong


def _seconds(outcome: Outcome) -> int:
    return int(outcome.wait.total_seconds()) + 1


def _status(outcome: Outcome) -> int:
    return 429 if outcome.wait else 422
