"""Packed records of many firms -> columns: two ends for each number, small codes, months of options."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from policy.columnar.planes import Ends, Flags, Longs, stated_behind
from policy.facts import NUMERIC, Fact, Kind
from policy.layout import ALL, FINE, SLOTS, SOME, UNKNOWN_HIGH, UNKNOWN_LOW, Layout, on_grid, shape_of

Codes: TypeAlias = npt.NDArray[np.int8]
Months: TypeAlias = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Table:
    """The facts of `rows` firms by column, as one catalogue takes them. Columns that are absent are unknown for all.

    `unfit` marks the firms that have to be judged one by one: columns cannot tell what is known of them.
    """

    rows: int
    ends: Mapping[str, Ends]
    codes: Mapping[str, Codes]
    months: Mapping[str, Months]
    unfit: Flags

    def number(self, name: str) -> Ends:
        return self.ends.get(name) or Ends(
            *(np.full(self.rows, end) for end in (UNKNOWN_LOW, UNKNOWN_HIGH, UNKNOWN_LOW))
        )

    def code(self, name: str) -> Codes:
        return self.codes[name] if name in self.codes else np.zeros(self.rows, np.int8)

    def month(self, name: str) -> Months:
        return self.months[name] if name in self.months else np.zeros(self.rows, np.int16)

    def told(self, fact: Fact) -> tuple[Flags, Flags]:
        """Of a list: whether anything was said about it, and whether it was told to its end."""
        code = self.code(fact.key)
        return code > 0, (code > 0) & (code % 2 == 0)

    def count(self, fact: Fact) -> Longs:
        """How many entries a list has that is not told by choosing."""
        counted: Longs = (self.code(fact.key).astype(np.int64) - SOME) // ALL
        return counted


def read_records(records: Sequence[bytes | None], layout: Layout, catalogue: Mapping[str, Fact]) -> Table:
    """Records that `layout` packed, as columns for a catalogue which may be another one; anything else is unfit."""
    numbers, codes, months = len(layout.numbers), len(layout.codes), len(layout.months)
    kind = np.dtype(
        [
            *(("key", "<u4"), ("beside", "u1"), ("", "u1", 3)),
            *(("ends", "<i8", (2 * numbers,)), ("codes", "i1", (codes,)), ("months", "<i2", (months,))),
        ]
    )
    size, nothing = layout.size, bytes(layout.size)
    alike = [each if each is not None and len(each) == size else nothing for each in records]
    held = np.frombuffer(b"".join(alike), dtype=kind)
    ends, small = np.ascontiguousarray(held["ends"].T), np.ascontiguousarray(held["codes"].T)
    table = Table(
        len(held),
        {
            name: Ends(
                ends[2 * at],
                ends[2 * at + 1],
                stated_behind(ends[2 * at + 1], small[layout.codes[f"{name}~"]] > 0),
            )
            for name, at in layout.numbers.items()
        },
        {name: small[at] for name, at in layout.codes.items() if not name.endswith("~")},
        dict(zip(layout.months, np.ascontiguousarray(held["months"].T), strict=True)),
        held["key"] != layout.key,
    )
    return _taken_as(table, layout, catalogue, held["beside"] > 0)


def _taken_as(table: Table, layout: Layout, catalogue: Mapping[str, Fact], beside: Flags) -> Table:
    """The table for a catalogue: what it holds in another shape, or within other limits, is looked at firm by firm."""
    known = {fact.key: fact for fact in layout.facts}
    unfit = table.unfit.copy()
    ends, codes, months = {**table.ends}, {**table.codes}, {**table.months}
    for key, fact in catalogue.items():
        if key not in known:
            unfit |= beside if not fact.background and fact.kind is not Kind.TEXT else False
        elif shape_of(fact) != shape_of(known[key]):
            for name in _names(known[key]):
                unfit |= _is_known(table, name)
                for columns in (ends, codes, months):
                    columns.pop(name, None)
        elif fact.kind in NUMERIC and (fact.least, fact.most) != (known[key].least, known[key].most):
            unfit |= _beyond(table.ends[key], fact)
        elif fact.kind is Kind.RECORDS and fact.fields != known[key].fields:
            unfit |= table.codes[key] > 0
    return Table(table.rows, ends, codes, months, unfit)


def _names(fact: Fact) -> Iterator[str]:
    yield fact.key
    for option in ("", *(each.key for each in fact.several)):
        yield f"{fact.key}:{option}"
    for number in range(1, SLOTS + 1):
        yield from (f"{fact.key}.{number}.{field}" for field in fact.fields)


def _is_known(table: Table, name: str) -> Flags:
    if name in table.ends:
        return table.ends[name].is_known
    if name in table.codes:
        return table.codes[name] > 0
    return table.month(name) > 0


def _beyond(value: Ends, fact: Fact) -> Flags:
    """Whether an end lies outside the limits; of about so much, whatever is near them."""
    least, most = (None if each is None else on_grid(fact.kind, each) for each in (fact.least, fact.most))
    found = np.zeros(len(value.low), bool)
    slack = 2 * FINE if fact.kind is Kind.PERCENT else 1  # open ends have moved a little
    for bound, sign in ((least, 1), (most, -1)):
        if bound is not None:
            for end, unknown in ((value.low, UNKNOWN_LOW), (value.high, UNKNOWN_HIGH)):
                found |= (end != unknown) & ((end - bound) * sign < slack)
    return found
