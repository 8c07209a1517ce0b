"""Linking a chat to somebody of the staff (连接): they send a one-time code from the console, and are told of new work there.

Only staff hold such codes, so nobody is asked to agree to the owners' notice for it, and of the chat nothing else is kept.
"""

import hashlib
import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from flows.codes import may_try, new_code, note_wrong
from flows.messages import Incoming, Reply
from models.desk import Told, Watch, watch_by_code, watch_of, write_watch
from models.outbox import NewMessage, put

GOOD_FOR = timedelta(minutes=15)
_SENT = re.compile(r"顾问\s*([A-Z2-9]{4})\s*-?\s*([A-Z2-9]{4})")


def _fingerprint(code: str) -> str:
    return hashlib.sha256(f"staff:{code}".encode()).hexdigest()


def link_code(connection: Connection, staff_id: int, now: datetime) -> str:
    """A fresh code for somebody; whichever they had before is good no more. Told once, stored as fingerprint."""
    code = new_code()
    before = watch_of(connection, staff_id) or Watch(staff_id, "daily", None, None, None, None, now)
    changed = replace(before, code_sha256=_fingerprint(code), code_until=now + GOOD_FOR)
    write_watch(connection, changed)
    return code


def choose_told(connection: Connection, staff_id: int, told: Told, now: datetime) -> None:
    """How somebody wants to be told."""
    before = watch_of(connection, staff_id) or Watch(staff_id, told, None, None, None, None, now)
    write_watch(connection, replace(before, told=told))


def unlink(connection: Connection, staff_id: int) -> None:
    """Forget their chat."""
    before = watch_of(connection, staff_id)
    if before is not None:
        write_watch(
            connection, replace(before, channel=None, address=None, code_sha256=None, code_until=None)
        )


def link_chat(connection: Connection, incoming: Incoming) -> Reply | None:
    """Take a message that is such a code; None for any other message. A wrong one counts against its sender."""
    if incoming.text is None or incoming.choice is not None:
        return None
    sent = _SENT.fullmatch(unicodedata.normalize("NFKC", incoming.text).strip().upper())
    if sent is None:
        return None
    watch = None
    if may_try(connection, incoming):
        watch = watch_by_code(connection, _fingerprint(f"{sent[1]}-{sent[2]}"))
        if watch is None:
            note_wrong(connection, incoming)
    good = watch is not None and watch.code_until is not None and watch.code_until > incoming.at
    if watch is not None and good:
        linked = replace(watch, channel=incoming.channel, address=incoming.sender)
        write_watch(connection, replace(linked, code_sha256=None, code_until=None))
    return Reply("notice", "staff-linked", data={"linked": good})


def store_linked(connection: Connection, incoming: Incoming, reply: Reply) -> int:
    """Store what is said to it; it is deleted once sent."""
    said = NewMessage(
        incoming.channel,
        incoming.sender,
        incoming.key,
        reply.kind,
        reply.to_json(),
        forget=True,
        target=incoming.on,
    )
    return put(connection, said, incoming.at)
