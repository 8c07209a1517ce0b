"""The interview: one message in, one reply out, one transaction. Channel-blind; it derives, it does not remember.

Here: the path of a turn. What a message is taken for is in hearing.py, how questions are put in asking.py, how answers
are read and noted in answering.py and noting.py, what comes next in progress.py, what commands do in controls.py, a
person's data in privacy.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from flows.advising import settle_answered
from flows.arriving import arrive, go_on
from flows.asking import topics
from flows.codes import without_code
from flows.colleague import THANKED, as_colleague
from flows.consent import at_the_door, code_sent, is_current
from flows.depth import told_in_depth
from flows.editions import Editions
from flows.hearing import handle
from flows.linking import link_chat, store_linked
from flows.mailing import without_address
from flows.messages import Incoming, Operator, Reply
from flows.progress import next_reply
from flows.reporting import findings
from flows.tracking import keep_listed
from flows.turn import Turn
from models.assessment import Situation, open_at
from models.crash import crash_point
from models.determination import store_determinations
from models.outbox import Message, NewMessage, put, stored_reply
from models.person import Account, set_account_state
from models.transcript import Exchange

TOLD_ONCE = {"hand-code", "passage-code", "passage-move", "mail-code"}  # and kept nowhere


@dataclass(frozen=True, slots=True)
class Promise:
    """A reply that is stored and has still to go out."""

    message_id: int
    reply: Reply
    is_new: bool = True  # False: stored by an earlier delivery of the same message
    forget: bool = False  # its row is deleted as soon as it went out

    @property
    def erased(self) -> bool:
        """Whether the database's log has to be scrubbed, as soon as this is committed."""
        return self.reply.topic == "deleted"


def receive(
    connection: Connection,
    editions: Editions,
    operator: Operator,
    incoming: Incoming,
    lease: timedelta | None = None,
) -> Promise | None:
    """Handle one message. None where it was handled before and its reply went out.

    Runs inside a transaction of the caller's; nothing it promises is true before that commits. With a `lease` the
    caller sends the reply as well, and no other sender takes it before the lease ends.
    """
    incoming = incoming.storable()
    linked = link_chat(connection, incoming)
    if linked is not None:
        earlier = stored_reply(connection, incoming.channel, incoming.sender, incoming.key)
        return _once_more(earlier) if earlier else Promise(store_linked(connection, incoming, linked), linked)
    situation = open_at(connection, incoming.channel, incoming.sender, incoming.key)
    if situation is None or situation.is_answered:  # a stranger may have been answered, too
        earlier = stored_reply(connection, incoming.channel, incoming.sender, incoming.key)
        if earlier is not None:
            return _once_more(earlier)
    if situation is not None and situation.account.state == "blocked":  # who writes has let us in again
        set_account_state(connection, situation.account.id, "active")
    account, reply = _respond(connection, editions, operator, incoming, situation)
    forget = account is None or reply.topic in {"deleted", *TOLD_ONCE}
    message = NewMessage(
        channel=incoming.channel,
        address=incoming.sender,
        reply_to=incoming.key,
        kind=reply.kind,
        payload=reply.to_json(),
        account_id=None if account is None or forget else account.id,
        forget=forget,
        target=incoming.on,
        lease_until=None if lease is None else incoming.at + lease,
        said=None if forget else without_code(without_address(incoming.shown_as)),
    )
    message_id = put(connection, message, incoming.at)
    crash_point("reply-stored")
    return Promise(message_id, reply, forget=forget)


def _once_more(earlier: Message) -> Promise | None:
    """The reply that was promised, unless it went out or cannot be read any more (its sender sounds the alarm then)."""
    reply = None if earlier.state == "sent" else reply_of(earlier)
    return None if reply is None else Promise(earlier.id, reply, is_new=False, forget=earlier.forget)


def is_secret(reply: Reply) -> bool:
    """Whether the database's log has to be scrubbed once it went out: it holds what is kept nowhere."""
    return reply.topic in TOLD_ONCE


def reply_of(message: Message | Exchange) -> Reply | None:
    """The reply that a row holds; None where another version stored what this one cannot read."""
    try:
        return Reply.from_json(message.payload)
    except (TypeError, KeyError):
        return None


def _respond(
    connection: Connection,
    editions: Editions,
    operator: Operator,
    incoming: Incoming,
    situation: Situation | None,
) -> tuple[Account | None, Reply]:
    if situation is not None and is_current(situation.consent, operator):
        return situation.account, _talk(connection, editions, operator, incoming, situation)
    met = at_the_door(connection, editions, operator, incoming, situation)
    if isinstance(met, Reply):
        return None if situation is None else situation.account, met
    agreed = situation or open_at(connection, incoming.channel, incoming.sender)
    agreed = agreed or Situation(account=met, consent=None, assessment=None, focus=None)
    return met, _talk(connection, editions, operator, incoming, agreed, agreed=True)


def _talk(  # noqa: PLR0913  what makes a turn
    connection: Connection,
    editions: Editions,
    operator: Operator,
    incoming: Incoming,
    situation: Situation,
    *,
    agreed: bool = False,
) -> Reply:
    """The turn of who agreed, `agreed`: just now. A code comes first: it can make the talk another's, or one of two."""
    sha256 = code_sent(connection, incoming, agreed=agreed)
    arrived = arrive(connection, incoming, situation, sha256)
    if isinstance(arrived, Reply):
        return arrived
    there, told = arrived
    if told is not None:
        turn = Turn(connection, editions, incoming, there, operator)
        return _converse(turn, partial(go_on, told=told))
    reply = as_colleague(connection, editions, operator, incoming, there, sha256, agreed=agreed)
    if reply is not None:
        return reply
    turn = Turn(connection, editions, incoming, _own(there), operator)
    return _converse(turn, _begin if agreed else handle)


def _own(situation: Situation) -> Situation:
    """A talk of one's own, whatever was answered for another before it."""
    return replace(situation, focus=None) if THANKED in (situation.focus or {}) else situation


def _converse(turn: Turn, step: Callable[[Turn], Reply]) -> Reply:
    """Take one step and write down what it changed; a result that is told is kept as evidence."""
    reply = step(turn)
    if reply.topic == "deleted":
        return reply
    assessment = turn.close()
    if reply.kind != "result":
        if keep_listed(turn, reply.fact):
            settle_answered(turn)
        return reply
    found = findings(turn.outcome, told_in_depth(turn.outcome, topics(turn)))
    today = turn.incoming.today
    store_determinations(turn.connection, assessment, today, found, turn.incoming.at)
    if keep_listed(turn, reply.fact, found):
        settle_answered(turn)
    return reply


def _begin(turn: Turn) -> Reply:
    turn.state = "open" if turn.state == "paused" else turn.state
    return next_reply(turn, started=True)
