"""What a code that somebody sends is good for, be they known or not."""

from sqlalchemy import Connection

from flows.codes import may_try, note_wrong
from flows.commands import Command
from flows.messages import Choice, Incoming, Reply
from models.handover import Handover, handover_by_code, maker_of


def judge(connection: Connection, incoming: Incoming, sha256: str, person_id: int | None) -> Handover | Reply:
    """What a code is good for; else what to say. A wrong one counts against its sender for an hour."""
    if not may_try(connection, incoming):
        return refused("tries", person_id)
    handover = handover_by_code(connection, sha256)
    if handover is None:
        note_wrong(connection, incoming)
        return refused("wrong", person_id)
    if maker_of(connection, handover).person_id == person_id:
        return refused("own", person_id)
    if handover.finished_at is not None or (
        handover.used_at is not None and (person_id is None or handover.used_by != person_id)
    ):
        return refused("used", person_id)
    return refused("expired", person_id) if handover.expires_at <= incoming.at else handover


def refused(why: str, person_id: int | None) -> Reply:
    choices = () if person_id is None else (Choice(Command.RESUME, "继续"),)
    return Reply("notice", "hand-refused", choices=choices, data={"why": why})
