"""Slots: the places an answer can go. Most are a fact's key; a list fact has a slot for each field of each entry.

`national_platforms` (有没有), `national_platforms.1.kind`, `national_platforms.1.more` (还有吗); `revenue.exactly`
holds that the owner cannot be more precise, `upgrade_equipment_software.kept` that two answers which clash shall stay. Turning filled slots into facts is here too; asking is asking.py's.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.messages import Json
from models.answer import AnswerKind
from policy.complaints import DocumentError
from policy.facts import Fact, Kind, Option, Records, Value
from policy.layout import Layout
from policy.lists import Some
from policy.logic import Condition
from policy.schemes import Edition
from policy.wire import read_value

EXACTLY = "exactly"
MORE = "more"
KEPT = "kept"
_MORE_OR_NOT = (Option("yes", "有"), Option("no", "没有"))
ABOUT = "about."


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a slot: a value in JSON form, or that it is not known, declined or put aside."""

    kind: AnswerKind
    value: Any = None


FOR_A_COLLEAGUE = Entry("skipped", "colleague")
"""Put aside until a colleague can tell; anything else about it is as for what was skipped."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All filled slots of one assessment, in the order in which they were first filled."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    @classmethod
    def from_json(cls, snapshot: Mapping[str, Any]) -> "Sheet":
        return cls({slot: Entry(*stored) for slot, stored in snapshot.items()})

    def to_json(self) -> dict[str, Any]:
        return {slot: [entry.kind, entry.value] for slot, entry in self.entries.items()}

    def filled(self, slot: str, entry: Entry) -> "Sheet":
        """The sheet after one more answer. What hung on the former answer goes; everything else still holds."""
        same = self.entries.get(slot) == entry
        kept = {name: each for name, each in self.entries.items() if same or not _hangs_on(name, slot, entry)}
        if entry.kind == "withdrawn":
            kept.pop(slot, None)
        else:
            kept[slot] = entry
        return Sheet(kept)

    def value(self, slot: str) -> Json:
        entry = self.entries.get(slot)
        return entry.value if entry is not None and entry.kind == "value" else None

    def facts(self, edition: Edition) -> dict[str, Value]:
        """What the firm said, as the rules take it."""
        values: dict[str, Value] = {}
        for key, fact in edition.facts.items():
            if key not in self.entries or (stated := self.value(key)) is None:  # most are not told at all
                continue
            by_entry = fact.kind is Kind.RECORDS and not fact.several
            value = self._records(fact) if by_entry else _fitting(fact, stated)
            if value is not None:
                values[key] = value
        return values

    def record(self, layout: Layout, facts: Mapping[str, Value]) -> bytes | None:
        """The facts as one record (see policy/layout.py); None where it cannot hold them."""
        beside = any(
            entry.kind == "value" and not slot.startswith(ABOUT) and slot.split(".", 1)[0] not in layout.keys
            for slot, entry in self.entries.items()
        )
        return layout.pack(facts, beside=beside)

    def _records(self, fact: Fact) -> Records:
        if self.value(fact.key) is False:
            return Records(())
        items = tuple(self.item(fact, number) for number in self._numbers(fact))
        closed = self.entries.get(f"{fact.key}.{len(items)}.{MORE}")
        return Records(items, complete=closed == Entry("value", False))

    def item(self, fact: Fact, number: int) -> dict[str, Value]:
        """One entry of a list fact, as far as it was told."""
        slots = {name: f"{fact.key}.{number}.{name}" for name in fact.fields}
        told = {name: self.value(slot) for name, slot in slots.items()}
        fitting = {
            name: _fitting(fact.fields[name], value) for name, value in told.items() if value is not None
        }
        return {name: value for name, value in fitting.items() if value is not None}

    def _numbers(self, fact: Fact) -> Iterator[int]:
        number = 1
        while any(slot.startswith(f"{fact.key}.{number}.") for slot in self.entries):
            yield number
            if self.value(f"{fact.key}.{number}.{MORE}") is not True:
                return
            number += 1

    def withheld(self, edition: Edition) -> set[str]:
        """The facts that cannot be had (more precisely) by asking: not known, declined or put aside."""
        out = {key for key, entry in self.entries.items() if entry.kind != "value" and key in edition.facts}
        out |= {key for key in edition.facts if f"{key}.{EXACTLY}" in self.entries}
        listed = [
            fact
            for fact in edition.facts.values()
            if fact.kind is Kind.RECORDS and not fact.several and self.value(fact.key) is True
        ]
        return out | {fact.key for fact in listed if not self.open_in_list(edition, fact)}

    def open_in_list(self, edition: Edition, fact: Fact) -> list[str]:
        """The slots still to fill of a list that the firm said is not empty, as far as they are known to matter."""
        told = list(self._numbers(fact)) or [1]
        if self.value(f"{fact.key}.{told[-1]}.{MORE}") is True:
            told.append(told[-1] + 1)
        slots = [
            f"{fact.key}.{number}.{name}"
            for number in told
            for name in (*_fields_that_matter(edition, fact, self.item(fact, number)), MORE)
        ]
        return [slot for slot in slots if slot not in self.entries]


def _fitting(fact: Fact, stated: Json) -> Value | None:
    """A stored value as the fact takes it; None where a later edition has other options or limits: it is asked anew."""
    try:
        return read_value(fact, stated, fact.key)
    except DocumentError:
        return None


def short_form(slot: str) -> str:
    """A slot as a button carries it where its name is too long; it is only ever compared, see is_about."""
    return f"#{zlib.crc32(slot.encode()):08x}"


def is_about(told: str, slot: str) -> bool:
    """Whether a button's word for its slot, which may be the short form, means this one."""
    return told == slot or (told.startswith("#") and told == short_form(slot))


def _hangs_on(name: str, slot: str, entry: Entry) -> bool:
    """Whether an answer goes with the former answer to `slot`: a part of it, or a later entry of a list that ends there."""
    if name.startswith(f"{slot}."):
        return True
    key, _, path = slot.partition(".")
    number, _, last = path.partition(".")
    if last != MORE or entry == Entry("value", True):
        return False
    key_of_name, *path_of_name = name.split(".")
    return key_of_name == key and len(path_of_name) > 1 and int(path_of_name[0]) > int(number)


def _fields_that_matter(edition: Edition, fact: Fact, item: Mapping[str, Value]) -> Iterator[str]:
    """The field that names the entry, then those that can still change what a rule says of it."""
    wanted = {
        missing.fact
        for scheme in edition.schemes
        for some in _somes(scheme.eligible_when)
        if some.fact.key == fact.key
        for missing in some.condition.evaluate(item).missing
    }
    return (name for name in fact.fields if name == fact.label_field or name in wanted)


def _somes(condition: Condition) -> Iterator[Some]:
    if isinstance(condition, Some):
        yield condition
    for part in condition.parts():
        yield from _somes(part)


def fact_of(edition: Edition, slot: str) -> Fact:
    """The fact, or the field of a list fact, that a slot takes; for `more`, a yes or no."""
    key, *path = slot.split(".")
    fact = edition.facts[key]
    if not path or path == [EXACTLY]:
        return fact
    name = path[-1]
    if path == [KEPT]:
        return Fact(slot, Kind.TEXT, f"{fact.title}对不上也先这样")
    if name == MORE:
        return Fact(slot, Kind.YESNO, "还有没有", ask=fact.more, options=_MORE_OR_NOT)
    return fact.fields[name]
