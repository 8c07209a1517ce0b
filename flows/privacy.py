"""What the owner may see and delete of what is stored. The notice before the first question is in consent.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from flows.commands import Command
from flows.contact import fact_at, title_at
from flows.controls import step_aside
from flows.editions import Editions
from flows.lastyear import RULE
from flows.messages import SHANGHAI, Choice, Incoming, Json, Reply
from flows.slots import Entry, Sheet
from flows.turn import Turn
from flows.wording import in_words, of_year
from models.answer import Answer, answers_of
from models.assessment import Assessment, assessment_by_id, assessments_of, open_at
from models.case import opinions_on, questions_on, remarks_on
from models.determination import Finding, latest_findings
from models.erasure import forget_person
from models.firm import Firm, firms_of
from models.handover import Handover, handovers_of, used_by
from models.passage import passages_of
from models.person import accounts_of, consents_of
from models.report import reports_of
from models.share import kept_shares
from policy.quantities import show_yuan
from policy.schemes import Edition


def my_data(turn: Turn) -> Reply:
    """Everything that is stored about the person and their firms, in words; what is under way stays under way."""
    step_aside(turn)
    waiting = _waiting_told(turn.published.edition, turn.sheet, turn.focus)
    return data_of(turn.connection, turn.editions, turn.account.person_id, waiting)


def data_at_the_door(connection: Connection, editions: Editions, incoming: Incoming) -> Reply:
    """The same for who is known but did not agree to the notice of today."""
    found = open_at(connection, incoming.channel, incoming.sender)
    if found is None:
        raise LookupError("nobody is known at this address")
    waiting = None
    if found.assessment is not None:
        edition = editions.by_id(connection, found.assessment.edition_id).edition
        waiting = _waiting_told(edition, Sheet.from_json(found.assessment.facts), found.focus or {})
    return data_of(connection, editions, found.account.person_id, waiting)


def data_of(
    connection: Connection, editions: Editions, person_id: int, waiting: Mapping[str, Json] | None = None
) -> Reply:
    """All of a person's data; `waiting` is a reading that they have still to confirm."""
    firms = firms_of(connection, person_id)
    data = {
        "accounts": [
            {"channel": each.channel, "address": each.address, "since": _local(each.created_at)}
            for each in accounts_of(connection, person_id)
        ],
        "consents": [
            {"version": each.notice_version, "channel": each.channel, "at": _local(each.given_at)}
            for each in consents_of(connection, person_id)
        ],
        "passages": [
            {"kind": each.kind, "made": _local(each.made_at), "until": _local(each.expires_at)}
            for each in passages_of(connection, person_id)
        ],
        "firms": [_firm_told(connection, editions, firm) for firm in firms],
        "handed": [
            _handed_told(connection, editions, each, person_id) for each in used_by(connection, person_id)
        ],
        "waiting": waiting,
    }
    choices = (Choice(Command.DELETE, "删除我的数据"), Choice(Command.RESUME, "继续"))
    return Reply("notice", "mydata", choices=choices, data=data)


def _waiting_told(edition: Edition, sheet: Sheet, focus: Mapping[str, Any]) -> dict[str, Json] | None:
    waiting = focus.get("confirm")
    if waiting is None:
        return None
    slot, entry = waiting["slot"], Entry(**waiting["entry"])
    return {
        "title": title_at(edition, sheet, slot),
        "value": in_words(fact_at(edition, slot), entry),
        "typed": waiting["typed"],
    }


def _firm_told(connection: Connection, editions: Editions, firm: Firm) -> dict[str, Json]:
    years = assessments_of(connection, firm.id)
    return {
        "name": firm.name,
        "city": firm.city,
        "credit_code": firm.credit_code,
        "years": [_year_told(connection, editions, each) for each in years],
    }


def _year_told(connection: Connection, editions: Editions, assessment: Assessment) -> dict[str, Json]:
    edition = editions.by_id(connection, assessment.edition_id).edition
    sheet = Sheet.from_json(assessment.facts)
    return {
        "year": assessment.fiscal_year,
        "answers": [
            {
                **_answer_told(edition, sheet, each),
                "of_year": of_year(edition, each.slot, assessment.fiscal_year),
            }
            for each in answers_of(connection, assessment.id)
        ],
        "results": [_result_told(edition, each) for each in latest_findings(connection, assessment.id)],
        "codes": [_code_told(edition, sheet, each) for each in handovers_of(connection, assessment.id)],
        "advisors": _advisors_told(connection, assessment.id),
        "reports": [
            {"check_code": each.check_code, "at": _local(each.made_at)}
            for each in reports_of(connection, assessment.id)
        ],
        "links": [
            {
                "figures": each.with_figures,
                "until": _local(each.expires_at),
                "revoked": each.revoked_at is not None,
            }
            for each in kept_shares(connection, assessment.id)
        ],
    }


def _advisors_told(connection: Connection, assessment_id: int) -> dict[str, Json]:
    """What advisors asked and advised; of their internal notes, that there are some."""
    remarks = remarks_on(connection, assessment_id)
    return {
        "asked": [
            {"words": each.words, "answer": each.answer, "at": _local(each.asked_at)}
            for each in questions_on(connection, assessment_id)
        ],
        "opinions": [each.reason for each in opinions_on(connection, assessment_id)],
        "advice": [{"words": each.words, "at": _local(each.at)} for each in remarks if each.kind == "advice"],
        "notes": sum(each.kind == "note" for each in remarks),
    }


def _handed_told(
    connection: Connection, editions: Editions, handover: Handover, person_id: int
) -> dict[str, Json]:
    """What a person answered for a colleague: their own words, and nothing else of that firm."""
    assessment = assessment_by_id(connection, handover.assessment_id)
    edition = editions.by_id(connection, assessment.edition_id).edition
    sheet = Sheet.from_json(assessment.facts)
    mine = (each for each in answers_of(connection, assessment.id) if each.by_person == person_id)
    return {
        "at": _local(handover.used_at or handover.made_at),
        "answers": [_answer_told(edition, sheet, each) for each in mine],
    }


def _code_told(edition: Edition, sheet: Sheet, handover: Handover) -> dict[str, Json]:
    return {
        "titles": [title_at(edition, sheet, slot) for slot in handover.slots],
        "until": _local(handover.expires_at),
        "used": handover.used_at is not None,
        "finished": handover.finished_at is not None,
    }


def _result_told(edition: Edition, finding: Finding) -> dict[str, Json]:
    titles = {scheme.key: scheme.title for scheme in edition.schemes}
    return {
        "title": titles.get(finding.subject, "创新阶梯"),
        "verdict": finding.verdict,
        "amount": show_yuan(finding.amount_yuan) if finding.amount_yuan else None,
    }


def _answer_told(edition: Edition, sheet: Sheet, answer: Answer) -> dict[str, Json]:
    return {
        "title": title_at(edition, sheet, answer.slot),
        "typed": answer.as_typed,
        "withdrawn": answer.kind == "withdrawn",
        "value": in_words(fact_at(edition, answer.slot), Entry(answer.kind, answer.as_read)),
        "as_before": answer.rule == RULE,
        "by_colleague": answer.by_role == "colleague",
        "at": _local(answer.at),
    }


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def delete_everything(turn: Turn) -> Reply:
    """Erase the person, and every firm only they speak for. The reply itself is forgotten once it is sent."""
    forget_person(turn.connection, turn.account.person_id)
    return Reply("notice", "deleted")
