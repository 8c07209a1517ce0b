"""What a fact of each kind must have, may have, and may not; and which facts can be a part of which."""

import re
from collections.abc import Mapping

from policy.complaints import did_you_mean
from policy.entries import Entry, Parts
from policy.facts import NUMERIC, Fact, Kind

_LISTS = frozenset({Kind.RECORDS})
_SHAPE = {
    "limits": NUMERIC,
    "typical": NUMERIC,
    "options": frozenset({Kind.CHOICE, Kind.YESNO, Kind.RECORDS}),
    "fields": _LISTS,
    "more": _LISTS,
    "label_field": _LISTS,
    "key_field": _LISTS,
    "year_field": _LISTS,
    "until_field": _LISTS,
}
SAME = "same"
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def check_shape(fact: Fact, entry: Entry, parts: Parts) -> None:
    """What a kind of fact must have, may have, and may not."""
    if not _KEY.fullmatch(fact.key):
        entry.complain(f"'{fact.key}' cannot be a key; use small letters, digits and _, as rd_institution")
    for name, kinds in _SHAPE.items():
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
    if fact.kind is not Kind.CHOICE and not {*keys} <= {"yes", "no", "unknown"}:
        entry.complain(
            f'the options of \'{fact.key}\' can only be "yes", "no" and "unknown"; it is {fact.kind}'
        )
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


def check_whole(part: Fact, facts: Mapping[str, Fact], entry: Entry) -> None:
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


def check_called(fact: Fact, facts: Mapping[str, Fact], entry: Entry) -> None:
    """A name that people use must mean one fact, or nobody could tell which one was told."""
    own = {fact.title, *fact.called}
    for other in facts.values():
        for name in sorted(own.intersection((other.title, *other.called))) if other is not fact else ():
            entry.complain(f"'{name}' names both '{fact.key}' and '{other.key}'; a name must mean one fact")


def check_next_year(fact: Fact, facts: Mapping[str, Fact], entry: Entry) -> None:
    """What an answer becomes a year later is itself, or another fact of its kind."""
    name = str(fact.next_year)
    becomes = fact if name == SAME else facts.get(name)
    if becomes is None:
        entry.complain(f"next_year names an unknown fact '{name}'{did_you_mean(name, (SAME, *facts))}")
    elif becomes.kind is not fact.kind or (becomes is fact and name != SAME):
        entry.complain(f"next_year needs 'same' or another fact of kind {fact.kind}; correct '{name}'")
