"""How slots and what stands in them are called to the owner."""

from flows.slots import EXACTLY, FOR_A_COLLEAGUE, KEPT, MORE, Entry, Sheet, fact_of
from policy.facts import Fact, Kind
from policy.schemes import Edition
from policy.wire import read_value


def title_of(edition: Edition, sheet: Sheet, slot: str) -> str:
    """How a slot is called to its owner: `营业收入`, `中原实验室的获批年月`, `中原实验室之外还有没有`."""
    key, *path = slot.split(".")
    fact = edition.facts[key]
    if not path or path == [EXACTLY]:
        return fact.title
    if path == [KEPT]:
        return fact_of(edition, slot).title
    title = fact_of(edition, slot).title
    if path[-1] == fact.label_field:
        return f"第 {path[0]} 个{title}"
    return f"{entry_name(edition, sheet, slot)}{'之外' if path[-1] == MORE else '的'}{title}"


def entry_name(edition: Edition, sheet: Sheet, slot: str) -> str | None:
    """How the entry of a list is called whose slot this is; None for a slot that is of no list."""
    key, *path = slot.split(".")
    if not path or path[0] in {EXACTLY, KEPT}:
        return None
    name = sheet.value(f"{key}.{path[0]}.{edition.facts[key].label_field}")
    return str(name) if name else f"第 {path[0]} 个"


def in_words(fact: Fact, entry: Entry) -> str:
    """What stands in a slot, as its owner would read it."""
    if entry == FOR_A_COLLEAGUE:
        return "等问过同事"
    if entry.kind != "value":
        return {"unknown": "不确定", "declined": "不方便说", "skipped": "跳过"}.get(entry.kind, "")
    if fact.kind is Kind.RECORDS and not fact.several:
        return fact.show(bool(entry.value))
    return fact.show(read_value(fact, entry.value, fact.key))


def of_year(edition: Edition, slot: str, year: int) -> int | None:
    """The fiscal year that a figure is of; None where the question names none."""
    fact = edition.facts.get(slot)
    asked = "" if fact is None else fact.ask
    named = (back for back, name in enumerate(("{year}", "{year-1}", "{year-2}")) if name in asked)
    back = next(named, None)
    return None if back is None else year - back
