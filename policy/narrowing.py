"""What follows from one fact for another: a whole is at least its part, a part at most its whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from policy.facts import Fact, Records, Value
from policy.intervals import Interval
from policy.truth import Truth

AS_OF = "as_of"
"""Under this key dated facts hold the month of the day they are judged on, as months since year 0."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two answers that cannot both be right: a part larger than its whole."""

    part: Fact
    whole: Fact


@dataclass(frozen=True, slots=True)
class Facts(Mapping[str, Value]):
    """A firm's facts, narrowed by what follows from them. An absent key is unknown; conditions read `known`."""

    known: Mapping[str, Value]
    conflicts: tuple[Conflict, ...] = ()

    def __getitem__(self, key: str) -> Value:
        return self.known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


def narrow(catalogue: Mapping[str, Fact], given: Mapping[str, Value]) -> Facts:
    """Add the bounds that follow, and note what conflicts. The loader sees to it that no whole is itself a part."""
    known, conflicts = dict(given), []
    for part in catalogue.values():
        if part.part_of is None:
            continue
        upper, lower = _interval(known, part.part_of), _interval(known, part.key)
        narrowed = upper.meet(Interval(low=lower.low, low_open=lower.low_open))
        if narrowed.is_empty:
            conflicts.append(Conflict(part, catalogue[part.part_of]))
            continue
        _keep(known, part.part_of, narrowed)
        _keep(known, part.key, lower.meet(Interval(high=upper.high, high_open=upper.high_open)))
    return Facts(known, tuple(conflicts))


def dated(catalogue: Mapping[str, Fact], known: Mapping[str, Value], day: date) -> Mapping[str, Value]:
    """The facts as of a day: its month under AS_OF, and of a list whose entries end only those that have not ended.

    An entry whose end was not told still counts; one that has ended is kept apart, to be told as such.
    """
    month = day.year * 12 + day.month - 1
    found: dict[str, Value] = {**known, AS_OF: Interval.exact(month)}
    for fact in catalogue.values():
        value = known.get(fact.key)
        if fact.until_field is not None and isinstance(value, Records):
            ended = tuple(item for item in value.items if _ended(item.get(fact.until_field), month))
            running = tuple(item for item in value.items if item not in ended)
            found[fact.key] = Records(running, value.complete, ended)
    return found


def _ended(until: Value | None, month: int) -> bool:
    return isinstance(until, Interval) and until.at_least(month) is Truth.NO


def _interval(known: Mapping[str, Value], key: str) -> Interval:
    value = known.get(key)
    return value if isinstance(value, Interval) else Interval()


def _keep(known: dict[str, Value], key: str, interval: Interval) -> None:
    """A bound that says nothing leaves the fact unknown."""
    if not interval.is_unbounded:
        known[key] = interval
