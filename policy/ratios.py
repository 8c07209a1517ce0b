"""Comparisons over several facts: a share, a sum, and how long ago a month was. Exact: nothing is divided, only multiplied out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from policy.comparisons import TESTS, WORDS, Operator
from policy.facts import Fact, Value
from policy.findings import Finding, Missing, Reason, settled
from policy.intervals import Interval
from policy.logic import Condition
from policy.narrowing import AS_OF
from policy.quantities import Number, show_number
from policy.truth import Truth

_YEAR = 12  # months


class OverFacts(Condition):
    """A condition on several numeric facts at once."""

    def parts(self) -> Iterable[Condition]:
        return ()

    def open(self, facts: Mapping[str, Value], looked_at: Sequence[Fact]) -> Finding:
        """Not decided: whatever is not known exactly can still settle it."""
        missing = tuple(Missing(fact.key) for fact in looked_at if _known(facts, fact).value is None)
        return Finding(Truth.UNKNOWN, (), (), {Truth.YES: missing, Truth.NO: missing} if missing else {})


@dataclass(frozen=True)
class Sum(OverFacts):
    """Facts of one kind, added up, against a bound in their unit."""

    terms: tuple[Fact, ...]
    operator: Operator
    bound: Number

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        total = _added(facts, self.terms)
        truth = TESTS[self.operator](total, self.bound)
        if truth is Truth.UNKNOWN:
            return self.open(facts, self.terms)
        first = self.terms[0]
        short_by = None
        if truth is Truth.NO and total.value is not None and self.operator is Operator.AT_LEAST:
            short_by = self.bound - total.value
        return settled(truth, Reason(first.key, _told(self.terms, total), self.asks, short_by))

    @cached_property
    def asks(self) -> str:
        first, names = self.terms[0], "＋".join(fact.title for fact in self.terms)
        return f"{names} {WORDS[self.operator].format(first.show_number(self.bound))}"

    def facts(self) -> frozenset[str]:
        return frozenset(fact.key for fact in self.terms)


@dataclass(frozen=True)
class Share(OverFacts):
    """A part as a share of a whole, in percentage points; both may be sums.

    Of a whole of nothing there is no share: nothing is settled before the whole is surely more than that.
    """

    part: tuple[Fact, ...]
    whole: tuple[Fact, ...]
    operator: Operator
    bound: Decimal

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        part, whole = _added(facts, self.part), _added(facts, self.whole)
        if whole.value == 0:
            return Finding(Truth.UNKNOWN, (), (f"{self._of}是 0，{self._named}算不出来",))
        is_some = whole.least is not None and whole.least > 0
        truth = TESTS[self.operator](self._over(part, whole), 0) if is_some else Truth.UNKNOWN
        if truth is Truth.UNKNOWN:
            return self.open(facts, (*self.part, *self.whole))
        reason = Reason(
            self.part[0].key, self._given(part, whole), self.asks, self._short_by(truth, part, whole)
        )
        return settled(truth, reason)

    def _over(self, part: Interval, whole: Interval) -> Interval:
        """By how much the part, a hundredfold, exceeds the share of the whole that is asked."""
        low = None if part.least is None or whole.most is None else part.least * 100 - self.bound * whole.most
        high = (
            None if part.most is None or whole.least is None else part.most * 100 - self.bound * whole.least
        )
        return Interval(low, high)

    def _short_by(self, truth: Truth, part: Interval, whole: Interval) -> Number | None:
        """In the part's unit, rounded up: with so much more it would be reached."""
        if truth is not Truth.NO or self.operator is not Operator.AT_LEAST:
            return None
        if part.value is None or whole.value is None:
            return None
        return int((self.bound * whole.value / 100).to_integral_value(ROUND_CEILING)) - part.value

    def _given(self, part: Interval, whole: Interval) -> str:
        shown = f"{_told(self.part, part)}，{self._of} {self.whole[0].show(whole)}"
        if part.value is None or whole.value is None:
            return shown
        percent = Decimal(part.value) * 100 / Decimal(whole.value)
        return f"{shown}，占 {show_number(percent.quantize(Decimal('0.01')))}%"

    @cached_property
    def asks(self) -> str:
        return f"{self._named} {WORDS[self.operator].format(f'{show_number(self.bound)}%')}"

    @property
    def _named(self) -> str:
        return f"占{self._of}的比例"

    @property
    def _of(self) -> str:
        return "＋".join(fact.title for fact in self.whole)

    def facts(self) -> frozenset[str]:
        return frozenset(fact.key for fact in (*self.part, *self.whole))


@dataclass(frozen=True)
class Elapsed(OverFacts):
    """How many whole months ago something was, of which only the month is known: so many months later on the calendar
    is as many whole ones or one fewer, and which, the days tell."""

    fact: Fact
    operator: Operator
    months: int

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        since, now = _known(facts, self.fact), facts.get(AS_OF)
        if not isinstance(now, Interval) or now.value is None:
            return self.open(facts, (self.fact,))
        ago = Interval(
            None if since.most is None else now.value - since.most - 1,
            None if since.least is None else now.value - since.least,
        )
        truth = TESTS[self.operator](ago, self.months)
        if truth is not Truth.UNKNOWN:
            return settled(truth, Reason(self.fact.key, self.fact.show(since), self.asks))
        if since.value is None:
            return self.open(facts, (self.fact,))
        return Finding(
            Truth.UNKNOWN, (), (f"{self.fact.title}：{self.fact.show(since)}，{self._by_the_day}",)
        )

    @property
    def _by_the_day(self) -> str:
        return f"满不满{'一年' if self.months == _YEAR else f' {self.months} 个月'}要看具体日子"

    @cached_property
    def asks(self) -> str:
        return f"至今 {WORDS[self.operator].format(f'{self.months} 个月')}"

    def facts(self) -> frozenset[str]:
        return frozenset({self.fact.key})


def _known(facts: Mapping[str, Value], fact: Fact) -> Interval:
    """What is known of a number, which is never less than the least that can be."""
    value = facts.get(fact.key)
    if not isinstance(value, Interval):
        return Interval(fact.least, None)
    return replace(value, low=fact.least, low_open=False) if value.low is None else value


def _told(terms: Sequence[Fact], total: Interval) -> str:
    """A sum, to be read after the name of its first term: `和往前第一年研发费用合计 360万元`."""
    first, others = terms[0], "、".join(fact.title for fact in terms[1:])
    return f"和{others}合计 {first.show(total)}" if others else first.show(total)


def _added(facts: Mapping[str, Value], terms: Sequence[Fact]) -> Interval:
    if len(terms) == 1:
        return _known(facts, terms[0])
    known = [_known(facts, fact) for fact in terms]
    lows, highs = [each.least for each in known], [each.most for each in known]
    low = None if None in lows else sum(each for each in lows if each is not None)
    high = None if None in highs else sum(each for each in highs if each is not None)
    return Interval(low, high)
