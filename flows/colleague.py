"""Somebody sends a code and answers for the owner: only the questions handed on, and nothing else of the firm is shown.

The owner's side is in handing.py, what is open and how it gets back in handed.py.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from flows.asking import asked_now, pending
from flows.codes import put_down
from flows.commands import Command, command_of, edit_target, is_slashed, plain
from flows.contact import title_at
from flows.controls import be_sure, cannot_read, explain, overtaken, start_edit, tell
from flows.editions import Editions
from flows.handback import way_on
from flows.handed import Handed, is_aside
from flows.hearing import LONGEST, settle_focus
from flows.messages import Choice, Incoming, Operator, Reply
from flows.noting import again, note
from flows.privacy import data_of
from flows.progress import next_reply
from flows.redeeming import judge, refused
from flows.slots import EXACTLY, is_about
from flows.tracking import keep_listed
from flows.turn import Turn
from flows.words import DELETE_FOR_SURE, POLITE
from models.answer import answers_of
from models.assessment import Situation, assessment_by_id
from models.erasure import forget_person
from models.handover import Handover, handover_by_id, use_handover
from models.talk import set_focus

HAND, THANKED = "hand", "thanked"
_LEAVES = {Command.PAUSE, Command.STOP, Command.FIRMS}


def as_colleague(  # noqa: PLR0913, PLR0917  what makes a turn
    connection: Connection,
    editions: Editions,
    operator: Operator,
    incoming: Incoming,
    situation: Situation,
    sha256: str | None,
    *,
    agreed: bool = False,
) -> Reply | None:
    """The whole turn of somebody who sends a code or answers for another; None for a turn like any other.

    `sha256`: of the code. `agreed`: they agreed to the notice just now, and sent it before that.
    """
    focus = situation.focus or {}
    if sha256 is None and HAND not in focus:
        return _afterwards(connection, editions, incoming, situation) if THANKED in focus else None
    if not agreed:
        put_down(connection, incoming)
    if sha256 is None:
        found: Handover | Reply = _still_good(connection, incoming, situation)
    else:
        found = judge(connection, incoming, sha256, situation.account.person_id)
    if isinstance(found, Reply):
        return found
    handed = _taken_up(connection, incoming, situation, found, anew=sha256 is not None)
    if handed is None:
        return refused("used", situation.account.person_id)
    inner = {name: held for name, held in focus.items() if name not in {HAND, THANKED}}
    there = replace(
        situation,
        assessment=assessment_by_id(connection, found.assessment_id),
        focus=inner if HAND in focus and sha256 is None else None,
        earlier=None,
    )
    turn = Turn(connection, editions, incoming, there, operator)
    turn.handed = handed
    if sha256 is not None:
        handed.left = [slot for slot in handed.slots if is_aside(turn.sheet, slot)]
        handed.done = [slot for slot in _answered_before(turn) if slot not in handed.left]
        return _closed(turn, handed, next_reply(turn, handed=len(handed.left)))
    return _closed(turn, handed, _heard(turn, handed))


def _still_good(connection: Connection, incoming: Incoming, situation: Situation) -> Handover | Reply:
    """What they are answering, unless it was taken back or its days are over; then their talk is their own again."""
    held: Mapping[str, Any] = (situation.focus or {})[HAND]
    handover = handover_by_id(connection, held["id"])
    if handover is not None and handover.finished_at is None and handover.expires_at > incoming.at:
        return handover
    _release(connection, incoming, situation.account.id, held["back"])
    why = "gone" if handover is None or handover.finished_at is not None else "expired"
    return Reply("notice", "hand-refused", choices=way_on(held["back"]), data={"why": why})


def _taken_up(
    connection: Connection, incoming: Incoming, situation: Situation, handover: Handover, *, anew: bool
) -> Handed | None:
    """The hand-over as this talk holds it; by a code it becomes theirs, None where somebody else was quicker."""
    number = handover.id or 0
    if not anew:
        held: Mapping[str, Any] = (situation.focus or {})[HAND]
        return Handed(number, handover.slots, held["left"], held["done"], held["back"])
    if not use_handover(connection, number, situation.account.person_id, incoming.at):
        return None
    before = (situation.focus or {}).get(HAND)
    own = None if situation.assessment is None else situation.assessment.id
    return Handed(number, handover.slots, [], [], own if before is None else before["back"])


def _closed(turn: Turn, handed: Handed, reply: Reply) -> Reply:
    """Write down what changed: of the assessment, and where the colleague's talk stands."""
    if reply.topic == "deleted":
        return reply
    turn.save()
    keep_listed(turn, reply.fact)
    if handed.over:
        _release(turn.connection, turn.incoming, turn.account.id, handed.back)
    else:
        focus = {**turn.focus, HAND: handed.to_json()}
        set_focus(turn.connection, turn.account.id, turn.assessment.id, focus, turn.incoming.at)
    return reply


def _answered_before(turn: Turn) -> list[str]:
    """What they answered in an earlier sitting, as far as it is their answer that stands."""
    latest = {each.slot: each for each in answers_of(turn.connection, turn.assessment.id)}
    mine = (slot for slot, each in latest.items() if each.by_person == turn.account.person_id)
    return list(dict.fromkeys(slot.removesuffix(f".{EXACTLY}") for slot in mine))


def _release(connection: Connection, incoming: Incoming, account_id: int, back: int | None) -> None:
    """Their talk is their own again; who has no firm is not taken for an owner until they ask for it."""
    set_focus(connection, account_id, back, None if back else {THANKED: True}, incoming.at)


def _heard(turn: Turn, handed: Handed) -> Reply:
    """One message of a colleague."""
    incoming, said = turn.incoming, turn.incoming.said
    if incoming.unreadable is not None:
        return cannot_read(turn, incoming.unreadable)
    if len(said) > LONGEST:
        return again(turn, "too_long")
    overtaken_by = overtaken(turn)
    if overtaken_by is not None:
        return _obeyed(turn, handed, command_of(said), said) or overtaken_by
    settled = settle_focus(turn, said)
    if settled is not None:
        return settled
    command = said if incoming.choice is not None else command_of(said)
    obeyed = _obeyed(turn, handed, command, said)
    if obeyed is not None:
        return obeyed
    question, asked = pending(turn), asked_now(turn)
    if question is None or asked is None:
        return next_reply(turn)
    if incoming.choice is not None and incoming.about is not None:
        same = is_about(incoming.about, question.slot) and incoming.revision in {None, asked.revision}
        if not same:  # a button of another talk, or of a question that is answered
            return next_reply(turn)
    return note(turn, question, said)


def _obeyed(turn: Turn, handed: Handed, command: str | None, said: str) -> Reply | None:
    """What commands do here; the result and all other answers are the owner's."""
    if command in {Command.START, Command.RESUME, "agree"}:
        turn.focus = {}
        return next_reply(turn, resumed=True)
    if command in {Command.BACK, Command.EDIT}:
        return _back(turn, handed)
    if command == Command.MYDATA:
        return data_of(turn.connection, turn.editions, turn.account.person_id)
    if command in {Command.DELETE, "refuse"}:
        return be_sure(turn, Command.DELETE)
    if command == Command.EXPLAIN:
        return explain(turn)
    if command == Command.ADVISOR:
        return tell(turn, "advisor", contact=turn.operator.contact, operator=turn.operator.name)
    if command in _LEAVES:
        handed.over = True
        return Reply("notice", "hand-paused", choices=way_on(handed.back), data={"left": len(handed.left)})
    if command in _OF_THE_OWNER:
        return tell(turn, "hand-only")
    target = edit_target(said) if turn.incoming.choice is None else said.removeprefix(f"{Command.EDIT}:")
    if target and target != said:
        return _named(turn, handed, target)
    return again(turn, "no_command") if turn.incoming.choice is None and is_slashed(said) else None


_OF_THE_OWNER = {
    *(Command.RESULT, Command.REPORT, Command.RESTART, Command.UNSKIP, Command.DEEP),
    *(Command.HELP, Command.HAND, Command.TAKE_BACK, Command.COLLEAGUE, Command.MOVE, Command.KEEP_CODE),
}


def _named(turn: Turn, handed: Handed, target: str) -> Reply | None:
    """Change an answer of their own, by its slot or by its title; what else stands there is not theirs to see."""
    edition = turn.published.edition
    for slot in handed.done:
        if target == slot or target in title_at(edition, turn.sheet, slot):
            return start_edit(turn, slot)
    return None if turn.incoming.choice is None else next_reply(turn)


def _back(turn: Turn, handed: Handed) -> Reply:
    order, slot = handed.done, turn.focus.get("slot")
    at = order.index(slot) if slot in order else len(order)
    return next_reply(turn, first=True) if at == 0 else start_edit(turn, order[at - 1])


def _afterwards(
    connection: Connection, editions: Editions, incoming: Incoming, situation: Situation
) -> Reply | None:
    """Who answered for another and has no firm here: thanked, not questioned. None once they begin a talk of their own."""
    said = incoming.said
    command = said if incoming.choice is not None else command_of(said)
    if situation.assessment is not None or command in {Command.START, Command.RESUME, "agree"}:
        return None
    if command == Command.MYDATA:
        return data_of(connection, editions, situation.account.person_id)
    if command == f"sure:{Command.DELETE}" or plain(said) in DELETE_FOR_SURE:
        forget_person(connection, situation.account.person_id)
        return Reply("notice", "deleted")
    if command in {Command.DELETE, "refuse"}:
        choices = (Choice(f"sure:{Command.DELETE}", "确认删除"),)
        return Reply("confirm", "sure-delete", choices=choices)
    return Reply("notice", "hand-thanks", choices=way_on(None), data={"polite": plain(said) in POLITE})
