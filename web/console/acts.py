"""What advisors do with a case: a form each, with what they saw of it, so that nobody overwrites anybody."""

import re
import unicodedata
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import TypeVar

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from flows import review
from flows.casefile import Paper
from flows.correcting import Correction, correct, read_correction
from flows.review import Desk, NotDoneError, case_in_hand
from web.console import telling_cases as words
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.assessments import CASES, desk_of, shown
from web.console.frame import Frame, to
from web.console.login import field

T = TypeVar("T")
Act = Callable[[Connection, Desk, Paper], T]
Endpoint = Callable[[Request, str, Signed], Awaitable[Response]]
_WAN = 10_000
_CONFLICT, _REFUSED = 409, 422
_LONGEST_NUMBER = 18
_IN_WAN = re.compile(r"(?P<number>([0-9]{1,3}(,[0-9]{3}){1,2}|[0-9]{1,9})(\.[0-9]{1,4})?)(万元?)?")


def acts(frame: Frame) -> None:
    """The plain ones: a name, a permission, and what is done with the form."""
    for name, permission, made in (
        ("take", Permission.ASSESSMENT_ASSIGN, lambda _form: review.take),
        ("release", Permission.ASSESSMENT_ASSIGN, lambda _form: review.release),
        ("hand-over", Permission.ASSESSMENT_ASSIGN, _hand_over),
        ("note", Permission.ASSESSMENT_NOTE, _note),
        ("opinion", Permission.ASSESSMENT_OVERRIDE, _opinion),
        ("opinion-back", Permission.ASSESSMENT_OVERRIDE, _opinion_back),
        ("ask", Permission.ASSESSMENT_ASK, _ask),
        ("ask-no-more", Permission.ASSESSMENT_ASK, _ask_no_more),
        ("finish", Permission.ASSESSMENT_FINISH, _finish),
    ):
        frame.post(f"{CASES}/{{case}}/{name}", permission)(_endpoint(frame, name, made))


def _endpoint(
    frame: Frame, name: str, made: Callable[[FormData], Act[None]]
) -> Callable[..., Awaitable[Response]]:
    async def done(request: Request, case: str, signed: SignedIn) -> Response:
        form = await request.form()
        try:
            await _act(frame, signed, case, form, made(form))
        except NotDoneError as error:
            return await refused(frame, signed, case, error, name, form)
        return to(f"{CASES}/{case}")

    return done


async def _act(frame: Frame, signed: Signed, case: str, form: FormData, act: Act[T]) -> T:
    """Do it in one transaction, on the case as they saw it."""
    desk, seen = desk_of(frame, signed), field(form, "seen")

    def work(connection: Connection) -> T:
        paper = case_in_hand(connection, frame.editions, desk, case, seen)
        if paper is None:
            raise NotThereError
        return act(connection, desk, paper)

    return await frame.database.turn_async(work)


async def refused(  # noqa: PLR0913, PLR0917  what was tried, and why it was not done
    frame: Frame, signed: Signed, case: str, error: NotDoneError, name: str, form: FormData
) -> Response:
    """The case as it is now, with why nothing was done, and with what they typed still in its form."""
    status = _CONFLICT if error.why == "changed" else _REFUSED
    typed = {name: field(form, name) for name in form}
    return await shown(frame, signed, case, status, wrong=words.NOT_DONE[error.why], tried=name, typed=typed)


def _hand_over(form: FormData) -> Act[None]:
    to_whom = field(form, "to")
    return lambda connection, desk, paper: review.hand_over(connection, desk, paper, to_whom)


def _note(form: FormData) -> Act[None]:
    typed = field(form, "words")
    return lambda connection, desk, paper: review.note(connection, desk, paper, typed)


def _opinion(form: FormData) -> Act[None]:
    subject, verdict, reason = (field(form, name) for name in ("subject", "verdict", "reason"))
    amount = _wan(field(form, "amount"))
    return lambda connection, desk, paper: review.give_opinion(
        connection, desk, paper, subject, verdict, amount, reason
    )


def _wan(typed: str) -> int | None:
    """An amount in 万元, as the form's label says. Raises NotDoneError for what is none: it must not get lost."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split())
    told = _IN_WAN.fullmatch(plain)
    if plain and told is None:
        raise NotDoneError("amount")
    return None if told is None else int(Decimal(told["number"].replace(",", "")) * _WAN)


def _opinion_back(form: FormData) -> Act[None]:
    subject = field(form, "subject")
    return lambda connection, desk, paper: review.take_opinion_back(connection, desk, paper, subject)


def _ask(form: FormData) -> Act[None]:
    slot, typed = field(form, "slot") or None, field(form, "words")
    return lambda connection, desk, paper: review.ask_owner(connection, desk, paper, slot, typed)


def _ask_no_more(form: FormData) -> Act[None]:
    which = field(form, "question")
    number = int(which) if which.isdecimal() and len(which) < _LONGEST_NUMBER else 0
    return lambda connection, desk, paper: review.withdraw_question(connection, desk, paper, number)


def _finish(form: FormData) -> Act[None]:
    typed = field(form, "words")
    return lambda connection, desk, paper: review.finish(connection, desk, paper, typed)


def corrections(frame: Frame) -> None:
    @frame.post(f"{CASES}/{{case}}/correct", Permission.ASSESSMENT_CORRECT)
    async def corrected(request: Request, case: str, signed: SignedIn) -> Response:
        """Read back first: only a second press, on the same reading, stores it."""
        form = await request.form()
        slot, typed, reason = (field(form, name) for name in ("slot", "value", "reason"))

        def work(connection: Connection, desk: Desk, paper: Paper) -> Correction | None:
            read = read_correction(paper, desk, slot, typed)
            if field(form, "reading") != read.after:
                return read
            correct(connection, desk, paper, read, reason)
            return None

        try:
            waiting = await _act(frame, signed, case, form, work)
        except NotDoneError as error:
            return await refused(frame, signed, case, error, "correct", form)
        if waiting is not None:
            return await shown(frame, signed, case, reading=waiting, typed={"reason": reason})
        return to(f"{CASES}/{case}")
