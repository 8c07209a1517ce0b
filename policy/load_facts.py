"""YAML -> the catalogue of facts, and numbers in a fact's own unit."""

import re
from collections.abc import Mapping

from policy.complaints import did_you_mean
from policy.entries import Entry, Parts
from policy.facts import NUMERIC, Fact, Kind, Option
from policy.quantities import Number

_WORDING = ("ask", "help", "example", "unit")
_SHAPE = {
    "limits": NUMERIC,
    "typical": NUMERIC,
    "options": frozenset({Kind.CHOICE, Kind.YESNO, Kind.RECORDS}),
}
_LIST_KEYS = ("fields", "more", "label_field", "key_field", "year_field")
_SHAPE_OF_LISTS = dict.fromkeys(_LIST_KEYS, frozenset({Kind.RECORDS}))
_FIELD_KEYS = (*_WORDING, *_SHAPE)
_FACT_KEYS = (*_FIELD_KEYS, *_SHAPE_OF_LISTS, "part_of", "background")
_FIELD_KINDS = tuple(kind for kind in Kind if kind is not Kind.RECORDS)
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def read_catalogue(root: Entry) -> dict[str, Fact]:
    """The facts by key, in the order of the file: it is the order of asking where nothing else decides."""
    entries = root.entries()
    facts = {key: _fact(key, entry) for key, entry in entries.items()}
    for fact in facts.values():
        if fact.part_of:
            _check_whole(fact, facts, entries[fact.key])
    return facts


def _fact(key: str, entry: Entry) -> Fact:
    parts = entry.entries(("kind", "title"), _FACT_KEYS)
    kind = parts.read("kind", lambda each: Kind(each.word(Kind)), Kind.TEXT)
    fields = {name: _field(name, each) for name, each in parts.read("fields", Entry.entries, Parts()).items()}
    fact = _read(key, kind, parts, fields)
    _check_shape(fact, entry, parts)
    return fact


def _field(key: str, entry: Entry) -> Fact:
    """A field of a list: a plain fact, never a list or a part of something."""
    parts = entry.entries(("kind", "title"), _FIELD_KEYS)
    kind = parts.read("kind", lambda each: Kind(each.word(_FIELD_KINDS)), Kind.TEXT)
    fact = _read(key, kind, parts, {})
    _check_shape(fact, entry, parts)
    return fact


def _read(key: str, kind: Kind, parts: Parts, fields: Mapping[str, Fact]) -> Fact:
    least, most = _limits(kind, parts)
    return Fact(
        key=key,
        kind=kind,
        title=parts.text("title"),
        ask=parts.text("ask"),
        help=parts.text("help"),
        example=parts.text("example"),
        unit=parts.text("unit"),
        least=least,
        most=most,
        typical=_typical(kind, parts),
        options=parts.read("options", _options, ()),
        more=parts.text("more"),
        fields=fields,
        label_field=parts.read("label_field", lambda each: each.word(fields), None),
        key_field=parts.read("key_field", lambda each: each.word(fields), None),
        year_field=parts.read("year_field", lambda each: each.word(fields), None),
        part_of=parts.text("part_of") or None,
        background=parts.text("background"),
    )


def _options(entry: Entry) -> tuple[Option, ...]:
    listed = [item.entries(("key", "label"), ("aliases",)) for item in entry.items()]
    return tuple(Option(each.text("key"), each.text("label"), each.texts("aliases")) for each in listed)


def number(kind: Kind, entry: Entry) -> Number:
    """A figure in the unit of its kind."""
    if kind is Kind.MONEY:
        return entry.yuan()
    if kind is Kind.PERCENT:
        return entry.percent()
    return entry.month() if kind is Kind.MONTH else entry.whole()


def _limits(kind: Kind, parts: Parts) -> tuple[Number | None, Number | None]:
    if "limits" not in parts or kind not in NUMERIC:
        return None, None
    limits = parts["limits"]
    ends, mark = limits.entries((), ("min", "max")), len(limits.complaints)
    low, high = (ends.read(name, lambda end: number(kind, end), None) for name in ("min", "max"))
    if low is not None and high is not None and low > high and len(limits.complaints) == mark:
        limits.complain("'min' is above 'max'; swap or correct them")
    return low, high


def _typical(kind: Kind, parts: Parts) -> tuple[Number, Number] | None:
    if "typical" not in parts or kind not in NUMERIC:
        return None
    typical, mark = parts["typical"], len(parts["typical"].complaints)
    ends = [number(kind, item) for item in typical.items()]
    if len(typical.complaints) == mark and (len(ends) != 2 or ends[0] > ends[1]):  # noqa: PLR2004  two ends
        typical.complain("expected two figures, the lower one first, as [10万, 500亿]")
    return (ends[0], ends[-1]) if ends else None


def _check_shape(fact: Fact, entry: Entry, parts: Parts) -> None:
    """What a kind of fact must have, may have, and may not."""
    if not _KEY.fullmatch(fact.key):
        entry.complain(f"'{fact.key}' cannot be a key; use small letters, digits and _, as rd_institution")
    for name, kinds in (_SHAPE | _SHAPE_OF_LISTS).items():
        if name in parts and fact.kind not in kinds:
            parts[name].complain(f"'{name}' does not fit '{fact.key}', which is {fact.kind}; remove it")
    if fact.kind is Kind.CHOICE and not fact.options:
        entry.complain(f"the choice '{fact.key}' has no options; list them")
    if fact.kind is Kind.RECORDS:
        _check_list(fact, entry)
    if fact.options and fact.kind in _SHAPE["options"]:
        _check_options(fact, parts["options"])


def _check_options(fact: Fact, entry: Entry) -> None:
    keys = [option.key for option in fact.options]
    if fact.kind is not Kind.CHOICE and not {*keys} <= {"yes", "no"}:
        entry.complain(f'the options of \'{fact.key}\' can only be "yes" and "no"; it is {fact.kind}')
    names = [name for option in fact.options for name in {option.label, *option.aliases}]
    for twice in dict.fromkeys(
        name for name in (*keys, *names) if max(keys.count(name), names.count(name)) > 1
    ):
        entry.complain(f"'{twice}' stands for two options of '{fact.key}'; an answer must mean one")


def _check_list(fact: Fact, entry: Entry) -> None:
    if not fact.fields:
        entry.complain(f"the list '{fact.key}' has no fields; name them")
    year = fact.fields.get(fact.year_field or "")
    if year is not None and (year.kind is not Kind.YEAR or len(fact.fields) != 2):  # noqa: PLR2004  the year and its value
        entry.complain(f"a list by year has two fields, one of kind year; correct the fields of '{fact.key}'")


def _check_whole(part: Fact, facts: Mapping[str, Fact], entry: Entry) -> None:
    name = str(part.part_of)
    whole = facts.get(name)
    if whole is None:
        entry.complain(f"part_of names an unknown fact '{name}'{did_you_mean(name, facts)}")
    elif whole is part:
        entry.complain(f"'{name}' cannot be a part of itself; name the whole")
    elif whole.kind is not part.kind or part.kind not in NUMERIC:
        entry.complain(
            f"part_of needs two numbers of one kind; '{part.key}' is {part.kind}, '{name}' is {whole.kind}"
        )
    elif whole.part_of:
        entry.complain(f"'{name}' is itself a part of '{whole.part_of}'; a whole may not be a part")
