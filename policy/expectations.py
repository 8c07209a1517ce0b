"""What an example says the rules should give, held against what they give."""

from collections.abc import Callable, Iterable, Mapping

from policy.complaints import known_are
from policy.determine import Outcome
from policy.entries import Entry
from policy.load_facts import number
from policy.quantities import show_yuan
from policy.schemes import Edition
from policy.standing import LadderState, RungState
from policy.verdicts import Determination, Verdict

# What the example wants and what the rules give, in the same words, so that they can be compared and shown.
_Pair = tuple[str, str]
_NONE = "none"


def compare_measure(then: Entry, outcome: Outcome, found: Determination) -> None:
    """Complain of everything about a measure that does not come out as the example says."""
    edition = outcome.edition
    because = [reason.fact for reason in found.because]
    missing = [each.fact for each in found.missing]
    _compare(
        then,
        {
            "verdict": lambda entry: (entry.word(Verdict), str(found.verdict)),
            "amount": lambda entry: (_amount(entry), _shown(found.amount)),
            "working": lambda entry: (entry.text(), found.working),
            "because": lambda entry: (_names(entry, edition.facts), _listed(because)),
            "missing": lambda entry: (_names(entry, edition.facts), _listed(missing)),
            "short_by": lambda entry: _short_by(entry, edition, found),
            "open": lambda entry: _told(entry, found.left_open),
        },
    )


def compare_ladder(then: Entry, outcome: Outcome) -> None:
    """The same for the ladder."""
    ladder = outcome.ladder
    states = {each.rung.key: str(each.state) for each in ladder.rungs}
    left_open = [text for each in ladder.rungs for text in each.left_open]
    _compare(
        then,
        {
            "state": lambda entry: (entry.word(LadderState), str(ladder.state)),
            "rungs": lambda entry: _states(entry, states),
            "ahead": lambda entry: (_names(entry, states), _listed(rung.key for rung in ladder.ahead)),
            "reached": lambda entry: (_amount(entry), _shown(ladder.reached)),
            "next": lambda entry: (_amount(entry), _shown(ladder.next_threshold)),
            "gap": lambda entry: (_amount(entry), _shown(None if ladder.gap is None else int(ladder.gap))),
            "remarks": lambda entry: (str(entry.whole()), str(len(ladder.remarks))),
            "open": lambda entry: _told(entry, left_open),
        },
    )


def _compare(then: Entry, pairs: Mapping[str, Callable[[Entry], _Pair]]) -> None:
    wants = then.entries((), pairs)
    for key, entry in wants.items():
        mark = len(entry.complaints)
        wanted, told = pairs[key](entry)
        if wanted != told and len(entry.complaints) == mark:
            entry.complain(f"the example fails: {key} should be {wanted}, the rules give {told}")
    if then.is_mapping and not wants:
        then.complain("the example wants nothing; say what the rules should give")


def _amount(entry: Entry) -> str:
    return _NONE if entry.is_null else show_yuan(entry.yuan())


def _shown(yuan: int | None) -> str:
    return _NONE if yuan is None else show_yuan(yuan)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(set(words))) or _NONE


def _names(entry: Entry, known: Iterable[str]) -> str:
    return _listed(item.word(known) for item in entry.items())


def _told(entry: Entry, left_open: Iterable[str]) -> _Pair:
    """Of the open readings wanted, those that are told; there may be more."""
    wanted = entry.texts()
    return _listed(wanted), _listed({*wanted} & {*left_open})


def _states(entry: Entry, states: Mapping[str, str]) -> _Pair:
    wanted = {}
    for key, each in entry.entries().items():
        if key not in states:
            each.complain(f"unknown rung '{key}'{known_are(key, states)}")
        wanted[key] = each.word(RungState)
    told = {key: states.get(key) for key in wanted}
    return _stated(wanted), _stated(told)


def _stated(states: Mapping[str, str | None]) -> str:
    return _listed(f"{key}: {state}" for key, state in states.items())


def _short_by(entry: Entry, edition: Edition, found: Determination) -> _Pair:
    """In the unit of the fact that is short."""
    reason = next((each for each in found.because if each.short_by is not None), None)
    if reason is None or reason.short_by is None:
        return (_NONE if entry.is_null else entry.scalar()), _NONE
    fact = edition.facts[reason.fact]
    wanted = _NONE if entry.is_null else fact.show_number(number(fact.kind, entry))
    return wanted, fact.show_number(reason.short_by)
