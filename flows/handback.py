"""Questions that a colleague answers for the owner: which are open, and how the answers get back."""

from collections.abc import Iterator

from flows.commands import Command
from flows.contact import fact_at, title_at
from flows.handed import Handed, is_aside
from flows.messages import Choice, Json, Reply
from flows.slots import MORE
from flows.turn import Turn
from flows.wording import in_words
from models.handover import finish_handover, handover_by_id, maker_of
from models.outbox import NewMessage, put
from policy.facts import Kind


def open_slots(turn: Turn, handed: Handed) -> Iterator[str]:
    """What is still to ask: the questions handed on, and what belongs to a list that the colleague said is not empty."""
    yield from (slot for slot in handed.left if is_aside(turn.sheet, slot))
    edition = turn.published.edition
    for slot in handed.slots:
        key, *path = slot.split(".")
        fact = edition.facts[key]
        is_list = fact.kind is Kind.RECORDS and not fact.several and turn.sheet.value(key) is True
        if is_list and slot in handed.done and (not path or path[-1] == MORE):
            yield from turn.sheet.open_in_list(edition, fact)


def hand_back(turn: Turn, handed: Handed, **data: Json) -> Reply:
    """All is answered: thanks, and the owner is told, in a message of its own."""
    at = turn.incoming.at
    handover = handover_by_id(turn.connection, handed.id)
    if handover is not None and handover.finished_at is None:
        finish_handover(turn.connection, handed.id, at)
        owner = maker_of(turn.connection, handover)
        if owner.state == "active":
            told = _told_owner(turn, handed)
            news = NewMessage(
                owner.channel,
                owner.address,
                f"handover-{handed.id}",
                told.kind,
                told.to_json(),
                account_id=owner.id,
            )
            put(turn.connection, news, at)
    handed.over = True
    return Reply("notice", "hand-done", choices=way_on(handed.back), data=data)


def way_on(back: int | None) -> tuple[Choice, ...]:
    """What a colleague can do afterwards: go on with an own firm, or begin with one."""
    return (
        (Choice(Command.START, "给自己的企业自测"),)
        if back is None
        else (Choice(Command.RESUME, "继续自己的测评"),)
    )


def _told_owner(turn: Turn, handed: Handed) -> Reply:
    edition, sheet = turn.published.edition, turn.sheet
    answers = [
        {
            "title": title_at(edition, sheet, slot),
            "value": in_words(fact_at(edition, slot), sheet.entries[slot]),
        }
        for slot in handed.done
        if slot in sheet.entries
    ]
    choices = (Choice(Command.RESULT, "看结果"), Choice(Command.RESUME, "继续"))
    return Reply("notice", "hand-answered", choices=choices, data={"answers": answers})
