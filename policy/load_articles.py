"""YAML -> the account of a plan: which measures stand in each article, what is not for firms, and the province's targets."""

from collections.abc import Collection, Iterator

from policy.complaints import known_are
from policy.entries import Entry
from policy.guides import Article, Spared, Target


def read_articles(entry: Entry, measures: Collection[str], rungs: Collection[str]) -> tuple[Article, ...]:
    """Every article and highlight; each measure named must exist, and each measure must be named somewhere."""
    articles = tuple(_article(item, measures, rungs) for item in entry.items())
    named = {key for each in articles for key in each.measures}
    for key in measures:
        if key not in named:
            entry.complain(f"no article names the measure '{key}'; say where it stands")
    return articles


def _article(entry: Entry, measures: Collection[str], rungs: Collection[str]) -> Article:
    parts = entry.entries(("place", "heading"), ("measures", "ladder", "not_for_firms"))
    return Article(
        place=parts.text("place"),
        heading=parts.text("heading"),
        measures=parts.read("measures", lambda each: tuple(_known(each, measures, "measure")), ()),
        rungs=parts.read("ladder", lambda each: tuple(_known(each, rungs, "rung")), ()),
        not_for_firms=parts.read("not_for_firms", lambda each: tuple(_spared(each)), ()),
    )


def _known(entry: Entry, known: Collection[str], what: str) -> Iterator[str]:
    for item in entry.items():
        key = item.text()
        if key and key not in known:
            item.complain(f"unknown {what} '{key}'{known_are(key, known)}")
        yield key


def _spared(entry: Entry) -> Iterator[Spared]:
    for item in entry.items():
        parts = item.entries(("id", "title", "reason"), ())
        yield Spared(parts.text("id"), parts.text("title"), parts.text("reason"))


def read_targets(entry: Entry) -> tuple[Target, ...]:
    """The province's own figures, told as such."""
    return tuple(_target(item) for item in entry.items())


def _target(entry: Entry) -> Target:
    parts = entry.entries(("title", "figure", "place"), ("by",))
    return Target(
        parts.text("title"), parts.text("figure"), parts.text("place"), parts.read("by", Entry.text, "")
    )


def ladder_id(rung: str) -> str:
    """A rung's id among the plan's measures: `ladder-rd-institution`."""
    return f"ladder-{rung.replace('_', '-')}"
