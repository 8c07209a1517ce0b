"""Several firms of one person: choosing the one that is talked about, and beginning with a new one."""

from collections.abc import Iterable

from flows.messages import Choice, Reply
from flows.progress import next_reply
from flows.turn import Turn
from models.assessment import Assessment, latest_of
from models.firm import About, Firm, add_firm, firms_of

FIRM = "firm"
_NEW_FIRM = "new"


def choose_firm(turn: Turn) -> Reply:
    """The firms the person speaks for, and a new one."""
    firms = firms_of(turn.connection, turn.account.person_id)
    choices = tuple(
        Choice(f"{FIRM}:{firm.public_id}", _firm_name(firm, number)) for number, firm in enumerate(firms, 1)
    )
    return Reply("notice", "firms", choices=(*choices, Choice(f"{FIRM}:{_NEW_FIRM}", "新的一家")))


def switch_firm(turn: Turn, which: str) -> Reply:
    """Go on with another of the person's own firms, or begin with a new one."""
    firms = firms_of(turn.connection, turn.account.person_id)
    if which == _NEW_FIRM:
        turn.move_to(_blank(turn, firms) or turn.begin(_another(turn).id))
        return next_reply(turn, switched="新的一家企业")
    for number, firm in enumerate(firms, 1):
        if firm.public_id == which:
            turn.move_to(latest_of(turn.connection, firm.id) or turn.begin(firm.id))
            return next_reply(turn, switched=_firm_name(firm, number))
    return choose_firm(turn)


def _blank(turn: Turn, firms: Iterable[Firm]) -> Assessment | None:
    """A firm that was begun and never told anything, in any year, serves as the new one."""
    latest = ((firm, latest_of(turn.connection, firm.id)) for firm in firms if firm.name is None)
    untold = (
        each for firm, each in latest if each and each.version == 0 and each.created_at == firm.created_at
    )
    return next(untold, None)


def _another(turn: Turn) -> Firm:
    return add_firm(turn.connection, turn.account.person_id, "owner", About(), turn.incoming.at)


def _firm_name(firm: Firm, number: int) -> str:
    return firm.name or f"第 {number} 家（未留名称）"
