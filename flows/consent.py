"""The notice and consent before the first question: who did not agree is not known here."""

import hashlib
from dataclasses import asdict, replace
from functools import lru_cache

from sqlalchemy import Connection

from flows.arriving import admit, opened_by
from flows.codes import carried, carry, code_in, fingerprint
from flows.commands import Command, command_of, plain
from flows.editions import Editions
from flows.messages import Choice, Incoming, Json, Operator, Reply
from flows.privacy import data_at_the_door
from flows.redeeming import judge
from flows.render import render
from flows.strangers import forget_shown, note_shown, was_shown
from flows.vouching import add_vouched
from flows.words import AGREE, DELETE_FOR_SURE, REFUSE
from models.assessment import Situation
from models.erasure import forget_person
from models.person import Account, Consent, add_person, record_consent

NOTICE_VERSION = "2026-11-23"
_DELETE_NOW = {*DELETE_FOR_SURE, f"sure:{Command.DELETE}"}
_AGREE_OR_NOT = (Choice("agree", "同意，开始"), Choice("refuse", "不同意"))


def notice(operator: Operator, topic: str = "welcome") -> Reply:
    """What is stored, for whom, by whom it is run, how to delete it; then the two buttons, which tell what they hung on."""
    return Reply(
        "notice",
        topic,
        choices=_AGREE_OR_NOT,
        data=_named(operator),
        revision=_stamp(notice_sha256(operator, topic)),
    )


def _named(operator: Operator) -> dict[str, Json]:
    return {"version": NOTICE_VERSION, "operator": asdict(operator)}


def _stamp(sha256: str) -> int:
    return int(sha256[:8], 16)


def _topic_for(situation: Situation | None) -> str:
    """Which notice is shown: the first one, or to who agreed here before the one that says it has changed."""
    return "welcome" if situation is None or situation.consent is None else "changed"


@lru_cache(maxsize=16)
def notice_sha256(operator: Operator, topic: str) -> str:
    """The fingerprint of the very words of that notice. Kept, because every turn asks for it."""
    return hashlib.sha256(render(Reply("notice", topic, data=_named(operator))).encode()).hexdigest()


def is_current(consent: Consent | None, operator: Operator) -> bool:
    """Whether what was agreed to is what the notice says today; a changed notice is put to the person again."""
    today = {notice_sha256(operator, topic) for topic in ("welcome", "changed")}
    return consent is not None and consent.text_sha256 in today


def at_the_door(
    connection: Connection,
    editions: Editions,
    operator: Operator,
    incoming: Incoming,
    situation: Situation | None,
) -> Account | Reply:
    """Before consent nothing is stored of a person. Returns the account once they agreed, else what to say.

    Who is known sees and deletes what is stored without agreeing to anything new.
    """
    account = None if situation is None else situation.account
    said = plain(incoming.said)
    if said == "refuse" or said in REFUSE:
        data = {"stored": account is not None}
        return Reply("notice", "refused", choices=(Choice("agree", "我改主意了，同意"),), data=data)
    if Command.DELETE in {said, command_of(said)} or said in _DELETE_NOW:
        return _forget_at_the_door(connection, account, sure=said in _DELETE_NOW)
    if account is not None and Command.MYDATA in {said, command_of(said)}:
        return data_at_the_door(connection, editions, incoming)
    code = code_in(incoming.text) if incoming.choice is None else None
    if code is not None:
        return _with_code(connection, operator, incoming, situation, code)
    topic = _topic_for(situation)
    sha256 = notice_sha256(operator, topic)
    on_the_notice = incoming.revision == _stamp(sha256)
    seen = on_the_notice or was_shown(connection, incoming, sha256)
    if not seen or not (said == "agree" or said in AGREE):
        return _not_yet(connection, operator, incoming, topic, seen=seen)
    forget_shown(connection, incoming)
    account = account or admit(connection, incoming)
    account = account or add_person(connection, incoming.channel, incoming.sender, incoming.at)
    add_vouched(connection, incoming, account)
    consent = Consent(account.person_id, NOTICE_VERSION, sha256, incoming.channel, incoming.at)
    record_consent(connection, consent)
    return account


def _with_code(
    connection: Connection, operator: Operator, incoming: Incoming, situation: Situation | None, code: str
) -> Reply:
    """Somebody brings their own talk here, or shall answer for a colleague: the notice comes first, and the code is kept
    in mind until they agree."""
    person = None if situation is None else situation.account.person_id
    own = opened_by(connection, incoming, fingerprint(code), person)
    found = judge(connection, incoming, fingerprint(code), person) if own is None else own
    if isinstance(found, Reply):
        return found
    carry(connection, incoming, code)
    topic = _topic_for(situation)
    note_shown(connection, incoming, notice_sha256(operator, topic))
    whole = notice(operator, topic)
    return replace(whole, data={**whole.data, "handed" if own is None else "brought": True})


def code_sent(connection: Connection, incoming: Incoming, *, agreed: bool) -> str | None:
    """The fingerprint of the code that a message is, or that was sent before agreeing to the notice just now."""
    code = code_in(incoming.text) if incoming.choice is None else None
    return fingerprint(code) if code else carried(connection, incoming) if agreed else None


def _not_yet(
    connection: Connection, operator: Operator, incoming: Incoming, topic: str, *, seen: bool
) -> Reply:
    """The notice, whole for who has not seen it or asks to begin; else only that it comes first."""
    said = plain(incoming.said)
    asked = {said, command_of(said)}
    whole = notice(operator, topic)
    if Command.HELP in asked:
        revision = whole.revision if seen else None
        return Reply(
            "notice", "help", choices=_AGREE_OR_NOT, data={"then": None, "outside": True}, revision=revision
        )
    if seen and Command.START not in asked:
        return Reply("notice", "not-agreed", choices=_AGREE_OR_NOT, revision=whole.revision)
    note_shown(connection, incoming, notice_sha256(operator, topic))
    return whole


def _forget_at_the_door(connection: Connection, account: Account | None, *, sure: bool) -> Reply:
    """Who did not agree to the notice of today can still have everything deleted."""
    if account is None:
        return Reply("notice", "nothing", choices=(Choice("agree", "同意，开始"),))
    if sure:
        forget_person(connection, account.person_id)
        return Reply("notice", "deleted")
    choices = (Choice(f"sure:{Command.DELETE}", "确认删除"), Choice("start", "不，回到原来的地方"))
    return Reply("confirm", "sure-delete", choices=choices)
