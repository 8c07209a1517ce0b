"""What there is to claim: a share of a base up to a cap, or a fixed sum for each entry; with the working in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from policy.facts import Fact, Records, Value
from policy.findings import Finding, Missing
from policy.intervals import Interval
from policy.quantities import Number, show_number, show_yuan
from policy.truth import Truth


@dataclass(frozen=True, slots=True)
class Amount:
    """A benefit worked out: whole yuan (fractions cut off) and the working in words; None while the base is open."""

    yuan: int | None
    working: str = ""
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a base, up to a cap: 15% of equipment and software, at most 1000万."""

    rate: Fraction
    base: Fact
    cap: int | None

    @property
    def fact(self) -> Fact:
        return self.base

    def amount(self, facts: Mapping[str, Value], _eligible: Finding) -> Amount:
        value = facts.get(self.base.key)
        if not isinstance(value, Interval):
            return Amount(None, missing=(Missing(self.base.key),))
        if value.value is not None:
            return Amount(self._yuan(value.value), self._working(value.value))
        least = self._yuan(value.least or 0)
        most = self.cap if value.most is None else self._yuan(value.most)
        if least == most:
            return Amount(least, f"{self.base.show(value)}，× {self._percent} 后两头都是 {show_yuan(least)}")
        if value.stated is not None:
            figure = value.nearest(value.stated)
            return Amount(self._yuan(figure), f"约 {self._working(figure)}（按约数计）")
        span = f"{show_yuan(least)}至 {'未定' if most is None else show_yuan(most)}"
        return Amount(None, f"在 {span}之间，要看准数", (Missing(self.base.key),))

    @property
    def _percent(self) -> str:
        return f"{show_number(Decimal(self.rate.numerator * 100) / self.rate.denominator)}%"

    def _share(self, base: Number) -> tuple[int, bool]:
        """Whole yuan of the base before the cap, and whether a fraction was cut off."""
        share, rest = divmod(base * self.rate.numerator, self.rate.denominator)
        return int(share), rest != 0

    def _yuan(self, base: Number) -> int:
        share, _ = self._share(base)
        return share if self.cap is None else min(share, self.cap)

    def _working(self, base: Number) -> str:
        share, is_cut = self._share(base)
        working = f"{show_yuan(base)} × {self._percent} = {show_yuan(share)}"
        if is_cut:
            working += "（不足 1 元的舍去）"
        if self.cap is None:
            return working
        if share > self.cap or (share == self.cap and is_cut):
            return f"{working}，超过上限，按 {show_yuan(self.cap)}计"
        return f"{working}，{'正好到' if share == self.cap else '未到'}上限 {show_yuan(self.cap)}"


@dataclass(frozen=True, slots=True)
class Each:
    """A fixed sum for every entry of a list that surely meets the scheme's condition.

    That condition is a `Some` on this list (the loader sees to it): a YES has one reason for each such entry.
    """

    yuan: int
    fact: Fact

    def amount(self, facts: Mapping[str, Value], eligible: Finding) -> Amount:
        value = facts.get(self.fact.key)
        if not isinstance(value, Records) or not value.complete:
            return Amount(None, missing=(Missing(self.fact.key),))
        count = len(eligible.because) if eligible.truth is Truth.YES else 0
        total = self.yuan * count
        return Amount(total, f"{count} 个 × {show_yuan(self.yuan)} = {show_yuan(total)}")


Benefit = Rate | Each
