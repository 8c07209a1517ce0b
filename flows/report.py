"""A report people can hand on (测评报告): made in the talk, frozen with its day, edition and check code. The same answers,
edition and day give the same report; links to it are in sharing.py, printing is in printing.py.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from flows.asking import is_settled, topics
from flows.commands import Command
from flows.controls import tell
from flows.editions import id_in_force
from flows.frozen import Beside, freeze
from flows.messages import Choice, Reply
from flows.printing import can_print
from flows.progress import skipped
from flows.slots import ABOUT
from flows.turn import Turn
from flows.wording import title_of
from models.assessment import assessment_by_id
from models.base import JsonObject
from models.check_code import new_check_code
from models.report import Report, add_report, find_by_check_code, newest_report

TOPIC = "report"


def hand_out(turn: Turn) -> Reply:
    """The report of the result as it stands now, as the reply that carries it to wherever it is drawn."""
    if all(slot.startswith(ABOUT) for slot in turn.sheet.entries):
        return tell(turn, "no-result")
    report, fresh = _made(turn)
    data = {
        "report": report.id,
        "check_code": report.check_code,
        "paper": report.payload,
        "fresh": fresh,
        "printed": can_print(),
    }
    choices = (
        Choice(Command.RESULT, "看结果"),
        Choice(Command.EDIT, "改答案"),
        Choice(Command.RESUME, "继续"),
    )
    return Reply("notice", TOPIC, choices=choices, data=data)


def _made(turn: Turn) -> tuple[Report, bool]:
    """The newest report where it says just this, else a new one; whether it is new."""
    content = freeze(turn.outcome, _beside(turn))
    before = newest_report(turn.connection, turn.assessment.id)
    if before is not None and _says(before, turn, content):
        return before, False
    code = _unused_code(turn.connection)
    report = Report(
        id=0,
        assessment_id=turn.assessment.id,
        edition_id=turn.assessment.edition_id,
        assessment_version=turn.assessment.version,
        as_of=turn.incoming.today,
        check_code=code,
        payload={**content, "check_code": code},
        made_at=turn.incoming.at,
    )
    return _stored(turn.connection, report), True


def _says(before: Report, turn: Turn, content: JsonObject) -> bool:
    same = (before.edition_id, before.as_of) == (turn.assessment.edition_id, turn.incoming.today)
    return same and before.payload == {**content, "check_code": before.check_code}


def _stored(connection: Connection, report: Report) -> Report:
    add_report(connection, report)
    found = newest_report(connection, report.assessment_id)
    if found is None or found.check_code != report.check_code:
        raise LookupError("a report that was just stored is not there")
    return found


def _unused_code(connection: Connection) -> str:
    while find_by_check_code(connection, code := new_check_code()) is not None:
        pass
    return code


def _beside(turn: Turn) -> Beside:
    edition = turn.published.edition
    name = turn.sheet.value(f"{ABOUT}name")
    return Beside(
        firm=name if isinstance(name, str) else "",
        year=turn.year,
        operator=turn.operator,
        topics=topics(turn),
        provisional=not is_settled(turn),
        unanswered=[title_of(edition, turn.sheet, slot) for slot in skipped(turn)],
        answers=answers_sha256(turn.sheet.to_json()),
    )


def answers_sha256(facts: Mapping[str, object]) -> str:
    """A fingerprint of an assessment's answers, in whatever order they came."""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def outdated_by(connection: Connection, report: Report, day: date) -> Literal["answers", "edition"] | None:
    """What changed after the report was made: the answers, else the edition in force on that day; None where neither did."""
    now = assessment_by_id(connection, report.assessment_id)
    if report.payload["answers"] != answers_sha256(now.facts):
        return "answers"
    return None if id_in_force(connection, day) in {None, report.edition_id} else "edition"
