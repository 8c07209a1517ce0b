"""What one recipient of a bulletin reads: its text, and for each of their firms what changed, with its own before and after."""

from dataclasses import dataclass
from typing import Protocol

from flows.audience import Recipient
from flows.messages import Choice, Reply
from flows.subscriptions import LEAVE, OPEN, TITLES, Subject


class Announced(Protocol):
    """What is announced: a stored bulletin, or a letter that is only looked at."""

    @property
    def public_id(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A text before it is stored."""

    topic: str
    title: str
    body: str
    public_id: str = ""


def announce(bulletin: Announced, recipient: Recipient) -> Reply:
    """The message, with one tap to the result and one to leave."""
    firms = [
        {
            "firm": each.firm_id,
            "name": each.name,
            "year": each.fiscal_year,
            "changes": [dict(change) for change in each.changes],
        }
        for each in recipient.firms
        if each.changes
    ]
    data = {
        "title": bulletin.title,
        "body": bulletin.body,
        "firms": firms,
        "topic": TITLES[Subject(bulletin.topic)],
    }
    choices = (
        Choice(f"{OPEN}:{bulletin.public_id}", "看我的结果"),
        Choice(f"{LEAVE}:{bulletin.public_id}", "退订这类"),
    )
    return Reply("notice", "bulletin", choices=choices, data=data)
