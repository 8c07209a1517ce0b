"""YAML -> the ladder: its rungs in rising order, and the remarks told beside them."""

from collections.abc import Mapping
from dataclasses import dataclass

from policy.entries import Entry
from policy.facts import Fact, Kind
from policy.load_citations import Documents, certainty_of, read_citations, read_id
from policy.load_conditions import NEVER, ConditionReader
from policy.logic import Condition
from policy.schemes import Ladder, Remark, Rung


@dataclass(frozen=True, slots=True)
class LadderReader:
    """Reads the ladder against the facts and documents it may name."""

    facts: Mapping[str, Fact]
    documents: Documents

    def read(self, root: Entry) -> Ladder:
        parts = root.entries(("measure", "citations", "rungs", "examples"), ("remarks",))
        measure = parts.read("measure", ConditionReader(self.facts).fact, None)
        if measure is not None and measure.kind is not Kind.MONEY:
            parts["measure"].complain(f"the ladder is measured by money; '{measure.key}' is {measure.kind}")
        citations = parts.read("citations", lambda entry: read_citations(entry, self.documents), ())
        return Ladder(
            measure=measure or Fact("none", Kind.MONEY, ""),
            citations=citations,
            certainty=certainty_of(citations, self.documents),
            rungs=parts.read("rungs", self._rungs, ()),
            remarks=parts.read("remarks", self._remarks, ()),
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
            key=read_id(parts),
            title=parts.text("title"),
            threshold=parts.read("from", Entry.yuan, 0),
            has=parts.read("has", self._condition, NEVER),
            left_open=parts.texts("left_open"),
            next_steps=parts.texts("next_steps"),
        )

    def _remarks(self, entry: Entry) -> tuple[Remark, ...]:
        listed = [item.entries(("unless", "say"), ()) for item in entry.items()]
        return tuple(Remark(each.read("unless", self._condition, NEVER), each.text("say")) for each in listed)

    def _condition(self, entry: Entry) -> Condition:
        return ConditionReader(self.facts).read(entry)
