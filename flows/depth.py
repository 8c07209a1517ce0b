"""What the deep round tells, topic by topic, as plain data for the templates: recognitions with every criterion, and the guided
measures that concern the firm."""

from collections.abc import Collection, Iterable
from typing import Any

from flows.deep import topic_title
from flows.reporting import doubt, places, reason_told
from policy.citations import Certainty
from policy.determine import Outcome
from policy.guides import UNSEEN, Guide
from policy.measures import Measure, MeasureKind, Topic
from policy.quantities import show_yuan
from policy.reach import MoneyInReach
from policy.recognitions import Checked, Recognition
from policy.schemes import Edition
from policy.truth import Truth
from policy.verdicts import Determination, Verdict


def in_depth(outcome: Outcome, topics: Collection[Topic]) -> dict[str, Any]:
    """The chapters of the topics chosen; none for a firm out of scope."""
    if outcome.in_scope.truth is Truth.NO:
        return {"depth": [], "money": []}
    chapters = [_chapter(outcome, topic, topics) for topic in Topic if topic in topics]
    return {"depth": chapters, "money": _money(outcome) if Topic.MONEY in topics else []}


def told_in_depth(outcome: Outcome, topics: Collection[Topic]) -> Iterable[Determination]:
    """The determinations behind those chapters, each once: evidence of what the firm was told."""
    seen = {}
    for topic in topics if outcome.in_scope.truth is not Truth.NO else ():
        for each in (*_of(outcome.recognitions, topic, topics), *_of(outcome.guides, topic, topics)):
            seen[each.scheme.key] = each
    return seen.values()


def _of(found: Iterable[Determination], topic: Topic, topics: Collection[Topic]) -> list[Determination]:
    """Those of a chapter; what belongs to several of the topics chosen is told in the first of them only."""
    return [each for each in found if topic is _first(each, topics)]


def _first(each: Determination, topics: Collection[Topic]) -> Topic | None:
    return next((topic for topic in Topic if topic in topics and topic in each.scheme.topics), None)


def _chapter(outcome: Outcome, topic: Topic, topics: Collection[Topic]) -> dict[str, Any]:
    edition = outcome.edition
    recognitions, guides = _of(outcome.recognitions, topic, topics), _of(outcome.guides, topic, topics)
    return {
        "title": topic_title(topic),
        "recognitions": [_recognition(edition, each) for each in sorted(recognitions, key=_nearness)],
        "concerns": [_guide(edition, each) for each in guides if each.verdict is Verdict.CONCERNS],
        "open": [
            {"title": each.scheme.title, "missing": [doubt(edition, missing) for missing in each.missing]}
            for each in guides
            if each.verdict is Verdict.UNDETERMINED
        ],
        "others": sum(each.verdict is Verdict.DOES_NOT_CONCERN for each in guides),
    }


def _money(outcome: Outcome) -> list[dict[str, Any]]:
    """The sums: first those for any revenue, then by the rung on which they are usual, which is no condition of theirs."""
    steps: list[tuple[str | None, str]] = [(None, "不看营收")]
    steps += [
        (rung.key, f"常见于营收 {show_yuan(rung.threshold)}以上的企业（不是条件）")
        for rung in outcome.edition.ladder.rungs
    ]
    told = (
        {"step": words, "items": [_sum(outcome, each) for each in outcome.money if each.item.rung == key]}
        for key, words in steps
    )
    return [each for each in told if each["items"]]


def _sum(outcome: Outcome, each: MoneyInReach) -> dict[str, Any]:
    item, edition, found = each.item, outcome.edition, each.determination
    twins = [other.title for other in edition.money if other.same_as == item.key]
    return {
        "title": item.title,
        "amount": item.amount,
        "reach": str(each.reach),
        "unconfirmed": item.certainty is Certainty.UNCONFIRMED,
        "for_it": "" if found is None else found.scheme.title,
        "has": found is not None and found.verdict is Verdict.ELIGIBLE,
        "assessed": found is not None and found.scheme.kind is MeasureKind.ASSESSED,
        "same_as": twins,
        "left_open": list(item.left_open),
        "citations": places(edition, item.citations),
    }


_NEAR = [
    *(Verdict.ELIGIBLE, Verdict.CONDITIONAL, Verdict.INELIGIBLE, Verdict.UNDETERMINED),
    *(Verdict.CONTRADICTORY, Verdict.NOT_APPLICABLE),
]


def _nearness(each: Determination) -> tuple[int, int]:
    """What the firm has or can have comes first; of what it is short of, where least is lacking."""
    failed = sum(checked.truth is Truth.NO for checked in each.checked)
    return _NEAR.index(each.verdict), failed


def _recognition(edition: Edition, each: Determination) -> dict[str, Any]:
    scheme = each.scheme
    failed = [one for one in each.checked if one.truth is Truth.NO and one.criterion.decides]
    return {
        "id": scheme.key,
        "title": scheme.title,
        "verdict": str(each.verdict),
        "held": each.verdict is Verdict.ELIGIBLE and not _has_met(each),
        **_words(scheme, each.verdict),
        "working": each.working,
        "short": [_criterion(edition, one) for one in failed],
        "met": [
            one.criterion.title for one in each.checked if one.truth is Truth.YES and one.criterion.decides
        ],
        "missing": [doubt(edition, missing) for missing in each.missing],
        "because": [reason_told(edition, reason) for reason in each.because],
        "left_open": list(each.left_open),
        "next_steps": list(scheme.next_steps),
        "citations": places(edition, each.citations),
        **_certainty(edition, each),
    }


def _words(scheme: Measure, verdict: Verdict) -> dict[str, str]:
    recognition = scheme if isinstance(scheme, Recognition) else None
    return (
        {}
        if recognition is None
        else {
            "gives": recognition.gives,
            "authority": recognition.authority,
            "renew": recognition.renew,
            "told_short": recognition.short if verdict is Verdict.INELIGIBLE else "",
        }
    )


def _certainty(edition: Edition, each: Determination) -> dict[str, Any]:
    """How sure its documents and the criteria that are confirmed are, and whether there are others beside them."""
    criteria = [one.criterion.certainty for one in each.checked]
    documents = (edition.documents[cited.document].certainty for cited in each.citations)
    base = Certainty.of((*documents, *(one for one in criteria if one is not Certainty.UNCONFIRMED)))
    partly = base is not Certainty.UNCONFIRMED and Certainty.UNCONFIRMED in criteria
    return {"certainty": str(base), "partly": partly}


def _has_met(each: Determination) -> bool:
    """Whether its criteria were what made it eligible, not that the firm has it already."""
    return any(one.truth is Truth.YES and one.because[:1] == each.because[:1] for one in each.checked)


def _criterion(edition: Edition, one: Checked) -> dict[str, Any]:
    """A criterion not met. Its own words stand for those of the comparisons; beside them the gap of one way among several
    would mislead."""
    asks, told = one.criterion.asks, [reason_told(edition, reason) for reason in one.because]
    if asks:
        given = {(each["title"], each["given"]): each for each in told}
        gap = {} if len(given) == 1 else {"short_by": None}
        told = [each | {"asks": ""} | gap for each in given.values()]
    return {"title": one.criterion.title, "asks": asks, "because": told}


def _guide(edition: Edition, each: Determination) -> dict[str, Any]:
    guide = each.scheme
    office = guide.office if isinstance(guide, Guide) else None
    return {
        "id": guide.key,
        "title": guide.title,
        "audience": guide.audience if isinstance(guide, Guide) else "",
        "offers": guide.offers if isinstance(guide, Guide) else "",
        "time_limit": guide.time_limit if isinstance(guide, Guide) else UNSEEN,
        "office": "" if office is None or office.name == UNSEEN else office.name,
        "phone": "" if office is None or office.phone == UNSEEN else office.phone,
        "left_open": list(each.left_open),
        "next_steps": list(guide.next_steps),
        "citations": places(edition, each.citations),
        "certainty": str(each.certainty),
    }
