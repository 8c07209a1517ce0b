"""Updates until the bot confirms them: getUpdates at least once, with long polling, and 409 for a second poller."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.botapi.chats import Message
from tests.botapi.methods import UPDATE_KINDS, Json, Parameters
from tests.botapi.refusals import OTHER_POLLER, WEBHOOK_IS_SET, ApiError, conflict, violation

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
MOST_UPDATES = 100
LONGEST_POLL = 50
FIRST_ID = 100_000_001
FUTURE = 10


@dataclass(frozen=True, slots=True)
class Update:
    """One update, as it goes to the bot; `message` is the message that it tells of."""

    id: int
    kind: str
    content: Json
    chat: int
    message: Message | None = None

    @property
    def body(self) -> Json:
        return {"update_id": self.id, self.kind: self.content}


@dataclass(slots=True, eq=False)
class _Poll:
    """A getUpdates call that waits."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: ApiError | None = None


class Updates:
    """Updates not yet confirmed, the oldest first."""

    def __init__(self, lock: threading.RLock) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.next_id = FIRST_ID
        self.allowed = UPDATE_KINDS - NOT_BY_DEFAULT
        self.listener: Callable[[Update], None] | None = None  # the webhook, while one is set
        self._lock = lock
        self._pending: OrderedDict[int, Update] = OrderedDict()
        self._again: set[int] = set()
        self._poll: _Poll | None = None
        self._closed = False

    @property
    def pending(self) -> list[Update]:
        with self._lock:
            return list(self._pending.values())

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, kind: str, content: Json, chat: int, message: Message | None = None) -> Update:
        with self._lock:
            update = Update(self.next_id, kind, content, chat, message)
            self.next_id += 1
            if kind in self.allowed:
                self._put(update)
            return update

    def redeliver(self, update: Update) -> None:
        """Bring it once more, confirmed or not, before anything newer."""
        with self._lock:
            self._again.add(update.id)
            self._put(update)
            self._pending.move_to_end(update.id, last=False)

    def done(self, update: Update) -> None:
        with self._lock:
            self._pending.pop(update.id, None)
            self._again.discard(update.id)

    def drop_all(self) -> None:
        self._pending.clear()
        self._again.clear()

    def choose(self, allowed: list[str] | None) -> None:
        """Take allowed_updates, which stays until it is given again; an empty list means the default."""
        if allowed is None:
            return
        unknown = set(allowed) - UPDATE_KINDS
        if unknown:
            raise violation(f"no such updates: {sorted(unknown)}")
        self.allowed = frozenset(allowed) or UPDATE_KINDS - NOT_BY_DEFAULT

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._closed = False

    def close(self) -> None:
        """End the poll; for the server's own shutdown."""
        self._closed = True
        self._wake()

    def end_poll(self, reason: ApiError) -> None:
        if self._poll is not None:
            self._poll.ended_by = reason
            self._poll.woken.set()
            self._poll = None

    async def get(self, given: Parameters) -> list[Json]:
        """getUpdates: runs in the server's loop."""
        with self._lock:
            if self.listener is not None:
                raise conflict(WEBHOOK_IS_SET)
            self.choose(given.get("allowed_updates"))
            self.end_poll(conflict(OTHER_POLLER))
            self._confirm(given.get("offset", 0))
            poll = self._poll = _Poll()
        try:
            return await self._wait(poll, given)
        finally:
            if self._poll is poll:
                self._poll = None

    async def _wait(self, poll: _Poll, given: Parameters) -> list[Json]:
        limit = min(max(given.get("limit", MOST_UPDATES), 1), MOST_UPDATES)
        loop = asyncio.get_running_loop()
        ends = loop.time() + min(max(given.get("timeout", 0), 0), LONGEST_POLL)
        while True:
            poll.woken.clear()
            if poll.ended_by is not None:
                raise poll.ended_by
            batch = self._batch(limit)
            left = ends - loop.time()
            if batch or left <= 0 or self._closed:
                return batch
            try:
                await asyncio.wait_for(poll.woken.wait(), left)
            except TimeoutError:
                continue

    def _batch(self, limit: int) -> list[Json]:
        with self._lock:
            chosen = [update for update, _ in zip(self._pending.values(), range(limit), strict=False)]
            self._again.difference_update(update.id for update in chosen)
            return [update.body for update in chosen]

    def _confirm(self, offset: int) -> None:
        """Forget what is older than `offset`; below 0, all but the last -offset. What is to come again stays."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popitem(last=False)
        if offset > self.next_id + FUTURE:
            return  # after a quiet week the numbers begin anew somewhere; an old offset then confirms nothing
        kept = []
        while self._pending and next(iter(self._pending)) < offset:
            number, update = self._pending.popitem(last=False)
            if number in self._again:
                kept.append(update)
        for update in reversed(kept):
            self._pending[update.id] = update
            self._pending.move_to_end(update.id, last=False)

    def _put(self, update: Update) -> None:
        self._pending[update.id] = update
        if self.listener is not None:
            self.listener(update)
        else:
            self._wake()

    def _wake(self) -> None:
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._woken)

    def _woken(self) -> None:
        if self._poll is not None:
            self._poll.woken.set()
