"""The examples that stand beside the rules: run them, and say with file:line where one does not come out.

What a firm is given is read as in wire.py, except that amounts may be written as in the rules (5000万). What the rules
should give is read in expectations.py.
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from policy.complaints import Complaints, DocumentError, did_you_mean
from policy.determine import Outcome, determine
from policy.entries import Entry
from policy.expectations import compare_ladder, compare_measure
from policy.facts import NUMERIC, Fact, Kind, Value
from policy.gathering import WITH, gather_files
from policy.load import build
from policy.load_facts import number
from policy.load_recognitions import SUPPLEMENT
from policy.schemes import Edition
from policy.verdicts import Determination
from policy.wire import read_facts
from policy.wire_numbers import Json

_Judge = Callable[[Outcome], Determination | None]
_IN_FIGURES = NUMERIC - {Kind.MONTH, Kind.PERCENT}  # these two have a text form in JSON


def check_folder(folder: Path, day: date) -> tuple[Edition, int]:
    """Load an edition and run all its examples as of the day; the edition and how many examples were run.

    Raises EditionError, one line a mistake or a failing example.
    """
    complaints = Complaints()
    return _check(gather_files(folder, complaints), day, complaints, f"{folder}/")


def check_files(
    files: Mapping[str, str], day: date, prefix: str = "", *, only: str | None = None
) -> tuple[Edition, int]:
    """The same for an edition's texts by file name. `only`: all is read, but of the examples those of one file are run."""
    return _check(files, day, Complaints(), prefix, only)


def _check(
    files: Mapping[str, str | None],
    day: date,
    complaints: Complaints,
    prefix: str,
    only: str | None = None,
) -> tuple[Edition, int]:
    edition, roots = build(files, complaints, prefix)
    count = 0
    for name, root in roots.items():
        if only not in {None, name}:
            continue
        if Path(name).name == SUPPLEMENT or (examples := root.entries().get("examples")) is None:
            continue
        judge = _judge_of(edition, name)
        found = list(examples.items())
        if examples.is_list and not found:
            examples.complain("no example; give at least one for each verdict")
        for entry in found:
            _run(edition, judge, entry, day)
        count += len(found)
    complaints.raise_if_any()
    return edition, count


def _judge_of(edition: Edition, name: str) -> _Judge:
    """What an example of that file is held against; None: the ladder."""
    key, folder = Path(name).stem, Path(name).parent
    if folder.parts[:1] != (WITH,):
        return lambda outcome: outcome.of(key)
    # A supplement's own, also where another edition of the same recognition is in force that day.
    own = next(each for each in edition.recognitions if each.key == key and each.edition == folder.name)
    return lambda outcome: outcome.stand_to(own)


def _run(edition: Edition, judge: _Judge, entry: Entry, day: date) -> None:
    mark = len(entry.complaints)
    parts = entry.entries(("given", "then"), ("name", "as_of"))
    parts.text("name")
    as_of = parts.read("as_of", Entry.day, day)
    facts = parts.read("given", lambda given: read_given(given, edition.facts), {})
    if len(entry.complaints) > mark:
        return
    outcome = determine(edition, facts, as_of)
    found = judge(outcome)
    if found is None:
        compare_ladder(parts["then"], outcome)
    else:
        compare_measure(parts["then"], outcome, found)


def read_given(entry: Entry, facts: Mapping[str, Fact]) -> dict[str, Value]:
    """What an example says of a firm; complains of what does not fit."""
    values: dict[str, Value] = {}
    for key, each in entry.entries().items():
        mark = len(each.complaints)
        if key not in facts:
            each.complain(f"unknown fact '{key}'{did_you_mean(key, facts)}")
            continue
        given = _json(each, facts[key])
        try:
            if len(each.complaints) == mark:
                values |= read_facts(facts, {key: given}, at="")
        except DocumentError as error:
            each.complain(str(error))
    return values


def _json(entry: Entry, fact: Fact | None) -> Json:
    """What stands in an example, in the JSON shape of its fact; None where no such fact is known."""
    if fact is not None and fact.kind is Kind.RECORDS and entry.is_list:
        return [_item(item, fact) for item in entry.items()]
    if entry.is_mapping:
        inner = fact.fields[fact.value_field] if fact is not None and fact.year_field else fact
        return {key: _json(each, inner) for key, each in entry.entries().items()}
    text = entry.scalar()
    if text in {"true", "false"} or entry.is_null:
        return {"true": True, "false": False}.get(text)
    if fact is not None and fact.kind in _IN_FIGURES:
        return number(fact.kind, entry)
    return text.removesuffix("%") if fact is not None and fact.kind is Kind.PERCENT else text


def _item(entry: Entry, fact: Fact) -> Json:
    if not entry.is_mapping:
        return entry.text()
    return {key: _json(each, fact.fields.get(key)) for key, each in entry.entries().items()}
