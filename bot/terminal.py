"""The interview in a terminal: plain lines in and out, or one JSON object a turn for programs."""

import json
import sys
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TextIO

from sqlalchemy.exc import SQLAlchemyError

from flows.commands import Command
from flows.editions import Editions
from flows.interview import Promise, is_secret, receive, reply_of
from flows.messages import Incoming, Operator, Reply
from flows.render import render
from flows.showing import Piece, Shown
from models.crash import crash_point
from models.outbox import stored_reply
from models.sending import bury, settle, take, waiting
from models.session import Database

CHANNEL = "terminal"
_LONGEST_KEY = 200
_LEASE = timedelta()  # no other process talks to this person, so what a run leaves is the next one's at once
_ROW = 30  # letters in a row of choices
_SAID_IN_WORDS = {
    *(Command.UNKNOWN, Command.SKIP, Command.BACK, Command.EXPLAIN),
    *(Command.COLLEAGUE, Command.HAND, Command.TAKE_BACK, Command.MOVE, Command.KEEP_CODE),
    *(Command.UNSKIP, Command.RESULT, Command.REPORT, Command.EDIT, Command.RESTART, Command.RESUME),
}


@dataclass(slots=True)
class Terminal:
    """One person's talk over two streams. `sender` is who they say they are (`--as`)."""

    database: Database
    operator: Operator
    sender: str
    lines: Iterable[str]
    out: TextIO
    as_json: bool = False
    editions: Editions = field(default_factory=Editions)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _last: Reply | None = None

    def run(self) -> None:
        """Say what is still to be said (or greet), then answer line by line until the input ends."""
        if not self._deliver_waiting():
            self._take(choice="start")
        for line in self.lines:
            if self.as_json:
                self._take_json(line)
            elif text := line.strip():
                choice = self._choice(text)
                self._take(choice=choice) if choice else self._take(text=text)

    def _deliver_waiting(self) -> bool:
        """Replies that were promised before the last run ended."""
        left = self.database.read(lambda c: waiting(c, CHANNEL, 0, 20, self.now(), address=self.sender))
        readable = [(message.id, reply_of(message)) for message in left]
        for number, reply in readable:
            if reply is None:
                self._give_up(number)
            else:
                self._deliver(Promise(number, reply, is_new=False))
        return any(reply for _, reply in readable)

    def _give_up(self, number: int) -> None:
        """A row that another version stored and this one cannot read."""
        fence = self._taken(number)
        self.database.turn(lambda c: bury(c, number, fence, "unreadable"))
        sys.stderr.write(f"ladder: reply {number} cannot be read and is given up\n")

    def _taken(self, number: int) -> int:
        """Take over what an earlier run left, and return the fence; 0, which fits nothing, where it is settled by now."""
        now = self.now()
        return self.database.turn(lambda c: take(c, number, now, now + _LEASE)) or 0

    def _take(self, *, text: str | None = None, choice: str | None = None, key: str | None = None) -> None:
        incoming = Incoming(CHANNEL, self.sender, key or uuid.uuid4().hex, self.now(), text, choice)
        crash_point("received")
        try:
            promise = self.database.turn(lambda c: receive(c, self.editions, self.operator, incoming, _LEASE))
            if promise is None:
                self._show_again(incoming.key)
            else:
                self._deliver(promise)
        except SQLAlchemyError as error:
            sys.stderr.write(f"ladder: {type(error).__name__}: the turn was not stored\n")
            self._show(Reply("hint", "trouble"))

    def _show_again(self, key: str) -> None:
        """What this very message was answered with; it went out, but whoever asks again may not have seen it."""
        stored = self.database.read(lambda c: stored_reply(c, CHANNEL, self.sender, key))
        reply = None if stored is None else reply_of(stored)
        self._show(reply or Reply("hint", "trouble"))

    def _deliver(self, promise: Promise) -> None:
        if promise.erased:
            self.database.scrub()
        fence = 1 if promise.is_new else self._taken(promise.message_id)
        crash_point("before-send")
        self._show(promise.reply)
        crash_point("after-send")
        self.database.turn(lambda c: settle(c, promise.message_id, fence, self.now(), None))
        if is_secret(promise.reply):
            self.database.scrub()
        crash_point("after-mark")

    def _show(self, reply: Reply) -> None:
        self._last = reply
        shown = _as_json(reply) if self.as_json else "\n".join(as_lines(reply))
        self.out.write(f"{shown}\n")
        self.out.flush()

    def _choice(self, text: str) -> str | None:
        """The choice that a typed number or label means, except on a question: there words and numbers are answers."""
        if self._last is None or _is_question(self._last):
            return None
        choices = self._last.choices
        number = unicodedata.normalize("NFKC", text).rstrip(".、。)")
        if number.isdecimal() and 0 < int(number) <= len(choices):
            return choices[int(number) - 1].key
        return next((choice.key for choice in choices if choice.label == text), None)

    def _take_json(self, line: str) -> None:
        """`{"text": ...}` or `{"choice": ...}`, with an optional `"key"` under which it may be sent again."""
        message = _object(line)
        text, choice, key = (message.get(name) for name in ("text", "choice", "key"))
        given = [each for each in (text, choice) if isinstance(each, str)]
        if (
            len(given) != 1
            or not message.keys() <= {"text", "choice", "key"}
            or not isinstance(key, str | None)
            or len(key or "") > _LONGEST_KEY
        ):
            self._show(Reply("hint", "not-json", data={"line": line.strip()[:80]}))
        else:
            self._take(text=text, choice=choice, key=key)


def _object(line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _is_question(reply: Reply) -> bool:
    """Whether words are awaited, so that only what can be answered has a number."""
    return reply.fact is not None and reply.kind != "confirm"


def _as_json(reply: Reply) -> str:
    turn = {
        "kind": reply.kind,
        "fact": reply.fact,
        "choices": [{"key": choice.key, "label": choice.label} for choice in reply.choices],
        "text": render(reply),
        "result": reply.result,
    }
    return json.dumps(turn, ensure_ascii=False)


def as_lines(reply: Reply) -> Iterator[str]:
    """A reply as the terminal shows it."""
    yield ""
    yield render(reply).replace("**", "")
    is_question = _is_question(reply)
    numbered = [each for each in reply.choices if not (is_question and each.key in _SAID_IN_WORDS)]
    in_words = [each.label for each in reply.choices if each not in numbered]
    items = [f"{number}. {choice.label}" for number, choice in enumerate(numbered, 1)]
    if items:
        yield ("  " if sum(map(len, items)) <= _ROW else "\n").join(items)
    if in_words:
        yield f"（也可以说：{'、'.join(in_words)}）"


def as_shown(reply: Reply) -> Shown:
    """The same before it is sent."""
    lines = "\n".join(as_lines(reply)).strip()
    return Shown((Piece(lines, lines),))
