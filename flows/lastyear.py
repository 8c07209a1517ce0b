"""What a firm said in an earlier year, offered for this one (去年的答复): never taken over unless the owner says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.slots import Entry, Sheet
from flows.turn import Turn
from policy.complaints import DocumentError
from policy.fact_shapes import SAME
from policy.facts import Fact, Kind, Records
from policy.schemes import Edition
from policy.wire import read_value

AS_BEFORE = "as-before"
RULE = "as last year, confirmed"
_LONGEST = 40  # of a label
_WORDS = {
    *(
        "一样",
        "没变",
        "没有变",
        "没变化",
        "没有变化",
        "不变",
        "同上",
        "照旧",
        "还是一样",
        "还一样",
        "都一样",
        "还是那样",
    ),
    *(
        "和去年一样",
        "跟去年一样",
        "同去年",
        "与去年相同",
        "和上次一样",
        "跟上次一样",
        "和以前一样",
        "跟以前一样",
    ),
    *("和去年一样没变", "按去年记的", "按去年的", "照去年的", "就按去年记的", "老样子"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An earlier answer for a slot: its entry, those of a list's further slots, and how it is offered."""

    entry: Entry
    label: str
    inner: Mapping[str, Entry] = field(default_factory=dict)


def is_as_before(said: str) -> bool:
    """Whether somebody says that nothing has changed; `said` is folded (see commands.plain)."""
    return said in _WORDS


def offer(turn: Turn, slot: str) -> Offer | None:
    """What the firm said about this in an earlier year, as far as it still says something about this one."""
    earlier, edition = turn.earlier, turn.published.edition
    if earlier is None or slot not in edition.facts:
        return None
    source = _source(edition, slot, turn.year - earlier.fiscal_year)
    sheet = Sheet.from_json(earlier.facts)
    entry = None if source is None else sheet.entries.get(source)
    if source is None or entry is None or entry.kind != "value":
        return None
    shown = _shown(edition, edition.facts[slot], sheet, source)
    if shown is None:
        return None
    if source == slot:
        inner = {name: each for name, each in sheet.entries.items() if name.startswith(f"{slot}.")}
        return Offer(entry, _short(f"和上次一样：{shown}"), inner)
    since = "去年" if turn.year - earlier.fiscal_year == 1 else f" {earlier.fiscal_year} 年度"
    return Offer(entry, _short(f"按{since}记的：{shown}"))


def _source(edition: Edition, slot: str, years: int) -> str | None:
    """Which fact of so many years ago is this one now."""
    if edition.facts[slot].next_year == SAME:
        return slot
    for key in edition.facts:
        reached: str | None = key
        for _ in range(years):
            reached = None if reached is None else edition.facts[reached].next_year
            if reached == SAME:
                reached = None
        if reached == slot:
            return key
    return None


def _shown(edition: Edition, fact: Fact, sheet: Sheet, source: str) -> str | None:
    """The earlier answer in words; None where it cannot be taken over as it stands."""
    try:
        if fact.kind is not Kind.RECORDS or fact.several:
            value = read_value(fact, sheet.value(source), fact.key)
        else:
            value = sheet.facts(edition)[source]
    except (DocumentError, KeyError, ValueError):
        return None  # told under other rules
    return None if isinstance(value, Records) and not value.complete else fact.show(value)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
