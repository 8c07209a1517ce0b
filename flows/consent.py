"""The notice and consent before the first question: who did not agree is not known here."""

import hashlib
from dataclasses import asdict
from functools import lru_cache

from sqlalchemy import Connection

from flows.commands import Command, command_of, plain
from flows.editions import Editions
from flows.messages import Choice, Incoming, Operator, Reply
from flows.privacy import data_of
from flows.render import render
from models.erasure import forget_person
from models.person import Account, Consent, add_person, record_consent

NOTICE_VERSION = "2026-11-23"
# Only these: "好" or "开始" may come from somebody who has not seen the notice yet.
_AGREE = {"同意", "我同意", "同意并开始", "同意,开始", "同意开始", "我改主意了,同意"}
_REFUSE = {"不同意", "我不同意", "拒绝", "算了", "不用了"}
_DELETE_NOW = {"确认删除", f"sure:{Command.DELETE}"}


def notice(operator: Operator, topic: str = "welcome") -> Reply:
    """What is stored, for whom, by whom it is run, how to delete it; then the two buttons."""
    choices = (Choice("agree", "同意，开始"), Choice("refuse", "不同意"))
    return Reply(
        "notice", topic, choices=choices, data={"version": NOTICE_VERSION, "operator": asdict(operator)}
    )


def _topic_for(account: Account | None) -> str:
    """Which notice is shown: the first one, or to who is known the one that says it has changed."""
    return "welcome" if account is None else "changed"


@lru_cache(maxsize=16)
def notice_sha256(operator: Operator, topic: str) -> str:
    """The fingerprint of the very words of that notice. Kept, because every turn asks for it."""
    return hashlib.sha256(render(notice(operator, topic)).encode()).hexdigest()


def is_current(consent: Consent | None, operator: Operator) -> bool:
    """Whether what was agreed to is what the notice says today; a changed notice is put to the person again."""
    today = {notice_sha256(operator, topic) for topic in ("welcome", "changed")}
    return consent is not None and consent.text_sha256 in today


def at_the_door(
    connection: Connection,
    editions: Editions,
    operator: Operator,
    incoming: Incoming,
    account: Account | None,
) -> Account | Reply:
    """Before consent nothing is stored of a person. Returns the account once they agreed, else what to say.

    Who is known sees and deletes what is stored without agreeing to anything new.
    """
    said = plain(incoming.said)
    if said == "refuse" or said in _REFUSE:
        data = {"stored": account is not None}
        return Reply("notice", "refused", choices=(Choice("agree", "我改主意了，同意"),), data=data)
    if Command.DELETE in {said, command_of(said)} or said in _DELETE_NOW:
        return _forget_at_the_door(connection, account, sure=said in _DELETE_NOW)
    if account is not None and Command.MYDATA in {said, command_of(said)}:
        return data_of(connection, editions, account.person_id)
    topic = _topic_for(account)
    if not (said == "agree" or said in _AGREE):
        return notice(operator, topic)
    account = account or add_person(connection, incoming.channel, incoming.sender, incoming.at)
    shown = notice_sha256(operator, topic)
    consent = Consent(account.person_id, NOTICE_VERSION, shown, incoming.channel, incoming.at)
    record_consent(connection, consent)
    return account


def _forget_at_the_door(connection: Connection, account: Account | None, *, sure: bool) -> Reply:
    """Who did not agree to the notice of today can still have everything deleted."""
    if account is None:
        return Reply("notice", "nothing", choices=(Choice("agree", "同意，开始"),))
    if sure:
        forget_person(connection, account.person_id)
        return Reply("notice", "deleted")
    choices = (Choice(f"sure:{Command.DELETE}", "确认删除"), Choice("start", "不，回到原来的地方"))
    return Reply("confirm", "sure-delete", choices=choices)
