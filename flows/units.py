"""An amount without a unit: the figures that it may mean, each a button. What else can be misread is asked again in noting.py."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date

from flows.answering import Misread, Taken, from_text
from flows.answers.normalise import normalise
from flows.answers.patterns import Pattern
from flows.asking import Pending
from flows.commands import plain
from flows.contact import fact_at, title_at
from flows.messages import Choice, Json, Reply
from flows.slots import Entry
from flows.turn import Turn
from flows.wording import in_words
from policy.facts import Fact, Kind
from policy.quantities import Number

UNITS = "units"
_WHICH = {"missing_unit", "ambiguous_unit"}
_UNITS = {"yi": "亿元", "wan": "万元", "yuan": "元"}
_WORDS = {
    "yi": {"亿元", "亿"},
    "wan": {"万元", "万"},
    "yuan": {"元", "块", "块钱", "圆"},
}
_PLACES = (
    {"1", "第一个", "前一个", "前者", "前面的", "头一个", "①"},
    {"2", "第二个", "后一个", "后者", "后面的", "②"},
    {"3", "第三个", "最后一个", "③"},
)
_LAST_NUMERAL = Pattern(
    "(?P<before>.*[0-9零〇一二两三四五六七八九十百千万亿半])(?P<after>[^0-9零〇一二两三四五六七八九十百千万亿半]*)"
)
_FEWEST, _MOST = 2, 3
_ROUND = 1000  # who leaves out a unit may have written the yuan of the books, but not 3.2 of them


def ask_unit(turn: Turn, question: Pending, said: str, misread: Misread) -> Reply | None:
    """`3000万元 还是 3000元？`: the figures as choices; None where there are not two that may be meant."""
    if misread.hint not in _WHICH or question.fact.kind is not Kind.MONEY:
        return None
    figures = list(_figures(question, said, turn.incoming.today))
    if len(figures) < _FEWEST:
        return None
    stood = turn.standing(question.slot)
    waiting = {"slot": question.slot, UNITS: figures, "typed": said, "stood": stood}
    turn.focus = {**turn.focus, "confirm": waiting}
    return put_units(turn, turn.focus["confirm"])


def put_units(turn: Turn, waiting: Mapping[str, Json]) -> Reply:
    """The figures that an amount may mean, to choose from."""
    choices = tuple(map(Choice, (each["key"] for each in waiting[UNITS]), _labels(turn, waiting)))
    data = {"title": title_at(turn.published.edition, turn.sheet, waiting["slot"]), "said": waiting["typed"]}
    data["labels"] = [choice.label for choice in choices]
    return Reply("confirm", "unit", waiting["slot"], choices, data, revision=_stamp(turn, waiting))


def chosen_unit(turn: Turn, waiting: Mapping[str, Json], said: str) -> Json | None:
    """The reading that was chosen, by its button or in words; None where something else was said."""
    incoming = turn.incoming
    if incoming.choice is not None:
        is_this = incoming.revision in {None, _stamp(turn, waiting)}
        found = (each for each in waiting[UNITS] if is_this and each["key"] == said)
    else:
        word = plain(said).removeprefix("单位").removeprefix("就").removeprefix("是").rstrip("的吧")
        found = (
            each for place, each in zip(_PLACES, waiting[UNITS], strict=False) if _names(each, place, word)
        )
    figure = next(found, None)
    if figure is None:
        return None
    told = {name: figure[name] for name in ("entry", "rule")}
    return {**{name: waiting.get(name) for name in ("slot", "typed", "stood")}, **told}


def _names(figure: Json, place: set[str], word: str) -> bool:
    return word in place or word in _WORDS[figure["key"].removeprefix("unit:")]


def _stamp(turn: Turn, waiting: Mapping[str, Json]) -> int:
    return turn.stamp(UNITS, waiting["slot"], _labels(turn, waiting))


def _labels(turn: Turn, waiting: Mapping[str, Json]) -> list[str]:
    fact = fact_at(turn.published.edition, waiting["slot"])
    return [in_words(fact, Entry(**each["entry"])) for each in waiting[UNITS]]


def _figures(question: Pending, said: str, today: date) -> Iterator[Json]:
    """What the amount would be in each unit, the largest first, as far as it may be meant."""
    read = {unit: _with_unit(question, said, word, today) for unit, word in _UNITS.items()}
    taken = {
        unit: each for unit, each in read.items() if isinstance(each, Taken) and each.entry.kind == "value"
    }
    for unit in _likely(question.fact, {unit: _size(each.entry) for unit, each in taken.items()}):
        each = taken[unit]
        yield {"key": f"unit:{unit}", "entry": asdict(each.entry), "rule": f"{each.rule}, unit asked"}


def _with_unit(question: Pending, said: str, unit: str, today: date) -> Taken | Misread:
    found = _LAST_NUMERAL.fullmatch(normalise(said))
    if found is None:
        return Misread("no_number")
    bare = replace(question.fact, typical=None)
    return from_text(replace(question, fact=bare), f"{found['before']}{unit}{found['after']}", today)


def _likely(fact: Fact, sizes: Mapping[str, Number]) -> list[str]:
    """The figures that are typical and the whole yuan of a large number; where that leaves one, the next nearest too."""
    low, high = fact.typical or (10**4, 10**11)
    bare = sizes.get("yuan", 0)
    likely = [
        unit for unit, size in sizes.items() if low <= size <= high or (unit == "yuan" and bare >= _ROUND)
    ]
    if len(likely) < _FEWEST:
        rest = [unit for unit in sizes if unit not in likely]
        nearest = sorted(rest, key=lambda unit: max(low / max(sizes[unit], 1), sizes[unit] / high))
        likely += nearest[: _FEWEST - len(likely)]
    return [unit for unit in sizes if unit in likely][:_MOST]


def _size(entry: Entry) -> Number:
    """How large an amount is: of a range, its named end."""
    if not isinstance(entry.value, dict):
        return int(entry.value)
    ends = (entry.value.get(name) for name in ("value", "high", "low"))
    return next((end for end in ends if end is not None), 0)
