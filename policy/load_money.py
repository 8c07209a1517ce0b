"""YAML -> the sums on the ladder."""

from collections.abc import Collection, Iterator

from policy.citations import Certainty
from policy.complaints import known_are
from policy.entries import Entry, Parts
from policy.load_citations import Documents, certainty_of, read_citations, read_id
from policy.money import MoneyItem

_KEYS = ("id", "title", "amount", "citations")
_OPTIONAL = ("certainty", "rung", "measure", "same_as", "left_open")


def read_money(
    root: Entry, documents: Documents, rungs: Collection[str], measures: Collection[str]
) -> tuple[MoneyItem, ...]:
    """The sums in the order of the file; what each hangs on must exist."""
    parts = root.entries(("items",), ())
    listed = [item.entries(_KEYS, _OPTIONAL) for item in (parts["items"].items() if "items" in parts else ())]
    items = tuple(_item(each, documents) for each in listed)
    keys = [each.key for each in items]
    for each in listed:
        for name, known in (("rung", rungs), ("measure", measures), ("same_as", keys)):
            if name in each:
                _check(each[name], known)
    for key in _twice(keys):
        parts["items"].complain(f"two sums are called '{key}'; give each an id of its own")
    return items


def _item(parts: Parts, documents: Documents) -> MoneyItem:
    citations = parts.read("citations", lambda entry: read_citations(entry, documents), ())
    own = parts.read("certainty", lambda entry: Certainty(entry.word(Certainty)), Certainty.OFFICIAL)
    return MoneyItem(
        key=read_id(parts),
        title=parts.text("title"),
        amount=parts.text("amount"),
        certainty=Certainty.of((certainty_of(citations, documents), own)),
        citations=citations,
        rung=parts.read("rung", Entry.text, None),
        measure=parts.read("measure", Entry.text, None),
        same_as=parts.read("same_as", Entry.text, None),
        left_open=parts.texts("left_open"),
    )


def _check(entry: Entry, known: Collection[str]) -> None:
    key = entry.text()
    if key and key not in known:
        entry.complain(f"unknown '{key}'{known_are(key, known)}")


def _twice(keys: list[str]) -> Iterator[str]:
    return (key for key in dict.fromkeys(keys) if keys.count(key) > 1)
