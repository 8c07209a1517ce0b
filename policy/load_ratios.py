"""YAML -> shares, sums and scores."""

from collections.abc import Callable, Iterable

from policy.comparisons import Operator
from policy.entries import Entry, Parts
from policy.facts import NUMERIC, Fact, Kind
from policy.load_facts import number
from policy.logic import Condition
from policy.ratios import Share, Sum
from policy.scores import Part, Score, Step

OPERATORS = {operator.value: operator for operator in Operator}
_ADDED = NUMERIC - {Kind.MONTH, Kind.YEAR}
_ENDS = 2
_ReadFact = Callable[[Entry], Fact | None]
_ReadCondition = Callable[[Entry], Condition]


def read_share(entry: Entry, fact: _ReadFact) -> Share | None:
    """`share` of `of` against a percentage; None after a complaint."""
    parts = entry.entries(("share", "of"), OPERATORS)
    part, whole = (parts.read(name, lambda each: _terms(each, fact), ()) for name in ("share", "of"))
    found = _operator(entry, parts)
    if part and whole and part[0].kind is not whole[0].kind:
        entry.complain(
            f"'{part[0].key}' is {part[0].kind}, '{whole[0].key}' is {whole[0].kind}; a share is of the same kind"
        )
    if not part or not whole or found is None:
        return None
    return Share(part, whole, found, parts[found.value].percent())


def read_sum(entry: Entry, fact: _ReadFact) -> Sum | None:
    """A `sum` of facts of one kind against a bound in their unit; None after a complaint."""
    parts = entry.entries(("sum",), OPERATORS)
    terms = parts.read("sum", lambda each: _terms(each, fact), ())
    found = _operator(entry, parts)
    if not terms or found is None:
        return None
    return Sum(terms, found, number(terms[0].kind, parts[found.value]))


def _terms(entry: Entry, fact: _ReadFact) -> tuple[Fact, ...]:
    """One fact or several of one numeric kind; none after a complaint."""
    mark, named = len(entry.complaints), list(entry.items()) if entry.is_list else [entry]
    terms = tuple(each for each in map(fact, named) if each is not None)
    if entry.is_list and not named:
        entry.complain("no fact is named; name at least one")
    if len({each.kind for each in terms}) > 1 or any(each.kind not in _ADDED for each in terms):
        entry.complain("only numbers of one kind can be added up; name amounts, counts or percentages")
    return terms if len(entry.complaints) == mark else ()


def _operator(entry: Entry, parts: Parts) -> Operator | None:
    found = [OPERATORS[name] for name in parts if name in OPERATORS]
    if len(found) != 1 and entry.is_mapping:
        entry.complain(f"it needs exactly one of {', '.join(OPERATORS)}")
    return found[0] if len(found) == 1 else None


def read_score(entry: Entry, condition: _ReadCondition) -> Score:
    """A `score` of parts that together reach `at_least` points."""
    parts = entry.entries(("score", "at_least"), ())
    scored = parts.read("score", lambda each: tuple(_part(item, condition) for item in each.items()), ())
    if "score" in parts and parts["score"].is_list and not scored:
        entry.complain("the score has no part; name what gives points")
    return Score(scored, parts.read("at_least", Entry.whole, 0))


def _part(entry: Entry, condition: _ReadCondition) -> Part:
    parts = entry.entries(("title", "points", "between"), ("estimate",))
    ends = parts.read("between", lambda each: [item.whole() for item in each.items()], [])
    upright = len(ends) == _ENDS and ends[0] <= ends[-1]
    if "between" in parts and not upright:
        parts["between"].complain("expected two figures, the lower one first, as [0, 20]")
    part = Part(
        title=parts.text("title"),
        points=parts.read("points", lambda each: tuple(_steps(each.items(), condition)), ()),
        between=(ends[0], ends[-1]) if ends else (0, 0),
        estimate=parts.read("estimate", lambda each: tuple(_steps(each.items(), condition)), ()),
    )
    gives = [step.give for step in (*part.points, *part.estimate)]
    if upright and any(not ends[0] <= give <= ends[-1] for give in gives):
        entry.complain(f"a step gives points outside {ends}; correct it or 'between'")
    return part


def _steps(entries: Iterable[Entry], condition: _ReadCondition) -> Iterable[Step]:
    for entry in entries:
        parts = entry.entries(("when", "give"), ())
        if "when" in parts:
            yield Step(condition(parts["when"]), parts.read("give", Entry.whole, 0))


def read_months(entry: Entry) -> int:
    """Whole months, not fewer than none."""
    months = entry.whole()
    if months < 0:
        entry.complain("a time ago cannot be negative; write the months as 12")
    return months
