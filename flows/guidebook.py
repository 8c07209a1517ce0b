"""An edition as anybody may read it without a talk: every place of the plan, every measure, one sample result.

The words of a measure are those that proofreaders see (flows/proofs/); names of files, margins and ids are not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flows.proofs.citing import Cited, cite, validity_told
from flows.proofs.index import Index, SupplementTold, index
from flows.proofs.measures import measure_pages
from flows.proofs.pages import SPARED, MeasurePage, slug_of
from flows.proofs.sources import source_of
from flows.sample import Sample, sample
from policy.guides import Target
from policy.measures import Measure
from policy.quantities import show_yuan
from policy.schemes import Edition

_PLACE = re.compile(r"第(\d+)条|摘要(H\d+)")


@dataclass(frozen=True, slots=True)
class PlaceTold:
    """An article or a highlight: `key` is its address (`5`, `H4`), then what stands in it.

    `related` stands elsewhere and cites this place too, as the money of a highlight cites its article.
    """

    key: str
    place: str
    heading: str
    measures: tuple[MeasurePage, ...]
    related: tuple[MeasurePage, ...]
    targets: tuple[Target, ...]

    @property
    def for_firms(self) -> tuple[MeasurePage, ...]:
        return tuple(each for each in self.measures if each.kind != SPARED and not each.is_rung)

    @property
    def rungs(self) -> tuple[MeasurePage, ...]:
        return tuple(each for each in self.measures if each.is_rung)

    @property
    def spared(self) -> tuple[MeasurePage, ...]:
        return tuple(each for each in self.measures if each.kind == SPARED)

    @property
    def is_highlight(self) -> bool:
        return self.key.startswith("H")


@dataclass(frozen=True)
class Guidebook:
    """The pages of one edition on one day. `measures` maps the last part of an address to its page."""

    edition: Edition
    day: date
    validity: str
    index: Index
    places: Mapping[str, PlaceTold]
    measures: Mapping[str, MeasurePage]
    plan: tuple[Cited, ...]
    sample: Sample | None

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """The last part of a page's address, by its slug."""
        return {page.slug: name for name, page in self.measures.items()}

    @cached_property
    def rungs(self) -> tuple[tuple[str, MeasurePage], ...]:
        """From which revenue (in words), and what is expected there."""
        steps = zip(self.edition.ladder.rungs, self.index.rungs, strict=True)
        return tuple((show_yuan(rung.threshold), page) for rung, page in steps)

    @property
    def supplements(self) -> tuple[SupplementTold, ...]:
        return self.index.supplements

    def others(self, page: MeasurePage) -> tuple[MeasurePage, ...]:
        """The pages of the same recognition in other editions."""
        found = {each.slug: each for each in self.measures.values() if each.key == page.key}
        return tuple(each for slug, each in found.items() if slug != page.slug)


def guidebook(files: Mapping[str, str], day: date) -> Guidebook:
    """Read an edition's files (0.3 s). Raises EditionError where they are no edition."""
    source = source_of(files)
    edition, pages = source.edition, tuple(measure_pages(source, day))
    whole = index(source, pages, day)
    return Guidebook(
        edition=edition,
        day=day,
        validity=validity_told(edition.valid, day, ""),
        index=whole,
        places={each.key: each for each in _places(edition, whole, pages)},
        measures=dict(_addressed(pages, whole.supplements)),
        plan=tuple(cite(source, edition.ladder.citations)),
        sample=sample(edition, day),
    )


def _places(edition: Edition, whole: Index, pages: Iterable[MeasurePage]) -> Iterator[PlaceTold]:
    by_slug = {page.slug: page for page in pages}
    for each in whole.articles:
        found = _PLACE.fullmatch(each.place)
        key = each.place if found is None else found[1] or found[2]
        targets = tuple(target for target in edition.targets if target.place == each.place)
        cited = (by_slug[slug_of(one)] for one in edition.schemes if _cites(one, each.place))
        related = tuple(page for page in cited if page not in each.pages)
        yield PlaceTold(key, each.place, each.heading, each.pages, related, targets)


def _cites(measure: Measure, place: str) -> bool:
    return any(each.place == place for each in measure.citations)


def _addressed(
    pages: Iterable[MeasurePage], supplements: Iterable[SupplementTold]
) -> Iterator[tuple[str, MeasurePage]]:
    """A measure is found by its id; a recognition that several editions have, by that of the one in force.

    The others keep the longer name, which holds their edition's.
    """
    in_force = {each.name for each in supplements if each.in_force}
    plain = {page.key: page for page in pages if page.slug != page.key and page.edition not in in_force}
    plain |= {page.key: page for page in pages if page.slug == page.key or page.edition in in_force}
    yield from ((page.slug, page) for page in pages)
    yield from ((key, page) for key, page in plain.items() if not page.is_rung)
