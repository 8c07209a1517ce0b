"""Looking at a talk without saying anything: what it waits for, and the result as it stands. Nothing is written."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from flows.colleague import HAND
from flows.consent import is_current, notice
from flows.controls import awaited
from flows.editions import Editions
from flows.handed import Handed
from flows.messages import Incoming, Operator, Reply
from flows.progress import result
from flows.slots import ABOUT
from flows.turn import Turn
from models.assessment import Situation, assessment_by_id, open_at
from models.handover import handover_by_id


def glance(
    connection: Connection, editions: Editions, operator: Operator, incoming: Incoming
) -> Reply | None:
    """What the talk of `incoming.sender` waits for at `incoming.at`: the notice, a yes, a question; None for nothing.

    What `incoming` says is not heard.
    """
    situation = open_at(connection, incoming.channel, incoming.sender)
    if situation is None or not is_current(situation.consent, operator):
        return notice(operator, "welcome" if situation is None else "changed")
    turn = _turn(connection, editions, operator, incoming, situation)
    return None if turn is None else awaited(turn)


def result_now(
    connection: Connection, editions: Editions, operator: Operator, incoming: Incoming
) -> Reply | None:
    """The result as far as it is known; None for who has none to see, be it that they answer for somebody else."""
    situation = open_at(connection, incoming.channel, incoming.sender)
    if situation is None or not is_current(situation.consent, operator) or HAND in (situation.focus or {}):
        return None
    turn = _turn(connection, editions, operator, incoming, situation)
    if turn is None or all(slot.startswith(ABOUT) for slot in turn.sheet.entries):
        return None
    return result(turn)


def _turn(
    connection: Connection, editions: Editions, operator: Operator, incoming: Incoming, situation: Situation
) -> Turn | None:
    """The turn as it would begin, which is never closed; None where it would have to begin something."""
    focus: Mapping[str, Any] = situation.focus or {}
    held = focus.get(HAND)
    if held is None:
        return (
            None
            if situation.assessment is None
            else Turn(connection, editions, incoming, situation, operator)
        )
    handover = handover_by_id(connection, held["id"])
    if handover is None or handover.finished_at is not None or handover.expires_at <= incoming.at:
        return None
    inner = {name: value for name, value in focus.items() if name != HAND}
    assessment = assessment_by_id(connection, handover.assessment_id)
    there = replace(situation, assessment=assessment, focus=inner, earlier=None)
    turn = Turn(connection, editions, incoming, there, operator)
    turn.handed = Handed(handover.id or 0, handover.slots, held["left"], held["done"], held["back"])
    return turn
