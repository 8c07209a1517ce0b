"""Handing questions on to a colleague, the owner's side: a one-time code for what was put aside, and taking it back."""

from datetime import timedelta

from flows.codes import fingerprint, new_code
from flows.commands import Command
from flows.controls import tell
from flows.messages import SHANGHAI, Choice, Json, Reply
from flows.progress import aside, skipped
from flows.slots import EXACTLY
from flows.turn import Turn
from flows.wording import title_of
from models.handover import Handover, add_handover, handovers_of, withdraw_handovers

GOOD_FOR = timedelta(days=7)


def hand_on(turn: Turn) -> Reply:
    """A code for the questions that wait for a colleague; where none was marked so, for all that were skipped."""
    slots = list(dict.fromkeys(slot.removesuffix(f".{EXACTLY}") for slot in aside(turn) or skipped(turn)))
    if not slots:
        return tell(turn, "hand-none")
    before = handovers_of(turn.connection, turn.assessment.id)
    if any(each.key == turn.incoming.key for each in before):
        return tell(turn, "hand-made")  # delivered twice; the code itself is told once and kept nowhere
    code, at = new_code(), turn.incoming.at
    until = at + GOOD_FOR
    made = Handover(
        turn.assessment.id, turn.account.id, fingerprint(code), slots, turn.incoming.key, at, until
    )
    add_handover(turn.connection, made)
    data: dict[str, Json] = {
        "code": code,
        "titles": [title_of(turn.published.edition, turn.sheet, slot) for slot in slots],
        "until": f"{until.astimezone(SHANGHAI):%m月%d日}",
        "again": any(each.finished_at is None for each in before),
    }
    choices = (Choice(Command.RESUME, "继续"), Choice(Command.TAKE_BACK, "收回这个码"))
    return Reply("notice", "hand-code", choices=choices, data=data)


def take_back(turn: Turn) -> Reply:
    """The code is good no more; what a colleague did answer stays."""
    count = withdraw_handovers(turn.connection, turn.assessment.id)
    return tell(turn, "hand-back", any=count > 0)
