"""YAML -> support measures and their benefits."""

from dataclasses import dataclass
from fractions import Fraction

from policy.benefits import Benefit, Each, Rate
from policy.citations import Validity
from policy.entries import Entry, Parts
from policy.facts import Fact, Kind
from policy.lists import Some
from policy.load_citations import read_validity
from policy.load_conditions import NEVER, ConditionReader
from policy.load_measures import MeasureReader
from policy.logic import Condition
from policy.schemes import Scheme

_SCHEME_KEYS = ("id", "title", "citations", "valid", "applies_when", "eligible_when", "benefit", "examples")
_SCHEME_OPTIONAL = ("topics", "authority_decides", "left_open", "next_steps")
_NOTHING: Benefit = Each(0, Fact("none", Kind.RECORDS, ""))  # stands in for one that could not be read


@dataclass(frozen=True, slots=True)
class SchemeReader(MeasureReader):
    """Reads schemes against the facts and documents they may name."""

    def read(self, root: Entry) -> Scheme:
        parts = root.entries(_SCHEME_KEYS, _SCHEME_OPTIONAL)
        eligible_when = parts.read("eligible_when", self.condition, NEVER)
        return Scheme(
            **self.common(parts),
            valid=parts.read("valid", read_validity, Validity()),
            applies_when=parts.read("applies_when", self.condition, NEVER),
            eligible_when=eligible_when,
            authority_decides=parts.read("authority_decides", self.condition, None),
            benefit=parts.read("benefit", lambda entry: self._benefit(entry, eligible_when), _NOTHING),
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
