"""Taking one's talk elsewhere (换个地方接着答): the code for now, and the one to write down. What a code opens: arriving.py."""

from datetime import timedelta

from flows.codes import LONG, SHORT, fingerprint, new_code
from flows.commands import Command
from flows.messages import SHANGHAI, Choice, Json, Reply
from flows.turn import Turn
from models.passage import Passage, PassageKind, add_passage, passages_of

RESUME_FOR = timedelta(days=30)
MOVE_FOR = timedelta(minutes=10)
_GO_ON = Choice(Command.RESUME, "继续")


def resume_code(turn: Turn) -> Reply:
    """A code to write down: good again and again, until 30 days after it was last used or a new one is made."""
    data = _made(turn, "resume", LONG, RESUME_FOR)
    return Reply("notice", "passage-code", choices=(_GO_ON,), data=data)


def move_code(turn: Turn) -> Reply:
    """A code to take the talk to another phone or channel right now, once."""
    data = _made(turn, "move", SHORT, MOVE_FOR)
    choices = (_GO_ON, Choice(Command.KEEP_CODE, "要一个长期的续测码"))
    return Reply("notice", "passage-move", choices=choices, data=data)


def _made(turn: Turn, kind: PassageKind, groups: int, good_for: timedelta) -> dict[str, Json]:
    person, at = turn.account.person_id, turn.incoming.at
    before = (each for each in passages_of(turn.connection, person) if each.kind == kind)
    again = any(each.expires_at > at and (kind == "resume" or not each.used_at) for each in before)
    code = new_code(groups)
    add_passage(turn.connection, Passage(person, kind, fingerprint(code), at, at + good_for))
    return {
        "code": code,
        "until": f"{(at + good_for).astimezone(SHANGHAI):%m月%d日}",
        "again": again,
        "site": turn.operator.site,
    }
