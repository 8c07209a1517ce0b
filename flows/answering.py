"""From what the owner typed or tapped to what is stored, or why it cannot be. Nothing is guessed and nothing written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from flows.answers import Ask, Option, Reading, read
from flows.asking import Pending
from flows.choosing import is_none
from flows.commands import Command, plain
from flows.contact import CONTACT, clean_text
from flows.messages import Json
from flows.slots import FOR_A_COLLEAGUE, Entry
from flows.words import ASK_ANOTHER, NOTHING, PLAIN_NO, POLITE, REACHED, SHORT, UNDER_WAY, is_bare_sign
from policy.complaints import DocumentError
from policy.facts import NUMERIC, Fact, Kind, Value
from policy.facts import Option as FactOption
from policy.intervals import Interval
from policy.wire import read_value, write_value

_ASK_KINDS: Mapping[Kind, Literal["money", "percent", "count", "year", "month", "yesno", "choice"]] = {
    Kind.MONEY: "money",
    Kind.PERCENT: "percent",
    Kind.COUNT: "count",
    Kind.YEAR: "year",
    Kind.MONTH: "month",
    Kind.YESNO: "yesno",
    Kind.RECORDS: "yesno",
    Kind.CHOICE: "choice",
}
_YES_NO = {"yes": True, "no": False}
_LONGEST_REFUSAL = 8  # a longer text that has 保密 or 不明 in it is a name
_UNNUMBERED = -1  # no button shows the eighteen cities, so "1" means none of them


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer to store: the entry, how it was read, and whether the owner has to say yes to the reading first."""

    entry: Entry
    rule: str
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Misread:
    """Why an answer could not be taken: one of the contract's hint codes, or `choice` for a button that is none."""

    hint: str


def from_choice(question: Pending, choice: str) -> Taken | Misread:
    """A tapped button, or the key of a choice sent by a program."""
    if choice == Command.UNKNOWN and not question.is_about:
        return Taken(Entry("unknown"), "button")
    if choice == Command.SKIP:
        return Taken(Entry("skipped"), "button")
    if choice == Command.COLLEAGUE and not question.is_about:
        return Taken(FOR_A_COLLEAGUE, "button")
    if question.fact.kind is Kind.CHOICE and choice in {option.key for option in question.fact.options}:
        return Taken(Entry("value", choice), "button")
    if question.fact.kind in {Kind.YESNO, Kind.RECORDS} and choice in _YES_NO:
        return Taken(Entry("value", _YES_NO[choice]), "button")
    return Misread("choice")


def from_text(question: Pending, text: str, today: date) -> Taken | Misread:
    """A typed answer."""
    fact = question.fact
    if not question.is_about and ASK_ANOTHER.fullmatch(plain(text)):
        return Taken(FOR_A_COLLEAGUE, "colleague")
    if fact.kind is Kind.TEXT:
        return _from_plain_text(question, text)
    if fact.several and is_none(plain(text)):
        return Taken(Entry("value", []), "none of them")
    if (
        fact.kind in {Kind.YESNO, Kind.RECORDS}
        and not fact.several
        and (named := _named_option(fact, text)) is not None
    ):
        return Taken(named, "label")
    reading = read(text, ask_of(fact, today))
    if reading.kind == "unknown":
        return _not_told(question, reading)
    if reading.kind == "reject":
        return (
            Taken(Entry("declined"), reading.rule)
            if reading.hint == "declined"
            else Misread(str(reading.hint))
        )
    taken = _stored(fact, reading)
    return replace(taken, confirm=True) if isinstance(taken, Taken) and _is_doubtful(taken, text) else taken


def _is_doubtful(taken: Taken, text: str) -> bool:
    """A mere nod ("好的" to "有没有……？") or thumb, or a no that speaks of what is under way or elsewhere ("在筹备",
    "不在郑州，在洛阳"): a wrong no closes a door without anybody noticing, so it is read back."""
    said = plain(text)
    if is_bare_sign(said):
        return True
    if taken.entry.value is not False or PLAIN_NO.fullmatch(said):
        return said in POLITE
    return UNDER_WAY.search(said) is not None


def settle(question: Pending, known: Value | None, said: str, *, tapped: bool) -> Taken | None:
    """An answer to "did it reach the threshold?": the known bounds, narrowed; None where it is another answer."""
    if question.bound is None or not isinstance(known, Interval):
        return None
    word = plain(said)
    reached = f"到了 {question.fact.show_number(question.bound)}"
    yes = word == Command.YES if tapped else word in {*REACHED, reached}
    if not yes and not (word == Command.NO if tapped else word in SHORT):
        reading = None if tapped else read(word, Ask("yesno"))
        if reading is None or reading.kind != "yesno" or reading.confirm or is_bare_sign(word):
            return None
        yes = reading.value is True
    side = Interval(low=question.bound) if yes else Interval(high=question.bound, high_open=True)
    return Taken(Entry("value", write_value(question.fact, known.meet(side))), "threshold")


def ask_of(fact: Fact, today: date) -> Ask:
    """A fact as the reader of answers takes it."""
    options = tuple(
        Option(_UNNUMBERED if fact.key in CONTACT else number, option.key, option.label, option.aliases)
        for number, option in enumerate(fact.several or fact.options, 1)
    )
    return Ask(
        kind="choice" if fact.several else _ASK_KINDS[fact.kind],
        field=fact.key,
        min=fact.least if fact.kind is not Kind.MONTH else None,
        max=fact.most if fact.kind is not Kind.MONTH else None,
        typical=fact.typical,
        options=options if fact.several or fact.kind is Kind.CHOICE else (),
        multi=bool(fact.several),
        label=fact.title,
        today=today,
    )


def _from_plain_text(question: Pending, text: str) -> Taken | Misread:
    """A name or a code: taken as it stands, unless it says that there will be none."""
    fact, said = question.fact, plain(text)
    if said in NOTHING:
        return Taken(Entry("skipped" if question.is_about else "unknown"), "nothing")
    reading = read(text, Ask("yesno")) if len(said) <= _LONGEST_REFUSAL else None
    if reading is not None and reading.kind == "unknown":
        return _not_told(question, reading)
    if reading is not None and reading.hint in {"declined", "explain"}:
        return Taken(Entry("declined"), reading.rule) if reading.hint == "declined" else Misread("explain")
    if fact.key in CONTACT:
        cleaned = clean_text(fact, text)
        return Misread(fact.key) if cleaned is None else Taken(Entry("value", cleaned), "text")
    shown = " ".join(text.split())[:100]
    return Taken(Entry("value", shown), "text") if shown else Misread("unclear")


def _not_told(question: Pending, reading: Reading) -> Taken:
    """Does not know. What only describes the firm is then left out."""
    return Taken(Entry("skipped" if question.is_about else "unknown"), reading.rule)


_DEFAULT_OPTIONS = (FactOption("yes", "有"), FactOption("no", "没有"))


def _named_option(fact: Fact, text: str) -> Entry | None:
    """`1`, `在河南`, `暂无`: the number, the words of a button, or another name for it."""
    said = plain(text)
    for number, option in enumerate(fact.options or _DEFAULT_OPTIONS, 1):
        names = {plain(name) for name in (str(number), option.label, *option.aliases)}
        if said in names or said.removeprefix("在") in names:
            return Entry("unknown") if option.key == "unknown" else Entry("value", _YES_NO[option.key])
    return None


def _stored(fact: Fact, reading: Reading) -> Taken | Misread:
    """A reading in the form in which facts are stored. Money is whole yuan there."""
    value: Json
    if fact.several:
        return Taken(Entry("value", list(_chosen(reading.value))), reading.rule, reading.confirm)
    if fact.kind is Kind.RECORDS:
        return Taken(Entry("value", reading.value), reading.rule, reading.confirm)
    if reading.kind in {"yesno", "choice", "month"}:
        value = reading.value
    elif reading.value is not None:
        number = _whole(reading.value)
        value = {"value": number, "approx": True} if reading.approx else number
    else:
        ends = {"low": reading.low, "high": reading.high}
        value = {key: None if end is None else _whole(end) for key, end in ends.items()}
        value |= {"low_open": reading.low_open, "high_open": reading.high_open}
    try:
        read_value(fact, value, fact.key)
    except DocumentError:
        return Misread("out_of_range")
    # "没有" to an amount may mean nothing at all, or only that there is no figure.
    is_zero = fact.kind in NUMERIC and reading.value == 0
    return Taken(Entry("value", value), reading.rule, reading.confirm or is_zero)


def _chosen(value: object) -> Iterable[str]:
    return map(str, value) if isinstance(value, list | tuple) else (str(value),)


def _whole(number: object) -> int:
    return int(number) if isinstance(number, int | Decimal) else 0
