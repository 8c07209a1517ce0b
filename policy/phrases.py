"""Conditions in words, as nested lines for a proofreader: `下面都要：`, `不是：…`, `没有写明：…`. Nothing is judged here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatch

from policy.comparisons import Compare, OneOf
from policy.facts import Kind
from policy.lists import Empty, Has, Some
from policy.logic import All, Any, Condition, Not, OpenReading
from policy.ratios import Elapsed, Share, Sum
from policy.scores import Part, Score, Step

UNCONFIRMED = "待核实"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line in words, and the lines below it."""

    text: str
    inner: tuple["Phrase", ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """As plain text, two spaces a level."""
        yield f"{'  ' * depth}- {self.text}"
        for each in self.inner:
            yield from each.lines(depth + 1)


@singledispatch
def phrase(condition: Condition) -> Phrase:
    """Any condition in words. Raises TypeError for a kind of condition that has none yet."""
    raise TypeError(f"no words for {type(condition).__name__}; add them in policy/phrases.py")


@phrase.register
def _(condition: All) -> Phrase:
    return Phrase("下面都要：", _each(condition.conditions))


@phrase.register
def _(condition: Any) -> Phrase:
    return Phrase("下面有一样就行：", _each(condition.conditions))


@phrase.register
def _(condition: Not) -> Phrase:
    inner = phrase(condition.condition)
    return Phrase("不是下面这样：", (inner,)) if inner.inner else Phrase(f"不是：{inner.text}")


@phrase.register
def _(condition: OpenReading) -> Phrase:
    inner = phrase(condition.when)
    case = Phrase("说的是这种情况：", (inner,)) if inner.inner else Phrase(f"说的是这种情况：{inner.text}")
    return Phrase(f"没有写明：{condition.reading}", (case,))


@phrase.register
def _(condition: Compare) -> Phrase:
    return Phrase(f"{condition.fact.title} {condition.asks}")


@phrase.register
def _(condition: OneOf) -> Phrase:
    fact, named = condition.fact, "或".join(condition.fact.show(value) for value in condition.values)
    return Phrase(f"{fact.title}：{named}" if fact.kind is Kind.YESNO else f"{fact.title}是{named}")


@phrase.register
def _(condition: Empty) -> Phrase:
    return Phrase(f"{condition.fact.title}：{'一个也没有' if condition.empty else '有'}")


@phrase.register
def _(condition: Some) -> Phrase:
    return Phrase(f"{condition.fact.title}里至少有一个这样的：", (phrase(condition.condition),))


@phrase.register
def _(condition: Has) -> Phrase:
    return Phrase(f"{condition.fact.title}里有{condition.asks}")


@phrase.register
def _(condition: Sum) -> Phrase:
    return Phrase(f"合计：{condition.asks}")


@phrase.register
def _(condition: Share) -> Phrase:
    gap = " " if len(condition.part) > 1 else ""
    return Phrase(f"{'＋'.join(fact.title for fact in condition.part)}{gap}{condition.asks}")


@phrase.register
def _(condition: Elapsed) -> Phrase:
    return Phrase(f"{condition.fact.title}{condition.asks}")


@phrase.register
def _(condition: Score) -> Phrase:
    return Phrase(f"分数加起来 {condition.at_least} 分以上（含）：", tuple(map(_part, condition.scored)))


def _part(part: Part) -> Phrase:
    low, high = part.between
    steps = [_step(each) for each in part.points]
    guessed = [_step(each) for each in part.estimate if each not in part.points]
    if guessed:
        told = f"中间各档没有看到出处，只用来估计，不作判断（{UNCONFIRMED}）："
        steps.append(Phrase(told, tuple(guessed)))
    return Phrase(f"{part.title}（{low} 到 {high} 分）", tuple(steps))


def _step(step: Step) -> Phrase:
    inner = phrase(step.when)
    return Phrase(f"{step.give} 分：{inner.text}", inner.inner)


def _each(conditions: Iterable[Condition]) -> tuple[Phrase, ...]:
    return tuple(map(phrase, conditions))
