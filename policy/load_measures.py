"""YAML -> what every measure has in common, and the guided measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policy.entries import Entry, Parts
from policy.facts import Fact
from policy.guides import UNSEEN, Guide, Office
from policy.load_citations import Documents, certainty_of, read_citations, read_id
from policy.load_conditions import ConditionReader
from policy.logic import Condition
from policy.measures import Topic

_GUIDE_KEYS = ("id", "kind", "title", "citations", "topics", "for", "offers", "examples")
_GUIDE_OPTIONAL = ("concerns_when", "time_limit", "office", "left_open", "next_steps")


@dataclass(frozen=True, slots=True)
class MeasureReader:
    """Reads measures of one edition against the facts and documents they may name."""

    edition: str
    facts: Mapping[str, Fact]
    documents: Documents

    def condition(self, entry: Entry) -> Condition:
        return ConditionReader(self.facts).read(entry)

    def common(self, parts: Parts) -> dict[str, Any]:
        """The arguments of every Measure."""
        citations = parts.read("citations", lambda entry: read_citations(entry, self.documents), ())
        return {
            "key": read_id(parts),
            "title": parts.text("title"),
            "edition": self.edition,
            "citations": citations,
            "certainty": certainty_of(citations, self.documents),
            "topics": parts.read("topics", _topics, ()),
            "left_open": parts.texts("left_open"),
            "next_steps": parts.texts("next_steps"),
        }

    def guide(self, root: Entry) -> Guide:
        """A guided measure."""
        parts = root.entries(_GUIDE_KEYS, _GUIDE_OPTIONAL)
        parts.read("kind", lambda entry: entry.word(("guided",)), "")
        return Guide(
            **self.common(parts),
            audience=parts.text("for"),
            offers=parts.text("offers"),
            concerns_when=parts.read("concerns_when", self.condition, None),
            time_limit=parts.read("time_limit", Entry.text, UNSEEN),
            office=parts.read("office", _office, Office()),
        )


def _office(entry: Entry) -> Office:
    parts = entry.entries((), ("name", "phone"))
    return Office(parts.read("name", Entry.text, UNSEEN), parts.read("phone", Entry.text, UNSEEN))


def _topics(entry: Entry) -> tuple[Topic, ...]:
    return tuple(Topic(item.word(Topic)) for item in entry.items())
