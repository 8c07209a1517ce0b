"""What a firm can tell us: the catalogue's facts, their values, and how a value is said in words.

What follows from one fact for another is in narrowing.py, how a value is written in JSON in wire.py; how an owner types
it is flows/answers' business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from policy.intervals import Interval
from policy.quantities import Number, show_number, show_yuan


class Kind(StrEnum):
    """The kinds of fact. Money is whole yuan, percent is percentage points, a month counts from year 0."""

    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    YEAR = "year"
    MONTH = "month"
    YESNO = "yesno"
    CHOICE = "choice"
    TEXT = "text"
    RECORDS = "records"


NUMERIC = frozenset({Kind.MONEY, Kind.COUNT, Kind.PERCENT, Kind.YEAR, Kind.MONTH})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its key in data, the words shown, and other names people use for it."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """A list fact. `complete` is false while the firm has said there are some but not yet that these are all. `ended`
    are those that no longer count on the day of a judgement: they are only shown."""

    items: tuple[Mapping[str, "Value"], ...]
    complete: bool = True
    ended: tuple[Mapping[str, "Value"], ...] = ()

    @property
    def is_empty(self) -> bool:
        """There surely is none."""
        return not self.items and self.complete


Value = bool | str | Interval | Records


@dataclass(frozen=True)
class Fact:
    """One thing a firm can tell us (事实项): its kind, wording and limits.

    Of a list: `more` asks for a further entry, `label_field` names an entry, `key_field` is the one that a plain text
    stands for, `year_field` the one its JSON form is keyed by, `until_field` the month after which an entry no longer
    counts. `part_of` names the fact this one is a part of: the whole is then at least the part. `next_year` says what an answer is worth
    a year later: `same`, or the fact that it then answers (this year's revenue is next year's `revenue_prior`); None:
    nothing. `background` says why a fact that no rule uses is taken in all the same. `called` lists what else people call it: a figure told without
    being asked is taken only by one of its names.
    """

    key: str
    kind: Kind
    title: str
    ask: str = ""
    help: str = ""
    example: str = ""
    unit: str = ""
    least: Number | None = None
    most: Number | None = None
    typical: tuple[Number, Number] | None = None
    options: tuple[Option, ...] = ()
    more: str = ""
    fields: Mapping[str, "Fact"] = field(default_factory=dict, hash=False)
    label_field: str | None = None
    key_field: str | None = None
    year_field: str | None = None
    until_field: str | None = None
    part_of: str | None = None
    next_year: str | None = None
    background: str = ""
    called: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[bool | str, ...]:
        """The values there are to choose from."""
        return (True, False) if self.kind is Kind.YESNO else tuple(option.key for option in self.options)

    @property
    def several(self) -> tuple[Option, ...]:
        """The options of a list that is told by choosing several at once; empty where it is not."""
        return self.fields[self.key_field].options if self.key_field else ()

    @property
    def value_field(self) -> str:
        """Of a list by year: the field that is not the year. The loader sees to it that there are two."""
        return next(name for name in self.fields if name != self.year_field)

    def show(self, value: Value) -> str:
        """The value in words, as an owner would read it: `不到 1亿元`, `约 3.2亿元`, `参加`, `有`."""
        if isinstance(value, Interval):
            return self._show_interval(value)
        if isinstance(value, Records):
            shown = "、".join((*map(self.show_item, value.items), *map(self._show_ended, value.ended)))
            return shown or ("没有" if value.is_empty else "有")
        if isinstance(value, bool):
            return self._labels.get("yes", "是") if value else self._labels.get("no", "否")
        return self._labels.get(value, value)

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {option.key: option.label for option in self.options}

    def show_item(self, item: Mapping[str, Value]) -> str:
        """One entry of a list: `全国重点实验室（新创建，2026-01，依托单位）`."""
        shown = [field.show(item[key]) for key, field in self.fields.items() if key in item]
        return f"{shown[0]}（{'，'.join(shown[1:])}）" if len(shown) > 1 else "".join(shown) or "一项"

    def _show_ended(self, item: Mapping[str, Value]) -> str:
        """One that no longer counts: `高新技术企业（2025年12月已到期）`."""
        until = str(self.until_field)
        named = {key: value for key, value in item.items() if key != until}
        return f"{self.show_item(named)}（{self.fields[until].show(item[until])}已到期）"

    def show_number(self, number: Number) -> str:
        """A number with its unit: `4999万元`, `2025-09`, `12.5%`, `300人`."""
        if self.kind is Kind.MONEY:
            return show_yuan(number)
        if self.kind is Kind.MONTH:
            year, month = divmod(int(number), 12)
            return f"{year}年{month + 1}月"
        return show_number(number) + ("%" if self.kind is Kind.PERCENT else self.unit)

    def _show_interval(self, value: Interval) -> str:
        if value.value is not None:
            return self.show_number(value.value)
        if value.stated is not None:
            return f"约 {self.show_number(value.stated)}"
        low = (
            ""
            if value.low is None
            else f"{'超过' if value.low_open else '至少'} {self.show_number(value.low)}"
        )
        high = (
            ""
            if value.high is None
            else f"{'不到' if value.high_open else '不超过'} {self.show_number(value.high)}"
        )
        return "、".join(end for end in (low, high) if end) or "未定"
