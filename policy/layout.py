"""The facts of a firm as one short record of fixed size, so that a million of them can be read in a second or two.

A record holds exactly what the rules can look at, or there is none: then the JSON tells. columnar.py reads many at once.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from policy.facts import NUMERIC, Fact, Kind, Records, Value
from policy.intervals import Interval
from policy.quantities import Number

UNKNOWN_LOW, UNKNOWN_HIGH = -(1 << 60), 1 << 60
LARGEST = 10**13  # sums and products of so much stay within 64 bits
FINE = 1_000_000
"""A percentage is counted in millionths of a point, twice: an open end lies between two of them."""
NO, YES = 1, 2
SOME, ALL = 1, 2  # of a list: told in part, told to its end
NEVER, FOREVER = 0, 32_767  # of an option chosen: not at all; without an end
SLOTS = 3  # entries of a list; a firm with more is judged one by one
_HEAD = "<IB3x"


class _UnfitError(Exception):
    """A value that a record cannot hold exactly."""


@dataclass(frozen=True)
class Layout:
    """Where what stands in a record: names of numbers (two ends each), of small codes, and of options (a month each).

    Two facts of one shape (`shape_of`) are held in the same way, whatever they are called and within which limits.
    """

    facts: tuple[Fact, ...]

    @cached_property
    def key(self) -> int:
        """What a record is stamped with: of another catalogue of facts it differs."""
        told = repr([(fact.key, shape_of(fact)) for fact in self.facts])
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4], "little")

    @cached_property
    def _by_key(self) -> Mapping[str, Fact]:
        return {fact.key: fact for fact in self.facts}

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(fact.key for fact in self.facts)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return _places(name for name, fact in self._fields() if fact.kind in NUMERIC)

    @cached_property
    def codes(self) -> Mapping[str, int]:
        plain = (f"{name}~" if fact.kind in NUMERIC else name for name, fact in self._fields())
        return _places([*plain, *(fact.key for fact in self.facts if fact.kind is Kind.RECORDS)])

    @cached_property
    def months(self) -> Mapping[str, int]:
        lists = (fact for fact in self.facts if fact.several)
        return _places(
            f"{fact.key}:{code}" for fact in lists for code in ("", *(o.key for o in fact.several))
        )

    @cached_property
    def _format(self) -> struct.Struct:
        return struct.Struct(f"{_HEAD}{2 * len(self.numbers)}q{len(self.codes)}b{len(self.months)}h")

    @property
    def size(self) -> int:
        """Bytes of a record."""
        return self._format.size

    def _fields(self) -> Iterator[tuple[str, Fact]]:
        """Every plain value: facts, and the fields of a list's entries as `national_platforms.1.kind`."""
        for fact in self.facts:
            if fact.kind is not Kind.RECORDS:
                yield fact.key, fact
            elif not fact.several:
                for number in range(1, SLOTS + 1):
                    for field in fact.fields.values():
                        if field.kind is not Kind.TEXT:
                            yield f"{fact.key}.{number}.{field.key}", field

    def pack(self, values: Mapping[str, Value], *, beside: bool = False) -> bytes | None:
        """The record of a firm; None where something does not fit exactly. `beside`: more is known than it holds."""
        ends = [UNKNOWN_LOW, UNKNOWN_HIGH] * len(self.numbers)
        codes, months = [0] * len(self.codes), [NEVER] * len(self.months)
        try:
            for key, value in values.items():
                fact = self._by_key.get(key)
                if fact is None:
                    continue
                if isinstance(value, Records):
                    self._pack_list(fact, value, ends, codes, months)
                else:
                    self._pack(key, fact, value, ends, codes)
        except _UnfitError:
            return None
        return self._format.pack(self.key, beside, *ends, *codes, *months)

    def _pack(self, name: str, fact: Fact, value: Value, ends: list[int], codes: list[int]) -> None:
        if isinstance(value, Interval):
            place = 2 * self.numbers[name]
            ends[place : place + 2] = _ends(fact, value)
            codes[self.codes[f"{name}~"]] = value.stated is not None
        elif isinstance(value, bool):
            codes[self.codes[name]] = YES if value else NO
        elif isinstance(value, str) and value in fact.choices:
            codes[self.codes[name]] = fact.choices.index(value) + 1
        else:
            raise _UnfitError

    def _pack_list(
        self, fact: Fact, value: Records, ends: list[int], codes: list[int], months: list[int]
    ) -> None:
        codes[self.codes[fact.key]] = ALL if value.complete else SOME
        if fact.several:
            for item in value.items:
                place = self.months.get(f"{fact.key}:{item.get(str(fact.key_field), '')}")
                if place is None:
                    raise _UnfitError
                months[place] = max(months[place], _until(item.get(fact.until_field or "")))
            return
        if len(value.items) > SLOTS:
            raise _UnfitError
        # How many there are stands beside whether these are all.
        codes[self.codes[fact.key]] += 2 * len(value.items)
        for number, item in enumerate(value.items, 1):
            for key, each in item.items():
                if fact.fields[key].kind is not Kind.TEXT:
                    self._pack(f"{fact.key}.{number}.{key}", fact.fields[key], each, ends, codes)


def layout_of(catalogue: Mapping[str, Fact]) -> Layout:
    """The layout for a catalogue: all that a rule looks at, none of what is only taken in besides."""
    return Layout(tuple(f for f in catalogue.values() if f.kind is not Kind.TEXT and not f.background))


def shape_of(fact: Fact) -> tuple[object, ...]:
    """What of a fact decides how its value is held; its wording and limits do not."""
    fields = tuple((key, shape_of(field)) for key, field in fact.fields.items())
    return fact.kind, tuple(option.key for option in fact.options), fact.key_field, fact.until_field, fields


def on_grid(kind: Kind, number: Number) -> int | None:
    """A number as records hold it; None for one that is finer, or too large."""
    if kind is not Kind.PERCENT:
        return number if isinstance(number, int) and abs(number) <= LARGEST else None
    fine = Decimal(number) * FINE
    return 2 * int(fine) if fine == int(fine) and abs(fine) <= LARGEST else None


def _places(names: Iterable[str]) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(names)}


def _ends(fact: Fact, value: Interval) -> tuple[int, int]:
    if value.stated is not None and value != Interval.about(value.stated):
        raise _UnfitError
    open_by = 1 if fact.kind is Kind.PERCENT else 0  # of whole numbers the ends have moved already
    low = _end(fact, value.least, UNKNOWN_LOW, open_by * value.low_open)
    return low, _end(fact, value.most, UNKNOWN_HIGH, -open_by * value.high_open)


def _end(fact: Fact, end: Number | None, unknown: int, open_by: int) -> int:
    if end is None:
        return unknown
    found = on_grid(fact.kind, end)
    if found is None:
        raise _UnfitError
    return found + open_by


def _until(value: Value | None) -> int:
    """The last month that an entry may count to."""
    if not isinstance(value, Interval) or value.most is None:
        return FOREVER
    return min(max(int(value.most), NEVER + 1), FOREVER)
