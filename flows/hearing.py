"""What a message of a consented person is taken for: a yes that was waited for, a command, an old button, an answer."""

import re

from flows.advising import (
    answer_command,
    ask_review,
    hear_answer,
    take_back_review,
    to_advisor,
)
from flows.answers import Ask, read
from flows.asking import pending
from flows.assent import agrees, agrees_to_change
from flows.commands import Command, command_of, edit_target, is_slashed, plain
from flows.conflicts import ask_conflict, open_conflict
from flows.controls import (
    ASIDE,
    CONTROLS,
    NOT_SURE,
    RIGHT,
    SURE,
    WRONG,
    be_sure,
    cannot_read,
    choose_edit,
    edit_named,
    keep_conflict,
    overtaken,
    restart,
    slot_named,
    start_edit,
    tell,
)
from flows.handing import hand_on, take_back
from flows.mailing import hear_mail
from flows.messages import Json, Reply
from flows.noting import again, confirmed, note, stale
from flows.passing import move_code, resume_code
from flows.privacy import delete_everything, my_data
from flows.progress import done, next_reply
from flows.readback import settle_list, volunteer
from flows.report import hand_out
from flows.slots import KEPT
from flows.subscriptions import OPEN, leave, obey, show_subscriptions
from flows.switching import FIRM, choose_firm, switch_firm
from flows.turn import Turn
from flows.units import UNITS, chosen_unit
from flows.words import (
    BOTH_RIGHT,
    DELETE_FOR_SURE,
    DELETE_PERHAPS,
    NOT_SO,
    POLITE,
    RESTART_FOR_SURE,
    THE_PART,
    THE_WHOLE,
)
from models.check_code import is_spelled_out
from policy.facts import Kind
from policy.narrowing import Conflict

LONGEST = 1000
_CHANGED = re.compile(r"(?:把)?(?P<title>.{2,20}?)(?:应该|应|要)?改(?:成|为)(?P<value>.+)", re.DOTALL)
_SURE_WORDS = {Command.DELETE: DELETE_FOR_SURE, Command.RESTART: RESTART_FOR_SURE}
_BESIDE = {Command.START, Command.MYDATA, Command.HELP, Command.ADVISOR, Command.PAUSE, Command.STOP}


def handle(turn: Turn) -> Reply:
    """One message, whatever it is; the reply never leaves the owner without a way on."""
    said = turn.incoming.said
    if turn.incoming.unreadable is not None:
        return cannot_read(turn, turn.incoming.unreadable)
    if turn.state == "paused":
        turn.state = "open"
    if _commanded(turn, said) != Command.RESUME:
        turn.focus = {name: held for name, held in turn.focus.items() if name != ASIDE}
    if len(said) > LONGEST:
        return again(turn, "too_long")
    overtaken_by = overtaken(turn)
    if overtaken_by is not None:  # what says by itself what it is about is heard all the same
        return _typed_command(turn, said) or volunteer(turn, None, said) or overtaken_by
    return (
        settle_focus(turn, said)
        or hear_mail(turn, said)
        or _command(turn, said)
        or stale(turn)
        or _say(turn, said)
    )


def _say(turn: Turn, said: str) -> Reply:
    """An answer: to the advisor who asked, or to the talk's own question."""
    return (None if turn.incoming.choice else hear_answer(turn, said)) or _answer(turn, said)


def settle_focus(turn: Turn, said: str) -> Reply | None:
    """A yes or no that the talk waits for; anything else lets go of it (what is dangerous is then not done)."""
    sure, waiting = turn.focus.get(SURE), turn.focus.get("confirm")
    if sure == Command.DELETE and turn.incoming.choice is None and plain(said) in DELETE_PERHAPS:
        return be_sure(turn, Command.DELETE, again=True)
    if sure is not None:
        yes = _is_sure(turn, said, sure)
        turn.focus = {name: held for name, held in turn.focus.items() if name != SURE}
        return None if yes is None else _do(turn, sure) if yes else next_reply(turn)
    if waiting is None or _keeps_waiting(turn, said):
        return None
    if "slot" not in waiting:
        return settle_list(turn, waiting, said)
    if UNITS in waiting:
        turn.focus = {name: held for name, held in turn.focus.items() if name != "confirm"}
        figure = chosen_unit(turn, waiting, said)
        return None if figure is None else confirmed(turn, figure)
    yes = _verdict(turn, said, RIGHT, WRONG)
    turn.focus = {"slot": waiting["slot"]}
    return None if yes is None else confirmed(turn, waiting) if yes else _correct(turn, waiting, said)


def _is_sure(turn: Turn, said: str, what: str) -> bool | None:
    """Whether something that cannot be taken back is to be done: only its own words or its own button say so."""
    if turn.incoming.choice is not None:
        return {f"{SURE}:{what}": True, NOT_SURE: False}.get(said)
    if what.startswith(Command.EDIT):
        return agrees_to_change(said)
    return True if plain(said) in _SURE_WORDS[Command(what)] else False if agrees(said) is False else None


def _verdict(turn: Turn, said: str, right: str, wrong: str) -> bool | None:
    """Yes or no. A button of another question is neither, though it may be called yes as well."""
    if turn.incoming.choice is None:
        return agrees(said)
    if turn.incoming.about is None:
        right, wrong = (right if said != Command.YES else said), (wrong if said != Command.NO else said)
    return {right: True, wrong: False}.get(said)


def _keeps_waiting(turn: Turn, said: str) -> bool:
    """A hello (or a restart of the channel), or a pause, does not throw away a reading that waits for a yes."""
    command = _commanded(turn, said)
    return command in _BESIDE or (command == Command.RESUME and ASIDE in turn.focus)


def _commanded(turn: Turn, said: str) -> str | None:
    return said if turn.incoming.choice is not None else command_of(said)


def _do(turn: Turn, what: str) -> Reply:
    if what == Command.DELETE:
        return delete_everything(turn)
    if what == Command.RESTART:
        return restart(turn)
    return start_edit(turn, what.removeprefix(f"{Command.EDIT}:"))


def _correct(turn: Turn, waiting: Json, said: str) -> Reply:
    """A reading was wrong: `不对，是3.5亿` brings the right one along."""
    question = pending(turn)
    rest = plain(said)
    for word in NOT_SO:
        rest = rest.removeprefix(word).lstrip(" ,。!;")
    if turn.incoming.choice is None and question is not None and any(each.isnumeric() for each in rest):
        return note(turn, question, rest.removeprefix("应该").removeprefix("是"))
    return start_edit(turn, waiting["slot"])


def _command(turn: Turn, said: str) -> Reply | None:
    """What is no answer: a button of the talk itself, or a word that is a command as a whole."""
    if turn.incoming.choice is None:
        return _typed_command(turn, said)
    name, _, which = said.partition(":")
    if name == Command.EDIT and which in turn.sheet.entries:
        return start_edit(turn, which)
    if name == FIRM and which:
        return switch_firm(turn, which)
    beside = to_advisor(turn, name, which) or obey(turn, said)
    if beside is not None:
        return beside
    if name == OPEN:
        return CONTROLS[Command.RESULT](turn)
    if said == "agree":
        return next_reply(turn, agreed=True)
    return _obey(turn, Command.DELETE if said == "refuse" else said)


def _typed_command(turn: Turn, said: str) -> Reply | None:
    if is_spelled_out(said):
        return tell(turn, "report-code")
    command, target = command_of(said), edit_target(said)
    if command is None and is_slashed(said):
        return again(turn, "no_command")
    if command is not None or target is None:
        return _obey(turn, command) or _change_at_once(turn, said)
    question = pending(turn)
    named = edit_named(turn, target)
    # "改制企业" may well be an answer where words are asked for; a number is never spelled that way.
    is_words = question is not None and question.fact.kind in {Kind.TEXT, Kind.YESNO, Kind.CHOICE}
    return named or (None if is_words else choose_edit(turn))


def _change_at_once(turn: Turn, said: str) -> Reply | None:
    """`营业收入改成5亿`: which answer, and the new one."""
    told = _CHANGED.fullmatch(said.strip())
    slot = None if told is None else slot_named(turn, plain(told["title"]))
    if told is None or slot is None:
        return None
    asked_again = start_edit(turn, slot)
    question = pending(turn)
    return asked_again if question is None else note(turn, question, told["value"])


def _obey(turn: Turn, command: str | None) -> Reply | None:
    if command == Command.MYDATA:
        return my_data(turn)
    if command == Command.FIRMS:
        return choose_firm(turn)
    if command == Command.HAND:
        return hand_on(turn)
    if command == Command.SUBSCRIBE:
        return show_subscriptions(turn)
    if command == Command.UNSUBSCRIBE:
        return leave(turn)
    if command == Command.TAKE_BACK:
        return take_back(turn)
    if command == Command.REPORT:
        return hand_out(turn)
    if command in {Command.MOVE, Command.KEEP_CODE}:
        return move_code(turn) if command == Command.MOVE else resume_code(turn)
    if command == Command.ADVISOR:
        return ask_review(turn)
    if command == Command.UNASK:
        return take_back_review(turn)
    if command == Command.ANSWER:
        return answer_command(turn)
    return CONTROLS[Command(command)](turn) if command is not None and command in CONTROLS else None


def _answer(turn: Turn, said: str) -> Reply:
    conflict = open_conflict(turn)
    if conflict is not None:
        return _clear_up(turn, conflict, said)
    question = pending(turn)
    if question is None:
        return done(turn) if plain(said) in POLITE else volunteer(turn, None, said) or again(turn, "unclear")
    return volunteer(turn, question, said) or note(turn, question, said)


def _clear_up(turn: Turn, conflict: Conflict, said: str) -> Reply:
    """Which of two answers shall be changed? Who cannot say keeps both for now."""
    word = plain(said)
    if word in THE_PART or word == plain(conflict.part.title):
        return start_edit(turn, conflict.part.key)
    if word in THE_WHOLE or word == plain(conflict.whole.title):
        return start_edit(turn, conflict.whole.key)
    put_off = {KEPT, Command.SKIP, Command.UNKNOWN}
    if word in put_off or word in BOTH_RIGHT or command_of(said) is Command.SKIP:
        return keep_conflict(turn)
    reading = read(said, Ask("yesno"))
    if reading.kind == "unknown" or reading.hint == "declined":
        return keep_conflict(turn)
    return edit_named(turn, word) or volunteer(turn, None, said) or ask_conflict(turn, conflict, again=True)
