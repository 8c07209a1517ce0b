"""Counting what a run finds: for the better or the worse, by subject, city and firm; and chunks added up to the whole."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.evaluating import Compared
from policy.judged import Turn

MIXED = "mixed"
_FIRST = (Turn.BETTER, Turn.WORSE, Turn.UNDETERMINED, Turn.DETERMINED, Turn.OTHER)


@dataclass
class Tally:
    """What was counted: assessments looked at, those with another result (by what it means, by city), changes of each
    subject (by what they mean, by verdict before and after), whole yuan in sight before and after.
    """

    seen: int = 0
    changed: int = 0
    alone: int = 0
    firms: Counter[str] = field(default_factory=Counter)
    cities: dict[str, Counter[str]] = field(default_factory=dict)
    subjects: dict[str, Counter[str]] = field(default_factory=dict)
    moves: dict[str, Counter[str]] = field(default_factory=dict)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)

    @property
    def rechecked(self) -> int:
        """How many were looked at and told nothing else."""
        return self.seen - self.changed


def tally_of(found: Compared, seen: int, cities: Mapping[int, str | None]) -> dict[str, Any]:
    """A chunk's count, as it is stored."""
    tally = Tally(seen=seen, alone=found.alone, before=+found.before, after=+found.after)
    turns: dict[int, set[Turn]] = {}
    for each in found.differences:
        turn = each.turn
        turns.setdefault(each.assessment_id, set()).add(turn)
        tally.subjects.setdefault(each.subject, Counter())[turn] += 1
        move = f"{each.before.verdict} → {each.after.verdict}"
        tally.moves.setdefault(each.subject, Counter())[move] += 1
    for which, several in turns.items():
        kind = of_firm(several)
        tally.firms[kind] += 1
        tally.cities.setdefault(cities.get(which) or "", Counter())[kind] += 1
    tally.changed = len(turns)
    return dict(vars(tally))


def of_firm(turns: Iterable[Turn]) -> str:
    """What several changes mean for one firm: some for the better and some for the worse are mixed."""
    found = set(turns)
    if {Turn.BETTER, Turn.WORSE} <= found:
        return MIXED
    return str(next(each for each in _FIRST if each in found))


def added_up(stored: Iterable[Mapping[str, Any]]) -> Tally:
    """The counts of all chunks together."""
    whole = Tally()
    for each in stored:
        for name, value in each.items():
            if isinstance(value, int):
                setattr(whole, name, getattr(whole, name) + value)
            elif name in {"firms", "before", "after"}:
                getattr(whole, name).update(value)
            else:
                for key, counted in value.items():
                    getattr(whole, name).setdefault(key, Counter()).update(counted)
    return whole
