"""What the owner says to a list of facts told without being asked: all right, one is wrong, none of them, or more of them.

Nothing of a list is stored before a yes to the whole of it as it was last read back: who says that one is wrong has not
said that the others are right. So a wrong one leaves the list, the rest is read back once more, and after the yes the
wrong one is asked by its own question.
"""

import re
from collections.abc import Mapping
from typing import Any

from flows.answering import Misread, from_text
from flows.answers.normalise import normalise
from flows.asking import Pending, echo_of
from flows.commands import command_of, edit_target, plain
from flows.contact import fact_at
from flows.controls import RIGHT, WRONG, ask_whether, shown
from flows.listing import NONE, NOT_THIS, ROWS, stamp
from flows.messages import Json, Reply
from flows.progress import next_reply
from flows.slots import Entry
from flows.turn import Turn
from flows.volunteered import volunteered
from policy.facts import NUMERIC
from policy.results import write_outcome

_ALL_RIGHT = {
    *(
        "对",
        "对的",
        "对了",
        "都对",
        "都对的",
        "全对",
        "全都对",
        "对对",
        "对对对",
        "是",
        "是的",
        "没错",
        "都没错",
        "没问题",
        "正确",
    ),
    *(
        "1",
        "yes",
        "ok",
        "好",
        "好的",
        "可以",
        "确认",
        "嗯",
        "嗯嗯",
        "行",
        "中",
        "就这样",
        "对,都对",
        "都是对的",
    ),
}
_WRONG_WORDS = {
    *(
        "2",
        "改",
        "修改",
        "要改",
        "不对",
        "不对的",
        "错",
        "错了",
        "有错",
        "有错的",
        "不是",
        "no",
        "不全对",
        "有的不对",
    ),
    *("有一条不对", "有一个不对", "有不对的", "不都对", "不", "不是的", "有问题"),
}
_NONE_OF_THEM = {
    *(
        "都不对",
        "都不是",
        "全不对",
        "全错",
        "都错了",
        "都不记",
        "别记",
        "不要记",
        "不用记",
        "都别记",
        "不记",
        "不记了",
        "取消",
        "算了",
    ),
}
_WRONG_AT_THE_END = re.compile("(?:那条|这条|的数)?(?:不对|错了|有错|不是)了?$")
STOOD = "stood"
_DENIED = ("不对", "不是", "错了", "说错了", "不")


def volunteer(turn: Turn, question: Pending | None, said: str) -> Reply | None:
    """Read back what a message tells besides the answer to the open question; None where it tells nothing else."""
    if turn.incoming.choice is not None:
        return None
    told = volunteered(turn, question, said)
    rows = [row for row in told if Entry(**row["entry"]) != turn.sheet.entries.get(row["slot"])]
    if rows:
        return _read_back(turn, {ROWS: rows})
    return next_reply(turn, **_echo(turn, told[0]["slot"])) if told else None


def settle_list(turn: Turn, waiting: Mapping[str, Json], said: str) -> Reply | None:
    """The owner's word on the list; a command, or what is twice no such word, lets go of it."""
    turn.focus = {name: held for name, held in turn.focus.items() if name != "confirm"}
    if turn.incoming.choice is not None:
        return _tapped(turn, waiting, said)
    word = plain(said)
    if waiting.get("which"):
        return _picked(turn, waiting, said) or _corrected(turn, waiting, said)
    if word in _NONE_OF_THEM:
        return next_reply(turn)
    if word in _ALL_RIGHT or word in _WRONG_WORDS:
        return _store(turn, waiting) if word in _ALL_RIGHT else _wrong(turn, waiting)
    return _corrected(turn, waiting, said)


def _tapped(turn: Turn, waiting: Mapping[str, Json], choice: str) -> Reply | None:
    """A button of this list; one of an older list only shows this one again."""
    name, _, slot = choice.partition(":")
    if name not in {RIGHT, WRONG, NONE, NOT_THIS}:
        return None
    which = bool(waiting.get("which"))
    if turn.incoming.revision not in {None, stamp(turn, waiting)} or which is (name in {RIGHT, WRONG}):
        return _read_back(turn, waiting)
    if name == NOT_THIS:
        return _leave_out(turn, waiting, slot)
    if name == NONE:
        return next_reply(turn)
    return _store(turn, waiting) if name == RIGHT else _wrong(turn, waiting)


def _read_back(turn: Turn, waiting: Mapping[str, Json]) -> Reply:
    """What stands beside each row is shown, and remembered: see _store."""
    rows = [{**row, STOOD: turn.standing(row["slot"])} for row in waiting[ROWS]]
    turn.focus = {**turn.focus, "confirm": {**waiting, ROWS: rows}}
    return ask_whether(turn, waiting)


def _wrong(turn: Turn, waiting: Mapping[str, Json]) -> Reply:
    if len(waiting[ROWS]) == 1:
        return _leave_out(turn, waiting, waiting[ROWS][0]["slot"])
    return _read_back(turn, {**waiting, "which": True})


def _leave_out(turn: Turn, waiting: Mapping[str, Json], slot: str) -> Reply:
    """Without the wrong one; where nothing is left, it is asked right away."""
    rows = [row for row in waiting[ROWS] if row["slot"] != slot]
    if len(rows) == len(waiting[ROWS]):
        return _read_back(turn, waiting)
    wrong = [*waiting.get("wrong", ()), slot]
    if not rows:
        return _go_on(turn, wrong)
    title = fact_at(turn.published.edition, slot).title
    return _read_back(turn, {ROWS: rows, "wrong": wrong, "without": title})


def _go_on(turn: Turn, wrong: list[str], **data: Any) -> Reply:  # noqa: ANN401 - what the reply tells first
    """Ask what was wrong; a fact that has no question stays as it was."""
    asked = [slot for slot in wrong if fact_at(turn.published.edition, slot).ask]
    if asked:
        turn.focus = {"slot": asked[0]}
    return next_reply(turn, **data)


def _store(turn: Turn, waiting: Mapping[str, Json]) -> Reply:
    """The owner agreed: every row is an answer of its own. What was being changed is changed now, or still asked."""
    rows, told_before = waiting[ROWS], write_outcome(turn.outcome)
    if any(row.get(STOOD) != turn.standing(row["slot"]) for row in rows):
        return _read_back(turn, waiting)  # answered elsewhere since: read back beside what stands there now
    for row in rows:
        turn.fill(row["slot"], Entry(**row["entry"]), as_typed=row["typed"], rule=f"{row['rule']}, confirmed")
    if turn.focus.get("slot") in {row["slot"] for row in rows}:
        turn.focus = {}
    if write_outcome(turn.outcome) != told_before:
        turn.state = "open"  # what no rule looks at does not have the result told anew
    measure = turn.published.edition.ladder.measure.key
    single = next((row["slot"] for row in rows if len(rows) == 1 or row["slot"] == measure), None)
    told = {} if single is None else _echo(turn, single)
    many = {"noted": len(rows)} if len(rows) > 1 else {}
    return _go_on(turn, waiting.get("wrong", []), **many, **told)


def _echo(turn: Turn, slot: str) -> dict[str, Any]:
    return echo_of(turn, slot, shown(turn, slot) or "不确定")


def _picked(turn: Turn, waiting: Mapping[str, Json], said: str) -> Reply | None:
    """Which one is wrong, by its number or its name."""
    rows, word = waiting[ROWS], plain(said)
    if word in _NONE_OF_THEM:
        return next_reply(turn)
    number = word.removeprefix("第").rstrip("条个是的")
    places = {str(place): row["slot"] for place, row in enumerate(rows, 1)}
    places |= {"一二三四五六七八九"[place]: row["slot"] for place, row in enumerate(rows[:9])}
    slot = places.get(number) or _row_named(turn, rows, word)
    return None if slot is None else _leave_out(turn, waiting, slot)


def _row_named(turn: Turn, rows: list[Json], word: str) -> str | None:
    """The row that a mere name means; a name with a figure is a correction."""
    if any(each.isnumeric() for each in word):
        return None
    named = turn.published.names.only(normalise(word))
    titles = {row["slot"]: fact_at(turn.published.edition, row["slot"]).title for row in rows}
    return next((slot for slot, title in titles.items() if slot == named or (word and word in title)), None)


def _corrected(turn: Turn, waiting: Mapping[str, Json], said: str) -> Reply | None:
    """`不对，营收是3.5亿`, or one more fact: the list as it is then; a name after 改 leaves that one out."""
    target = edit_target(said) or _WRONG_AT_THE_END.sub("", plain(said))
    if (slot := _row_named(turn, waiting[ROWS], target)) is not None:
        return _leave_out(turn, waiting, slot)
    rows = {row["slot"]: row for row in waiting[ROWS]}
    told = {row["slot"]: row for row in volunteered(turn, None, said, frozenset(rows))} or _its_figure(
        turn, waiting, said
    )
    if told:
        return _read_back(turn, {ROWS: list((rows | told).values()), "wrong": waiting.get("wrong", [])})
    if command_of(said) is not None or waiting.get("again"):
        return None
    return _read_back(turn, {**waiting, "again": True})


def _its_figure(turn: Turn, waiting: Mapping[str, Json], said: str) -> dict[str, Json]:
    """`不对，是900万` to a list of one figure."""
    row, rest = waiting[ROWS][0], plain(said)
    fact = fact_at(turn.published.edition, row["slot"])
    denied = next((word for word in _DENIED if rest.startswith(word)), None)
    if len(waiting[ROWS]) > 1 or fact.kind not in NUMERIC or denied is None:
        return {}
    rest = rest.removeprefix(denied).lstrip(" ,。!;").removeprefix("应该").removeprefix("是")
    taken = from_text(Pending(row["slot"], fact), rest, turn.incoming.today)
    if isinstance(taken, Misread) or taken.entry.kind != "value" or not any(map(str.isnumeric, rest)):
        return {}
    return {row["slot"]: {**row, "entry": {"kind": "value", "value": taken.entry.value}, "typed": said}}
