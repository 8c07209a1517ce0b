"""The notice and consent before the first question, and what the owner may see and delete of what is stored."""

import hashlib
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from flows.answers import Ask, read
from flows.commands import Command, command_of, plain
from flows.contact import fact_at, title_at
from flows.messages import SHANGHAI, Choice, Incoming, Json, Operator, Reply
from flows.render import render
from flows.slots import Entry, Sheet, in_words
from flows.turn import Turn
from models.answer import Answer, answers_of
from models.assessment import Assessment, latest_of
from models.erasure import forget_person
from models.firm import Firm, firms_of
from models.person import Account, Consent, add_person, current_consent, record_consent
from policy.schemes import Edition

NOTICE_VERSION = "2026-11-23"
# Only these: "好" or "开始" may come from somebody who has not seen the notice yet.
_AGREE = {"同意", "我同意", "同意并开始", "同意,开始", "同意开始", "我改主意了,同意"}
_REFUSE = {"不同意", "我不同意", "拒绝", "算了", "不用了"}
_DELETE_NOW = {"确认删除", f"sure:{Command.DELETE}"}
_CERTAINLY = {"1", "对", "没错", "确认", "确认删除", "确认重来", "要", "修改", "要改", "要修改"}
_NOT_SO = {
    "2",
    "改",
    "错了",
    "错",
    "不删",
    "取消",
    "别",
    "不要",
    "不用",
    "不用了",
    "算了",
    "不,回到原来的地方",
}


def notice(operator: Operator, topic: str = "welcome") -> Reply:
    """What is stored, for whom, by whom it is run, how to delete it; then the two buttons."""
    choices = (Choice("agree", "同意，开始"), Choice("refuse", "不同意"))
    return Reply(
        "notice", topic, choices=choices, data={"version": NOTICE_VERSION, "operator": asdict(operator)}
    )


def notice_sha256(operator: Operator) -> str:
    """The fingerprint of the very words that were agreed to."""
    return hashlib.sha256(render(notice(operator)).encode()).hexdigest()


def is_current(consent: Consent | None, operator: Operator) -> bool:
    """Whether what was agreed to is what the notice says today; a changed notice is put to the person again."""
    return consent is not None and consent.text_sha256 == notice_sha256(operator)


def at_the_door(
    connection: Connection, operator: Operator, incoming: Incoming, account: Account | None
) -> Account | Reply:
    """Before consent nothing is stored of a person. Returns the account once they agreed, else what to say."""
    said = plain(incoming.said)
    if said == "refuse" or said in _REFUSE:
        data = {"stored": account is not None}
        return Reply("notice", "refused", choices=(Choice("agree", "我改主意了，同意"),), data=data)
    if Command.DELETE in {said, command_of(said)} or said in _DELETE_NOW:
        return _forget_at_the_door(connection, account, sure=said in _DELETE_NOW)
    if not (said == "agree" or said in _AGREE):
        return notice(operator, "welcome" if account is None else "changed")
    account = account or add_person(connection, incoming.channel, incoming.sender, incoming.at)
    consent = Consent(
        account.person_id, NOTICE_VERSION, notice_sha256(operator), incoming.channel, incoming.at
    )
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


def agrees(said: str) -> bool | None:
    """Whether an answer to "are you sure?" or "is that right?" says yes or no; None where it is something else."""
    said = plain(said)
    if said in {Command.YES, *_CERTAINLY}:
        return True
    if said in {Command.NO, *_NOT_SO}:
        return False
    reading = read(said, Ask("yesno"))
    return reading.value is True if reading.kind == "yesno" and not reading.confirm else None


def my_data(turn: Turn) -> Reply:
    """Everything that is stored about the person and their firms, in words."""
    account = turn.account
    consent = current_consent(turn.connection, account.person_id)
    data = {
        "channel": account.channel,
        "address": account.address,
        "since": _local(account.created_at),
        "consent": None
        if consent is None
        else {"version": consent.notice_version, "at": _local(consent.given_at)},
        "firms": [_firm_told(turn, firm) for firm in firms_of(turn.connection, account.person_id)],
    }
    choices = (Choice(Command.DELETE, "删除我的数据"), Choice(Command.RESUME, "继续"))
    return Reply("notice", "mydata", choices=choices, data=data)


def _firm_told(turn: Turn, firm: Firm) -> dict[str, Json]:
    latest = latest_of(turn.connection, firm.id)
    return {
        "name": firm.name,
        "city": firm.city,
        "credit_code": firm.credit_code,
        "year": None if latest is None else latest.fiscal_year,
        "answers": [] if latest is None else _answers_told(turn, latest),
    }


def _answers_told(turn: Turn, assessment: Assessment) -> list[dict[str, Json]]:
    edition = turn.editions.by_id(turn.connection, assessment.edition_id).edition
    sheet = Sheet.from_json(assessment.facts)
    found = answers_of(turn.connection, assessment.id)
    return [_answer_told(edition, sheet, answer) for answer in found if answer.kind != "withdrawn"]


def _answer_told(edition: Edition, sheet: Sheet, answer: Answer) -> dict[str, Json]:
    return {
        "title": title_at(edition, sheet, answer.slot),
        "typed": answer.as_typed,
        "value": in_words(fact_at(edition, answer.slot), Entry(answer.kind, answer.as_read)),
        "at": _local(answer.at),
    }


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def delete_everything(turn: Turn) -> Reply:
    """Erase the person, and every firm only they speak for. The reply itself is forgotten once it is sent."""
    forget_person(turn.connection, turn.account.person_id)
    return Reply("notice", "deleted")
