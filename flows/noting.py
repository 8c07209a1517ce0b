"""Noting an answer: read it, read it back, store it, and go on; or say kindly what could not be read."""

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType

from flows.answering import Misread, Taken, from_choice, from_text, settle
from flows.asking import Pending, ask, asked_now, echo_of, pending
from flows.choosing import PICKED, settled, toggled
from flows.commands import Command, command_of, plain
from flows.conflicts import ask_conflict, open_conflict
from flows.contact import about, fact_at
from flows.controls import RIGHT, ask_whether, offer_edit, shown
from flows.lastyear import AS_BEFORE, RULE, is_as_before, offer
from flows.messages import Json, Reply
from flows.progress import done, next_reply
from flows.slots import EXACTLY, FOR_A_COLLEAGUE, KEPT, Entry, is_about
from flows.turn import Turn
from flows.units import ask_unit
from models.firm import describe_firm
from policy.intervals import Interval


def note(turn: Turn, question: Pending, said: str) -> Reply:
    """Take an answer to the open question."""
    tapped = turn.incoming.choice is not None
    if said == AS_BEFORE if tapped else is_as_before(plain(said)):
        return _as_before(turn, question, None if tapped else said)
    if tapped and question.fact.several:
        picked = turn.focus.get(PICKED, ())
        now, entry = toggled(question.fact, picked, said), settled(picked, said)
        if now is not None:
            turn.focus = {**turn.focus, PICKED: now}
            return ask(turn, question)
        if entry is not None:
            return _store(turn, question, entry, None, "buttons")
    taken = _read(turn, question, said, tapped=tapped)
    if isinstance(taken, Misread):
        return ask_unit(turn, question, said, taken) or again(turn, taken.hint)
    typed = None if tapped else said
    if taken.confirm:
        return _ask_back(turn, question, taken, typed)
    return _store(turn, question, taken.entry, typed, taken.rule)


def _as_before(turn: Turn, question: Pending, typed: str | None) -> Reply:
    """The owner says that an earlier year's answer still holds; without one there is nothing to go by."""
    earlier = offer(turn, question.slot)
    if earlier is None:
        return again(turn, "no_before")
    return _store(turn, question, earlier.entry, typed, RULE, earlier.inner)


def _read(turn: Turn, question: Pending, said: str, *, tapped: bool) -> Taken | Misread:
    if not tapped and command_of(said) is Command.SKIP:
        return from_choice(question, Command.SKIP)
    settled = settle(question, turn.given.get(question.slot), said, tapped=tapped)
    if settled is not None:
        return settled
    return from_choice(question, said) if tapped else from_text(question, said, turn.incoming.today)


def _store(  # noqa: PLR0913, PLR0917  what an answer is
    turn: Turn,
    question: Pending,
    entry: Entry,
    typed: str | None,
    rule: str,
    inner: Mapping[str, Entry] = MappingProxyType({}),
) -> Reply:
    """Keep the answer. "Do not know" to a question for more precision leaves what was told before."""
    precise = entry.kind == "value" or not (question.vague and question.slot in turn.given)
    slot = question.slot if precise else f"{question.slot}.{EXACTLY}"
    turn.focus = {}
    turn.fill(slot, entry, as_typed=typed, rule=rule)
    for name, each in inner.items():
        turn.fill(name, each, rule=rule)
    if question.is_about:
        describe_firm(turn.connection, turn.assessment.firm_id, about(turn.sheet))
    else:
        turn.state = "open"
    value = shown(turn, question.slot) or "不确定"
    told = echo_of(turn, question.slot, value, vague=not precise)
    if entry == FOR_A_COLLEAGUE:
        told["echo"]["kind"] = "colleague"
    return next_reply(turn, **told)


def _ask_back(turn: Turn, question: Pending, taken: Taken, typed: str | None) -> Reply:
    """Something was assumed: the owner says whether it is right before it counts."""
    told = {"slot": question.slot, "entry": asdict(taken.entry), "typed": typed, "rule": taken.rule}
    waiting = {**told, "stood": turn.standing(question.slot)}
    turn.focus = {**turn.focus, "confirm": waiting}
    return ask_whether(turn, waiting)


def confirmed(turn: Turn, waiting: Mapping[str, Json]) -> Reply:
    """The owner said yes to a reading. What was answered elsewhere since then is never replaced unseen."""
    if waiting.get("stood") != turn.standing(waiting["slot"]):
        return offer_edit(turn, waiting["slot"])
    question = pending(turn)
    if question is None or question.slot != waiting["slot"]:
        return next_reply(turn)
    return _store(
        turn, question, Entry(**waiting["entry"]), waiting["typed"], f"{waiting['rule']}, confirmed"
    )


def again(turn: Turn, hint: str) -> Reply:
    """The question once more, with what helps; a wrong answer is never a dead end."""
    conflict = open_conflict(turn)
    if conflict is not None:
        return ask_conflict(turn, conflict, again=True)
    question = pending(turn)
    if question is None:
        return done(turn, not_understood=True)
    return ask(turn, question, "hint", "hint", hint=hint)


def stale(turn: Turn) -> Reply | None:
    """What to say to a button of a question that is not open any more (or not for this firm): it never writes."""
    incoming = turn.incoming
    if incoming.choice is None or incoming.about is None:
        return None
    asked = asked_now(turn)
    current = asked is not None and asked.fact is not None and is_about(incoming.about, asked.fact)
    if current and (incoming.revision is None or asked is None or incoming.revision == asked.revision):
        return None
    answered = next((slot for slot in turn.sheet.entries if is_about(incoming.about, slot)), None)
    if current or answered is None:
        return next_reply(turn)
    return next_reply(turn, same=True) if _stands(turn, answered) else offer_edit(turn, answered)


def _stands(turn: Turn, slot: str) -> bool:
    """Whether the button only says what is noted already, as the second of two quick taps does."""
    choice, entries = str(turn.incoming.choice), turn.sheet.entries
    if choice == RIGHT:
        return turn.incoming.revision == turn.stamp("confirm", slot, shown(turn, slot))
    if choice == AS_BEFORE:
        earlier = offer(turn, slot)
        return earlier is not None and earlier.entry == entries[slot]
    if choice == KEPT:
        return f"{slot}.{KEPT}" in entries
    taken = from_choice(Pending(slot, fact_at(turn.published.edition, slot)), choice)
    if isinstance(taken, Taken):
        return taken.entry in (entries[slot], entries.get(f"{slot}.{EXACTLY}"))
    return _is_settled_so(turn, slot, choice)


def _is_settled_so(turn: Turn, slot: str, choice: str) -> bool:
    """The same of "did it reach the threshold?": the one that the button asked about is a bound by now."""
    known = turn.given.get(slot)
    if not isinstance(known, Interval):
        return False
    bound = known.low if choice == Command.YES else known.high if choice == Command.NO else None
    return bound is not None and turn.incoming.revision == turn.stamp(slot, int(bound))
