"""Somebody sends a code of their own (凭码继续): the talk goes on here, at the same place. Making codes is passing.py's work.

Who is known here already, as somebody else with answers, is asked first whether the two shall be one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import Connection

from flows.codes import carried, fingerprint, may_try
from flows.commands import Command, plain
from flows.messages import Choice, Incoming, Json, Reply
from flows.passing import RESUME_FOR
from flows.progress import next_reply
from flows.redeeming import refused
from flows.turn import Turn
from flows.vouching import admit_vouched
from flows.words import JOIN_FOR_SURE, WRONG
from models.assessment import Situation, open_at
from models.merging import current_assessment, firms_answered, join_people
from models.passage import Passage, passage_by_code, passage_by_id, use_passage
from models.person import Account, add_account
from models.talk import set_focus

JOIN, STAY = "join", "stay"
Arrival: TypeAlias = tuple[Situation, dict[str, Json] | None]
"""What the turn goes on from, and what is told first; None where nobody arrived."""


def opened_by(
    connection: Connection, incoming: Incoming, sha256: str, person_id: int | None
) -> Passage | None:
    """What a code opens for this person (None: a stranger); None for any other code, and for who guessed too often."""
    if not may_try(connection, incoming):
        return None
    passage = passage_by_code(connection, sha256)
    return passage if passage is not None and _is_good(passage, incoming, person_id) else None


def is_good_code(connection: Connection, incoming: Incoming, code: str) -> bool:
    """Whether the code would open something to whoever sends it."""
    return opened_by(connection, incoming, fingerprint(code), None) is not None


def admit(connection: Connection, incoming: Incoming) -> Account | None:
    """A stranger who agreed, as the person whose code they had sent, or whom another channel knows; None for somebody new."""
    sha256 = carried(connection, incoming)
    passage = None if sha256 is None else opened_by(connection, incoming, sha256, None)
    if passage is None or not _used(connection, incoming, passage):
        return admit_vouched(connection, incoming)
    return add_account(connection, passage.person_id, incoming.channel, incoming.sender, incoming.at)


def arrive(
    connection: Connection, incoming: Incoming, situation: Situation, sha256: str | None
) -> Arrival | Reply:
    """Who sends a good code goes on with the talk of the person whose code it is; with what else, nothing changes."""
    focus = situation.focus or {}
    if JOIN in focus:
        situation = _let_go(connection, incoming, situation)
        settled = _settled(connection, incoming, situation, focus[JOIN])
        if settled is not None:
            return settled
    person = situation.account.person_id
    passage = None if sha256 is None else opened_by(connection, incoming, sha256, person)
    if passage is None:
        return situation, None
    if person == passage.person_id:
        if passage.kind == "resume":
            _used(connection, incoming, passage)
        return _go_on_here(connection, incoming, current_assessment(connection, person), arrived="here")
    firms = firms_answered(connection, person)
    if firms:
        return _ask_whether_to_join(connection, incoming, situation, passage, firms)
    return _joined(connection, incoming, situation, passage)


def go_on(turn: Turn, told: Mapping[str, Json]) -> Reply:
    """The talk as it stands, with how it came here."""
    turn.state = "open" if turn.state == "paused" else turn.state
    return next_reply(turn, **told)


def _is_good(passage: Passage, incoming: Incoming, person_id: int | None) -> bool:
    """Good once means for somebody else once: who has arrived may send it again."""
    spent = passage.kind == "move" and passage.used_at is not None and passage.person_id != person_id
    return passage.expires_at > incoming.at and not spent


def _used(connection: Connection, incoming: Incoming, passage: Passage) -> bool:
    until = incoming.at + RESUME_FOR if passage.kind == "resume" else passage.expires_at
    return use_passage(connection, passage.id or 0, incoming.at, until)


def _ask_whether_to_join(
    connection: Connection, incoming: Incoming, situation: Situation, passage: Passage, firms: int
) -> Reply:
    focus = {**(situation.focus or {}), JOIN: passage.id}
    _point(connection, incoming, situation, focus)
    choices = (Choice(f"{JOIN}:{passage.id}", "合到一起"), Choice(f"{STAY}:{passage.id}", "先不合"))
    return Reply("confirm", "passage-join", choices=choices, data={"firms": firms})


def _let_go(connection: Connection, incoming: Incoming, situation: Situation) -> Situation:
    """The question is put once; whatever is said to it, it waits no more."""
    rest = {name: held for name, held in (situation.focus or {}).items() if name != JOIN} or None
    _point(connection, incoming, situation, rest)
    return replace(situation, focus=rest)


def _point(
    connection: Connection, incoming: Incoming, situation: Situation, focus: dict[str, Any] | None
) -> None:
    own = None if situation.assessment is None else situation.assessment.id
    set_focus(connection, situation.account.id, own, focus, incoming.at)


def _settled(
    connection: Connection, incoming: Incoming, situation: Situation, number: int
) -> Arrival | Reply | None:
    """A yes or no to joining; None where it was something else, which is heard as if nothing had been asked."""
    said, word = incoming.choice, plain(incoming.text or "")
    if said == f"{STAY}:{number}" or (said is None and word in WRONG):
        return Reply("notice", "passage-stay", choices=(Choice(Command.RESUME, "继续"),))
    if said != f"{JOIN}:{number}" and not (said is None and word in JOIN_FOR_SURE):
        return None
    passage = passage_by_id(connection, number)
    if passage is None or not _is_good(passage, incoming, None):
        return refused("wrong", situation.account.person_id)
    return _joined(connection, incoming, situation, passage)


def _joined(
    connection: Connection, incoming: Incoming, situation: Situation, passage: Passage
) -> Arrival | Reply:
    """Both persons are one from now on; the talk is about what the newest one of the code's person was about."""
    person = situation.account.person_id
    there = current_assessment(connection, passage.person_id) or current_assessment(connection, person)
    if not _used(connection, incoming, passage):
        return refused("wrong", person)
    had = firms_answered(connection, person)
    kept = join_people(connection, passage.person_id, person)
    firms = firms_answered(connection, kept)
    return _go_on_here(connection, incoming, there, arrived="joined" if had else "here", firms=firms)


def _go_on_here(
    connection: Connection, incoming: Incoming, assessment_id: int | None, **told: Json
) -> Arrival:
    found = open_at(connection, incoming.channel, incoming.sender)
    if found is None:
        raise LookupError("nobody is known at this address")
    set_focus(connection, found.account.id, assessment_id, None, incoming.at)
    there = open_at(connection, incoming.channel, incoming.sender)
    return there or found, told
