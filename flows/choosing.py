"""Questions to which several options may be chosen: tapped one by one, or typed all at once."""

from collections.abc import Iterator, Sequence

from flows.messages import Choice
from flows.slots import Entry
from policy.facts import Fact

PICKED = "picked"
CHOSEN, NONE = "chosen", "none"
_NONE_WORDS = {
    *("没有", "无", "没", "都没有", "都没", "都不是", "都不", "一个都没有", "一个也没有", "一样都没有"),
    *(
        "先不细测",
        "不细测",
        "先不看",
        "全没有",
        "都没得",
        "木有",
        "都木有",
        "没有任何资格",
        "什么都没有",
        "啥都没有",
        "都无",
        "0",
    ),
}


def choices_of(fact: Fact, picked: Sequence[str]) -> Iterator[Choice]:
    """The options, what is picked marked; then that this is all, or that there is none."""
    for option in fact.several:
        yield Choice(option.key, f"✓ {option.label}" if option.key in picked else option.label)
    if picked:
        yield Choice(CHOSEN, f"选好了（{len(picked)} 项）")
    else:
        yield Choice(NONE, next((option.label for option in fact.options), "都没有"))


def toggled(fact: Fact, picked: Sequence[str], choice: str) -> list[str] | None:
    """What is picked after a tap on an option; None for another button."""
    keys = [option.key for option in fact.several]
    if choice not in keys:
        return None
    now = {*picked} ^ {choice}
    return [key for key in keys if key in now]


def settled(picked: Sequence[str], choice: str) -> Entry | None:
    """What "that is all" and "none" come to."""
    if choice == CHOSEN and picked:
        return Entry("value", list(picked))
    return Entry("value", []) if choice == NONE else None


def is_none(said: str) -> bool:
    """Whether somebody says that there is none of them; `said` is folded (see commands.plain)."""
    return said in _NONE_WORDS
