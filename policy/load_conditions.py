"""YAML -> conditions."""

from collections.abc import Mapping
from dataclasses import dataclass

from policy.comparisons import Compare, OneOf
from policy.complaints import did_you_mean
from policy.entries import Entry, Parts
from policy.facts import NUMERIC, Fact, Kind
from policy.lists import Empty, Has, Some
from policy.load_facts import number
from policy.load_ratios import OPERATORS, read_months, read_score, read_share, read_sum
from policy.logic import All, Any, Condition, Not, OpenReading
from policy.ratios import Elapsed

_AGO = {f"months_ago_{name}": operator for name, operator in OPERATORS.items()}
_TESTS = (*OPERATORS, "is", "one_of", "empty", "some", "has", "has_any", *_AGO)
_CONNECTIVES = ("all", "any", "not")
_FITTING = {
    **dict.fromkeys(NUMERIC, tuple(OPERATORS)),
    Kind.MONTH: (*OPERATORS, *_AGO),
    Kind.YESNO: ("is",),
    Kind.CHOICE: ("is", "one_of"),
    Kind.RECORDS: ("empty", "some", "has", "has_any"),
}
NEVER = Any(())  # stands in for a condition that could not be read


@dataclass(frozen=True, slots=True)
class ConditionReader:
    """Reads conditions on the facts it knows, or (`of` names the list) on the fields of a list's entries."""

    known: Mapping[str, Fact]
    of: str = ""

    def read(self, entry: Entry) -> Condition:
        """`all`, `any`, `not`, an open reading (`when` and `open`) or a comparison with one fact or field."""
        keys = entry.entries()
        if keys.keys() & {"fact", "field"}:
            return self._comparison(entry, keys)
        if keys.keys() & {"when", "open"}:
            parts = entry.entries(("when", "open"), ())
            return OpenReading(parts.read("when", self.read, NEVER), parts.text("open"))
        if keys.keys() & {"share", "sum", "score"}:
            return self._over_facts(entry, keys)
        connectives = [word for word in _CONNECTIVES if word in keys]
        if len(connectives) > 1:
            entry.complain(
                f"'{connectives[0]}' and '{connectives[1]}' side by side; put one inside the other"
            )
        elif connectives:
            return self._connective(connectives[0], entry.entries(connectives, ())[connectives[0]])
        elif entry.is_mapping:
            hint = next(
                filter(None, (did_you_mean(key, ("fact", "field", *_CONNECTIVES)) for key in keys)), ""
            )
            entry.complain(f"not a condition; it needs fact, all, any, not, or when with open{hint}")
        return NEVER

    def _over_facts(self, entry: Entry, keys: Parts) -> Condition:
        if "score" in keys:
            return read_score(entry, self.read)
        found = read_share(entry, self.fact) if "share" in keys else read_sum(entry, self.fact)
        return NEVER if found is None else found

    def _connective(self, word: str, entry: Entry) -> Condition:
        if word == "not":
            return Not(self.read(entry))
        conditions = tuple(self.read(item) for item in entry.items())
        if entry.is_list and not conditions:
            entry.complain(f"'{word}' is empty; name at least one condition")
        return All(conditions) if word == "all" else Any(conditions)

    def fact(self, entry: Entry) -> Fact | None:
        """The fact (or field) named; None after complaining that there is no such."""
        key = entry.text()
        if key and key not in self.known and (self.known or not self.of):
            what = f"field '{key}' of {self.of}" if self.of else f"fact '{key}'"
            entry.complain(f"unknown {what}{did_you_mean(key, self.known)}")
        return self.known.get(key)

    def _comparison(self, entry: Entry, keys: Parts) -> Condition:
        subject, other = ("field", "fact") if self.of else ("fact", "field")
        if other in keys:
            where = f"inside 'some' of {self.of}" if self.of else "outside 'some'"
            keys[other].complain(f"'{other}' does not fit {where}; write '{subject}'")
            return NEVER
        mark = len(entry.complaints)
        parts = entry.entries((subject,), _TESTS)
        fact = self.fact(parts[subject])
        tests = [key for key in parts if key != subject]
        if len(entry.complaints) > mark or fact is None:
            return NEVER
        if len(tests) != 1:
            found, fitting = " and ".join(tests) or "none", _FITTING.get(fact.kind, _TESTS)
            entry.complain(f"a comparison needs exactly one of {', '.join(fitting)}; found {found}")
            return NEVER
        return self._test(fact, tests[0], parts[tests[0]])

    def _test(self, fact: Fact, word: str, entry: Entry) -> Condition:
        fitting = _FITTING.get(fact.kind, ())
        if word not in fitting:
            hint = f"use {' or '.join(fitting)}" if fitting else "no rule can look at it"
            entry.complain(f"'{word}' does not fit '{fact.key}', which is {fact.kind}; {hint}")
            return NEVER
        if word in OPERATORS:
            return Compare(fact, OPERATORS[word], number(fact.kind, entry))
        if word in _AGO:
            return Elapsed(fact, _AGO[word], read_months(entry))
        if word in {"has", "has_any"}:
            return self._has(fact, word, entry)
        if word == "empty":
            return Empty(fact, entry.truth())
        if word == "some":
            return _some(fact, ConditionReader(fact.fields, fact.key).read(entry))
        return self._one_of(fact, word, entry)

    def _has(self, fact: Fact, word: str, entry: Entry) -> Condition:
        """For a list that is told by choosing: one of the options named is among those chosen."""
        if fact.key_field and not fact.several:
            return NEVER  # that it has no options is complained of where it stands
        if not fact.several:
            entry.complain(
                f"'{word}' does not fit '{fact.key}', whose entries are more than a choice; use some"
            )
            return NEVER
        named = [entry] if word == "has" else list(entry.items())
        if entry.is_list and not named:
            entry.complain("'has_any' is empty; name at least one option")
        values = tuple(each.word(option.key for option in fact.several) for each in named)
        return Has(fact, values)

    def _one_of(self, fact: Fact, word: str, entry: Entry) -> Condition:
        if fact.kind is Kind.YESNO:
            return OneOf(fact, (entry.truth(),))
        if not fact.choices:
            return NEVER  # that it has no options is complained of where it stands
        named = [entry] if word == "is" else list(entry.items())
        if entry.is_list and not named:
            entry.complain("'one_of' is empty; name at least one option")
        values = tuple(each.word(map(str, fact.choices)) for each in named)
        if set(values) == set(fact.choices):
            entry.complain(f"this names every option of '{fact.key}', so it asks nothing; leave one out")
        return OneOf(fact, values)


def _some(fact: Fact, condition: Condition) -> Condition:
    """An entry that meets a condition; of a list told by choosing, one of the options named."""
    if fact.several and isinstance(condition, OneOf) and condition.fact.key == fact.key_field:
        return Has(fact, tuple(map(str, condition.values)))
    return Some(fact, condition)
