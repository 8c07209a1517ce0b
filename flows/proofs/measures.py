"""The page of each measure filled in: assessed, recognition, guided, a rung of the ladder, or not for firms."""

from collections.abc import Iterator
from datetime import date

from flows.proofs.citing import CERTAINTIES, cite, validity_told
from flows.proofs.examples import examples_told
from flows.proofs.pages import KINDS, RUNG, SPARED, Group, MeasurePage, slug_of, slug_of_rung
from flows.proofs.sources import LADDER, Source
from flows.proofs.telling import asking, criterion_told, groups, says, whom_told
from policy.citations import Citation
from policy.gathering import PLAN
from policy.guides import Spared
from policy.measures import Measure
from policy.phrases import phrase
from policy.quantities import show_yuan
from policy.recognitions import Recognition
from policy.schemes import Rung, Scheme


def measure_pages(source: Source, day: date) -> Iterator[MeasurePage]:
    """Every measure once: the plan's own, the recognitions, the rungs, and what is not for firms."""
    edition = source.edition
    yield from (_page(measure, source, day) for measure in edition.measures())
    yield from (_rung(rung, source, day) for rung in edition.ladder.rungs)
    spared = {
        each.key: (each, article.place) for article in edition.articles for each in article.not_for_firms
    }
    yield from (_spared(each, place, source, day) for each, place in spared.values())


def _page(measure: Measure, source: Source, day: date) -> MeasurePage:
    edition, file = source.edition, source.file_of(measure)
    return MeasurePage(
        slug=slug_of(measure),
        key=measure.key,
        title=measure.title,
        kind=KINDS[measure.kind],
        edition=measure.edition,
        certainty=CERTAINTIES[measure.certainty],
        whom=whom_told(measure),
        places=tuple(
            f"{each.place} {each.heading}" for each in edition.articles if measure.key in each.measures
        ),
        says=tuple((name, text) for name, text in says(measure) if text),
        conditions=tuple(groups(measure)),
        criteria=tuple(map(criterion_told, measure.criteria)) if isinstance(measure, Recognition) else (),
        validity=_validity(measure, file, source, day),
        left_open=measure.left_open,
        next_steps=measure.next_steps,
        asking=tuple(asking(measure)),
        money=tuple(_money(measure.key, source)),
        citations=tuple(cite(source, measure.citations)),
        notes=source.margins[file].alone,
        examples=tuple(examples_told(edition, source.roots[file])),
    )


def _money(key: str, source: Source) -> Iterator[str]:
    for item in source.edition.money:
        if item.measure == key:
            open_told = f"；{'；'.join(item.left_open)}" if item.left_open else ""
            yield f"{item.title}：{item.amount}（{CERTAINTIES[item.certainty]}）{open_told}"


def _validity(measure: Measure, file: str, source: Source, day: date) -> str:
    if isinstance(measure, Scheme):
        return validity_told(measure.valid, day, source.beside(file, "valid"))
    valid = measure.valid if isinstance(measure, Recognition) else source.edition.valid
    return validity_told(valid, day, source.beside(source.heads[measure.edition], "valid"))


def _rung(rung: Rung, source: Source, day: date) -> MeasurePage:
    edition, slug = source.edition, slug_of_rung(rung)
    ladder = edition.ladder
    told = examples_told(edition, source.roots[LADDER])
    return MeasurePage(
        slug=slug,
        key=rung.key,
        title=rung.title,
        kind=RUNG,
        edition=edition.name,
        certainty=CERTAINTIES[ladder.certainty],
        whom=f"{ladder.measure.title} {show_yuan(rung.threshold)}以上（含）的企业；是努力方向，不是义务",
        places=tuple(f"{each.place} {each.heading}" for each in edition.articles if slug in each.rungs),
        conditions=(Group("怎样算有", phrase(rung.has)),),
        validity=validity_told(edition.valid, day, source.beside(PLAN, "valid")),
        left_open=rung.left_open,
        next_steps=rung.next_steps,
        citations=tuple(cite(source, ladder.citations)),
        notes=source.margins[LADDER].alone,
        examples=tuple(each for each in told if rung.key in each.rungs),
        is_rung=True,
    )


def _spared(spared: Spared, place: str, source: Source, day: date) -> MeasurePage:
    edition = source.edition
    document = next(iter(edition.documents))
    return MeasurePage(
        slug=spared.key,
        key=spared.key,
        title=spared.title,
        kind=SPARED,
        edition=edition.name,
        certainty=CERTAINTIES[edition.documents[document].certainty],
        whom="企业不能申请，也不用参加",
        places=(place,),
        says=(("为什么", spared.reason),),
        validity=validity_told(edition.valid, day, source.beside(PLAN, "valid")),
        citations=tuple(cite(source, (Citation(document, place),))),
    )
