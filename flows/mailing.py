"""Mail beside the page (邮箱): an address named in the talk, confirmed by a code that is mailed there, forgotten at a word.

Only the page offers it, where somebody sends mail at all and something is subscribed to; nothing but the code goes to an
address before it is confirmed.
"""

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from flows.commands import Command
from flows.messages import Choice, Json, Reply
from flows.turn import Turn
from models.failures import count_attempt
from models.mailbox import (
    CHANNEL,
    Mailbox,
    confirm_mail,
    forget_mail,
    mail_account,
    mailbox_of,
    note_wrong,
    want_mail,
)
from models.outbox import NewMessage, put
from models.person import Account, accounts_of, find_account

PAGE = "web"
MAIL, MAIL_OFF = "mail", "mail-off"
GOOD_FOR, A_DAY = timedelta(minutes=30), timedelta(days=1)
MOST_CODES, MOST_WRONG = 5, 5
_LONGEST = 254
_NAME = r"[A-Z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_HOST = r"(?:[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z]{2,63}"
_ADDRESS = re.compile(rf"(?:我的)?(?:邮箱|邮件)?(?:地址)?(?:是|为)?[:\s]*({_NAME}@{_HOST})", re.IGNORECASE)
_CODE = re.compile(r"(?:邮箱码?|邮箱验证码|验证码)?[:\s]*(\d{6})")
_OFF = {"删除邮箱", "删掉邮箱", "不要发邮件", "别发邮件", "不发邮件了", "不再发邮件", "取消邮箱"}
_MARKS = " .。!！,，"
_HIDDEN = "（邮箱地址）"


def address_in(text: str | None) -> str | None:
    """The address that a message is; None for anything else."""
    found = None if text is None else _ADDRESS.fullmatch(_folded(text))
    if found is None or len(found[1]) > _LONGEST or len(found[1].rpartition("@")[0]) > 64:  # noqa: PLR2004  as the standard has it
        return None
    name, _, host = found[1].rpartition("@")
    return f"{name}@{host.lower()}"


def without_address(text: str | None) -> str | None:
    """What may be kept of a message: one that is an address is not."""
    return text if address_in(text) is None else _HIDDEN


def mail_told(turn: Turn) -> dict[str, Json] | None:
    """What the list of subscriptions says of mail; None where there is none to be had."""
    if not (turn.operator.mails and turn.account.channel == PAGE):
        return None
    account = mail_account(turn.connection, turn.account.person_id)
    return {"address": None if account is None else veiled(account.address)}


def mail_choices(told: dict[str, Json] | None) -> tuple[Choice, ...]:
    """The buttons that go with it."""
    if told is None:
        return ()
    if told["address"] is None:
        return (Choice(MAIL, "也发到邮箱"),)
    return (Choice(MAIL, "换个邮箱"), Choice(MAIL_OFF, "不再发邮件，删除邮箱"))


def hear_mail(turn: Turn, said: str) -> Reply | None:
    """An address, its code, or a word about mail; None for anything else."""
    if not (turn.operator.mails and turn.account.channel == PAGE):
        return None
    if turn.incoming.choice is not None:
        return _tapped(turn, said)
    if _folded(said) in _OFF:
        return _forgotten(turn)
    address = address_in(said)
    if address is not None:
        return _wanted(turn, address)
    code = _CODE.fullmatch(_folded(said))
    return None if code is None else _confirmed(turn, code[1], is_told=not _folded(said).isdecimal())


def _tapped(turn: Turn, said: str) -> Reply | None:
    if said == MAIL_OFF:
        return _forgotten(turn)
    return _told("ask") if said == MAIL else None


def _wanted(turn: Turn, address: str) -> Reply:
    """Mail a code there, unless that was asked for too often."""
    person, at = turn.account.person_id, turn.incoming.at
    before = mailbox_of(turn.connection, person)
    asked = before.asked if before is not None and at - before.asked_at < A_DAY else 0
    if asked >= MOST_CODES or _is_written_to_enough(turn, address):
        return _told("often")
    code = f"{secrets.randbelow(10**6):06}"
    want_mail(turn.connection, person, address, _fingerprint(address, code), at, asked=asked + 1)
    letter = Reply("notice", "mail-code", data={"code": code, "site": turn.operator.site})
    key = f"code-{turn.account.id}-{turn.incoming.key}"
    message = NewMessage(
        *(CHANNEL, address, key, letter.kind, letter.to_json()), account_id=turn.account.id, forget=True
    )
    put(turn.connection, message, at)
    return _told("sent", address=veiled(address))


def _is_written_to_enough(turn: Turn, address: str) -> bool:
    """Count a code for this address, whoever names it: by its digest, which outlives a word or a deletion by a day."""
    name, _, host = address.casefold().partition("@")
    subject = hashlib.sha256(f"mail:{name.partition('+')[0]}@{host}".encode()).hexdigest()
    at = turn.incoming.at
    return count_attempt(turn.connection, subject, at, at - A_DAY, _until_more) > timedelta(0)


def _until_more(codes: int) -> timedelta:
    return A_DAY if codes >= MOST_CODES else timedelta(0)


def _confirmed(turn: Turn, code: str, *, is_told: bool) -> Reply | None:
    """The code that was mailed. Bare digits that are not it may well be an answer, and count as a guess all the same."""
    mailbox = mailbox_of(turn.connection, turn.account.person_id)
    if mailbox is None or mailbox.wanted is None:
        return _told("over") if is_told else None
    fits = secrets.compare_digest(_fingerprint(mailbox.wanted, code), str(mailbox.code_sha256))
    if not _is_open(mailbox, turn.incoming.at):
        return _told("over") if is_told or fits else None
    if not fits:
        note_wrong(turn.connection, mailbox)
        return _told("wrong") if is_told else None
    before = find_account(turn.connection, CHANNEL, mailbox.wanted)
    account = confirm_mail(turn.connection, mailbox, turn.incoming.at)
    if before is not None and before.person_id != account.person_id:
        _tell_before(turn, before.person_id, account)
    return _told("done", address=veiled(account.address))


def _tell_before(turn: Turn, person_id: int, taken: Account) -> None:
    """Say to who had the address, wherever they talk, that their mail ends; not who has it now."""
    told = _told("moved", address=veiled(taken.address))
    for each in accounts_of(turn.connection, person_id):
        if each.channel != CHANNEL and each.state == "active":
            message = NewMessage(
                *(each.channel, each.address, f"mail-moved-{taken.id}", told.kind, told.to_json()),
                account_id=each.id,
            )
            put(turn.connection, message, turn.incoming.at)


def _is_open(mailbox: Mailbox, at: datetime) -> bool:
    return at - mailbox.asked_at <= GOOD_FOR and mailbox.wrong < MOST_WRONG


def _forgotten(turn: Turn) -> Reply:
    forget_mail(turn.connection, turn.account.person_id)
    return _told("off")


def _told(step: str, **data: Json) -> Reply:
    choices = (Choice(Command.SUBSCRIBE, "看订阅"), Choice(Command.RESUME, "继续"))
    return Reply("notice", "mail", choices=choices, data={"step": step, **data})


def veiled(address: str) -> str:
    """An address as its owner knows it and nobody else learns it: `z***@example.com`."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"


def _fingerprint(address: str, code: str) -> str:
    return hashlib.sha256(f"mail:{address}:{code}".encode()).hexdigest()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip(_MARKS)
