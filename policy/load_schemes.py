"""YAML -> support measures, the ladder, and what both have: citations, days in force."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from policy.benefits import Benefit, Each, Rate
from policy.citations import Certainty, Citation, Document, Validity
from policy.complaints import known_are
from policy.entries import Entry, Parts
from policy.facts import Fact, Kind
from policy.lists import Some
from policy.load_conditions import NEVER, ConditionReader
from policy.logic import Condition
from policy.schemes import Ladder, Remark, Rung, Scheme

_SCHEME_KEYS = ("id", "title", "citations", "valid", "applies_when", "eligible_when", "benefit", "examples")
_SCHEME_OPTIONAL = ("authority_decides", "left_open", "next_steps")
_ID = re.compile(r"[a-z][a-z0-9_-]*")
_NOTHING: Benefit = Each(0, Fact("none", Kind.RECORDS, ""))  # stands in for one that could not be read


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads rules against the facts and documents they may name."""

    facts: Mapping[str, Fact]
    documents: Mapping[str, Document]

    def condition(self, entry: Entry) -> Condition:
        return ConditionReader(self.facts).read(entry)

    def scheme(self, root: Entry) -> Scheme:
        parts = root.entries(_SCHEME_KEYS, _SCHEME_OPTIONAL)
        citations = parts.read("citations", self._citations, ())
        eligible_when = parts.read("eligible_when", self.condition, NEVER)
        return Scheme(
            key=_id(parts),
            title=parts.text("title"),
            citations=citations,
            certainty=self._certainty(citations),
            valid=parts.read("valid", validity, Validity()),
            applies_when=parts.read("applies_when", self.condition, NEVER),
            eligible_when=eligible_when,
            authority_decides=parts.read("authority_decides", self.condition, None),
            benefit=parts.read("benefit", lambda entry: self._benefit(entry, eligible_when), _NOTHING),
            left_open=parts.texts("left_open"),
            next_steps=parts.texts("next_steps"),
        )

    def _benefit(self, entry: Entry, eligible_when: Condition) -> Benefit:
        how = entry.entries().keys() & {"rate", "each"}
        if entry.is_mapping and len(how) != 1:
            entry.complain(
                f"a benefit needs either 'rate' or 'each'; found {' and '.join(sorted(how)) or 'none'}"
            )
        if len(how) != 1:
            return _NOTHING
        parts = entry.entries((*how, "of", "kind"), ("cap",) if "rate" in how else ())
        parts.read("kind", lambda kind: kind.word(("one-off",)), "")
        fact = parts.read("of", ConditionReader(self.facts).fact, None)
        if fact is None:
            return _NOTHING
        return self._rate(parts, fact) if "rate" in how else self._each(parts, fact, eligible_when)

    def _rate(self, parts: Parts, base: Fact) -> Benefit:
        if base.kind is not Kind.MONEY:
            parts["of"].complain(f"a rate needs a fact of kind money; '{base.key}' is {base.kind}")
        return Rate(Fraction(parts["rate"].percent()) / 100, base, parts.read("cap", Entry.yuan, None))

    def _each(self, parts: Parts, fact: Fact, eligible_when: Condition) -> Benefit:
        yuan = parts["each"].yuan()
        if isinstance(eligible_when, Some) and eligible_when.fact is fact:
            return Each(yuan, fact)
        parts["of"].complain(
            f"'each' needs an eligible_when that says which entries of '{fact.key}' count; write it with 'some'"
        )
        return _NOTHING

    def ladder(self, root: Entry) -> Ladder:
        parts = root.entries(("measure", "citations", "rungs", "examples"), ("remarks",))
        measure = parts.read("measure", ConditionReader(self.facts).fact, None)
        if measure is not None and measure.kind is not Kind.MONEY:
            parts["measure"].complain(f"the ladder is measured by money; '{measure.key}' is {measure.kind}")
        citations = parts.read("citations", self._citations, ())
        return Ladder(
            measure=measure or Fact("none", Kind.MONEY, ""),
            citations=citations,
            certainty=self._certainty(citations),
            rungs=parts.read("rungs", self._rungs, ()),
            remarks=tuple(self._remark(item) for item in parts["remarks"].items())
            if "remarks" in parts
            else (),
        )

    def _rungs(self, entry: Entry) -> tuple[Rung, ...]:
        mark, items = len(entry.complaints), list(entry.items())
        rungs = tuple(self._rung(item) for item in items)
        if len(entry.complaints) > mark:
            return rungs
        if not rungs and entry.is_list:
            entry.complain("the ladder has no rungs; name at least one")
        for number, (item, rung) in enumerate(zip(items, rungs, strict=True)):
            below = rungs[:number]
            if rung.key in {each.key for each in below}:
                item.complain(f"the id '{rung.key}' is taken by another rung; choose another")
            elif below and rung.threshold <= below[-1].threshold:
                item.complain(
                    f"'from' must rise; put '{rung.key}' before '{below[-1].key}' or correct one of them"
                )
        return rungs

    def _rung(self, entry: Entry) -> Rung:
        parts = entry.entries(("id", "title", "from", "has"), ("left_open", "next_steps"))
        return Rung(
            key=_id(parts),
            title=parts.text("title"),
            threshold=parts.read("from", Entry.yuan, 0),
            has=parts.read("has", self.condition, NEVER),
            left_open=parts.texts("left_open"),
            next_steps=parts.texts("next_steps"),
        )

    def _remark(self, entry: Entry) -> Remark:
        parts = entry.entries(("when", "say"), ())
        return Remark(parts.read("when", self.condition, NEVER), parts.text("say"))

    def _citations(self, entry: Entry) -> tuple[Citation, ...]:
        citations = tuple(self._citation(item) for item in entry.items())
        if entry.is_list and not citations:
            entry.complain("no citation; name the document and the place that says so")
        return citations

    def _citation(self, entry: Entry) -> Citation:
        parts = entry.entries(("document", "place"), ())
        document = parts.text("document")
        if document and self.documents and document not in self.documents:
            parts["document"].complain(f"unknown document '{document}'{known_are(document, self.documents)}")
        return Citation(document, parts.text("place"))

    def _certainty(self, citations: tuple[Citation, ...]) -> Certainty:
        cited = [self.documents.get(each.document) for each in citations]
        return Certainty.of(document.certainty for document in cited if document)


def _id(parts: Parts) -> str:
    key = parts.text("id")
    if not key or _ID.fullmatch(key):
        return key
    parts["id"].complain(f"'{key}' cannot be an id; use small letters, digits, - and _, as rd_institution")
    return ""


def validity(entry: Entry) -> Validity:
    """The days in force; `until` may be left out."""
    parts, mark = entry.entries(("from",), ("until",)), len(entry.complaints)
    since, until = parts.read("from", Entry.day, None), parts.read("until", Entry.day, None)
    if since and until and until < since and len(entry.complaints) == mark:
        entry.complain("'until' lies before 'from'; correct one of them")
    return Validity(since, until)
