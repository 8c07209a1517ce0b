"""What the first page holds: the articles with their measures, the recognitions with their days, the province's targets."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flows.proofs.citing import Cited, cite, validity_told
from flows.proofs.examples import ExampleTold, examples_told
from flows.proofs.pages import MeasurePage, slug_of
from flows.proofs.sources import LADDER, Source
from flows.proofs.sums import SumTold, sums
from policy.gathering import PLAN
from policy.guides import Target
from policy.phrases import Phrase, phrase


@dataclass(frozen=True, slots=True)
class ArticleTold:
    """An article or highlight and the pages of what stands in it."""

    place: str
    heading: str
    pages: tuple[MeasurePage, ...]


@dataclass(frozen=True, slots=True)
class SupplementTold:
    """An edition that comes with the plan's: its days, and the pages of its recognitions."""

    title: str
    name: str
    validity: str
    in_force: bool
    pages: tuple[MeasurePage, ...]


@dataclass(frozen=True, slots=True)
class RemarkTold:
    """What is told beside the ladder, and unless what."""

    say: str
    unless: Phrase


@dataclass(frozen=True, kw_only=True)
class Index:
    """Everything that the pages about the whole edition show, the one of doubts excepted."""

    name: str
    title: str
    validity: str
    scope: Phrase
    counts: Mapping[str, int]
    articles: tuple[ArticleTold, ...]
    unplaced: tuple[MeasurePage, ...]
    supplements: tuple[SupplementTold, ...]
    targets: tuple[Target, ...]
    rungs: tuple[MeasurePage, ...]
    remarks: tuple[RemarkTold, ...]
    ladder_notes: tuple[str, ...]
    ladder_citations: tuple[Cited, ...]
    ladder_examples: tuple[ExampleTold, ...]
    money: tuple[SumTold, ...]
    notes: tuple[str, ...]


def index(source: Source, pages: Iterable[MeasurePage], day: date) -> Index:
    """The first page, the ladder's and the money's for these measures' pages."""
    edition, pages = source.edition, tuple(pages)
    articles = tuple(_articles(source, pages))
    placed = {page.slug for each in articles for page in each.pages}
    placed |= {slug_of(each) for each in edition.recognitions}
    return Index(
        name=edition.name,
        title=edition.title,
        validity=validity_told(edition.valid, day, source.beside(PLAN, "valid")),
        scope=phrase(edition.scope),
        counts=_counts(pages),
        articles=articles,
        unplaced=tuple(page for page in pages if page.slug not in placed),
        supplements=tuple(_supplements(source, pages, day)),
        targets=edition.targets,
        rungs=tuple(page for page in pages if page.is_rung),
        remarks=tuple(RemarkTold(each.say, phrase(each.unless)) for each in edition.ladder.remarks),
        ladder_notes=source.margins[LADDER].alone,
        ladder_citations=tuple(cite(source, edition.ladder.citations)),
        ladder_examples=tuple(examples_told(edition, source.roots[LADDER])),
        money=tuple(sums(source)),
        notes=source.margins[PLAN].alone,
    )


def _counts(pages: Iterable[MeasurePage]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for page in pages:
        counts[page.kind] = counts.get(page.kind, 0) + 1
    return counts


def _articles(source: Source, pages: Iterable[MeasurePage]) -> Iterator[ArticleTold]:
    by_slug = {page.slug: page for page in pages}
    for each in source.edition.articles:
        keys = (*each.measures, *each.rungs, *(spared.key for spared in each.not_for_firms))
        yield ArticleTold(each.place, each.heading, tuple(by_slug[key] for key in keys))


def _supplements(source: Source, pages: Iterable[MeasurePage], day: date) -> Iterator[SupplementTold]:
    by_slug = {page.slug: page for page in pages}
    for each in source.edition.supplements:
        own = (measure for measure in source.edition.recognitions if measure.edition == each.name)
        yield SupplementTold(
            title=each.title,
            name=each.name,
            validity=validity_told(each.valid, day, source.beside(source.heads[each.name], "valid")),
            in_force=each.valid.covers(day),
            pages=tuple(by_slug[slug_of(measure)] for measure in own),
        )
