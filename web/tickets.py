"""What a button on the Mini App's page stands for, once Telegram's word was checked. In memory, for a few minutes."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from web.visitors import Visitor, new_visitor

GOOD_FOR = timedelta(minutes=5)
_MOST = 10_000  # whoever can have more made within minutes has the bot's token


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who Telegram says they are, by which cookie their browser was known, and which one it gets by the button."""

    user: int
    before: str
    fresh: Visitor
    made_at: datetime


class Tickets:
    """Tickets by their secret. The same one again gets the same cookie, because an answer can be lost on its way."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, Ticket] = OrderedDict()
        self._lock = Lock()

    def make(self, user: int, visitor: Visitor, now: datetime) -> str:
        """A new ticket's secret; it is good for this cookie only."""
        secret = secrets.token_urlsafe(24)
        with self._lock:
            self._made[secret] = Ticket(user, visitor.address, new_visitor(), now)
            if len(self._made) > _MOST:
                self._made.popitem(last=False)
        return secret

    def find(self, secret: str, visitor: Visitor, now: datetime) -> Ticket | None:
        """The ticket, where this browser got it and its time is not over."""
        with self._lock:
            while self._made and next(iter(self._made.values())).made_at <= now - GOOD_FOR:
                self._made.popitem(last=False)
            ticket = self._made.get(secret)
        if ticket is None or visitor.address not in {ticket.before, ticket.fresh.address}:
            return None
        return ticket
