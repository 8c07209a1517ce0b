"""YAML -> the catalogue of facts, and numbers in a fact's own unit."""

from collections.abc import Mapping
from dataclasses import replace

from policy.entries import Entry, Parts
from policy.fact_shapes import check_called, check_next_year, check_shape, check_whole
from policy.facts import NUMERIC, Fact, Kind, Option
from policy.quantities import Number

_WORDING = ("ask", "help", "example", "unit")
_FIELD_KEYS = (*_WORDING, "limits", "typical", "options")
_LIST_KEYS = ("fields", "more", "label_field", "key_field", "year_field", "until_field")
_CHOICES = "choices"  # a list that is told by choosing several options; it has no other fields
_CODE = "code"
_FACT_KEYS = (*_FIELD_KEYS, *_LIST_KEYS, "part_of", "next_year", "background", "called")
_FIELD_KINDS = tuple(kind for kind in Kind if kind is not Kind.RECORDS)


def read_catalogue(root: Entry) -> dict[str, Fact]:
    """The facts by key, in the order of the file: it is the order of asking where nothing else decides."""
    entries = root.entries()
    facts = {key: _fact(key, entry) for key, entry in entries.items()}
    for fact in facts.values():
        if fact.part_of:
            check_whole(fact, facts, entries[fact.key])
        if fact.called:
            check_called(fact, facts, entries[fact.key])
        if fact.next_year:
            check_next_year(fact, facts, entries[fact.key])
    return facts


def _fact(key: str, entry: Entry) -> Fact:
    parts = entry.entries(("kind", "title"), _FACT_KEYS)
    if "kind" in parts and parts["kind"].scalar() == _CHOICES:
        return _several(key, entry)
    kind = parts.read("kind", lambda each: Kind(each.word((*Kind, _CHOICES))), Kind.TEXT)
    fields = {name: _field(name, each) for name, each in parts.read("fields", Entry.entries, Parts()).items()}
    fact = _read(key, kind, parts, fields)
    check_shape(fact, entry, parts)
    return fact


def _several(key: str, entry: Entry) -> Fact:
    """Several may be chosen: a list with a code for each."""
    parts = entry.entries(("kind", "title", "options"), (*_WORDING, "next_year", "background", "called"))
    code = Fact(_CODE, Kind.CHOICE, parts.text("title"), options=parts.read("options", _options, ()))
    if "options" in parts:
        check_shape(replace(code, key=key), entry, parts)
    return replace(_read(key, Kind.RECORDS, parts, {_CODE: code}), options=(), key_field=_CODE)


def _field(key: str, entry: Entry) -> Fact:
    """A field of a list: a plain fact, never a list or a part of something."""
    parts = entry.entries(("kind", "title"), _FIELD_KEYS)
    kind = parts.read("kind", lambda each: Kind(each.word(_FIELD_KINDS)), Kind.TEXT)
    fact = _read(key, kind, parts, {})
    check_shape(fact, entry, parts)
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
        until_field=parts.read("until_field", lambda each: each.word(fields), None),
        part_of=parts.text("part_of") or None,
        next_year=parts.text("next_year") or None,
        background=parts.text("background"),
        called=parts.texts("called"),
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
