"""The sums of money that documents name, in words: how much, how sure, and what each hangs on."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.proofs.citing import CERTAINTIES, Cited, cite
from flows.proofs.sources import Source
from policy.quantities import show_yuan


@dataclass(frozen=True, slots=True)
class SumTold:
    """A sum of money that some document names."""

    title: str
    amount: str
    certainty: str
    hangs_on: str
    left_open: tuple[str, ...]
    citations: tuple[Cited, ...]


def sums(source: Source) -> Iterator[SumTold]:
    """Every sum in the order of its file."""
    edition = source.edition
    titles = {each.key: each.title for each in edition.measures()}
    named = {each.key: each.title for each in edition.money}
    rungs = {each.key: f"{show_yuan(each.threshold)}以上" for each in edition.ladder.rungs}
    for item in edition.money:
        hangs_on = [
            f"随“{titles[item.measure]}”" if item.measure else "",
            f"{rungs[item.rung]}常用得上" if item.rung else "",
            f"和“{named[item.same_as]}”是同一笔钱，只算一次" if item.same_as else "",
        ]
        yield SumTold(
            title=item.title,
            amount=item.amount,
            certainty=CERTAINTIES[item.certainty],
            hangs_on="；".join(filter(None, hangs_on)),
            left_open=item.left_open,
            citations=tuple(cite(source, item.citations)),
        )
