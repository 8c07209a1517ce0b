"""What a bulletin's text and audience may be (拟稿): each fault with its field, so that a page can show it beside that field.

The markup is small: an empty line parts paragraphs, `**` stands around what is stressed, an address is written out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from flows.audience import Audience
from flows.editions import Editions
from flows.staff import CITIES
from flows.subscriptions import TITLES, Subject
from models.base import RefusedError
from models.reassessment import reassessment_by_id
from models.review import OUT_OF_SCOPE
from policy.schemes import Edition
from policy.verdicts import Verdict

LONGEST_TITLE, LONGEST_BODY = 60, 2000
AUTHORITIES = ".gov.cn"
"""Pages that a bulletin may point at besides our own: a message of ours is no place for anybody else's links."""
# What chat programs make a link of: an address with its scheme, or a bare name with a dot (but no mail address).
_ADDRESS = re.compile(
    r"(?:https?:)?//[!-~]+|(?<![A-Za-z0-9_@./-])(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![A-Za-z0-9-])(?:[/:?#][!-~]*)?"
)
_HOST = re.compile(r"https://([a-z0-9.-]+)(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
_ENDS = ".,;:?!)>\"'*"
Why: TypeAlias = Literal[
    "unknown",
    "empty",
    "long",
    "letters",
    "stress",
    "link",
    "needs_measure",
    "unpublished",
    "running",
]


@dataclass(frozen=True, slots=True)
class Text:
    """What an administrator writes: `body` in the small markup of messages (lines, `**` for stress)."""

    topic: str
    title: str
    body: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """A bulletin as its author has it: what it says, and whom it means."""

    text: Text
    audience: Audience


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; `told` is the part of it that is, `line` the same for a shell."""

    field: str
    why: Why
    line: str
    told: str = ""


class FaultyError(RefusedError):
    """A bulletin that cannot be sent; its text tells the first fault."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{faults[0].field}: {faults[0].line}")
        self.faults = faults


def faults_of_text(text: Text, site: str = "") -> list[Fault]:
    """What is wrong with a text, by field; empty for one that can go out. `site`: our own address, as https://host."""
    found = []
    if text.topic not in set(Subject):
        known = "、".join(f"{each}（{title}）" for each, title in TITLES.items())
        found.append(Fault("topic", "unknown", f"'{text.topic}' is none; there are {known}", text.topic))
    for name, words, most in (("title", text.title, LONGEST_TITLE), ("body", text.body, LONGEST_BODY)):
        found += _faults_of_words(name, words.strip(), most, site)
    return found


def _faults_of_words(name: str, words: str, most: int, site: str) -> Iterator[Fault]:
    if not words:
        yield Fault(name, "empty", "it is empty; write what people shall read")
    if len(words) > most:
        yield Fault(name, "long", f"{len(words)} letters; at most {most} fit", f"{len(words)}/{most}")
    strange = next((each for each in words if _is_strange(each, name)), None)
    if strange is not None:
        code = f"U+{ord(strange):04X}"
        yield Fault(name, "letters", f"it holds a letter that cannot be shown ({code}); take it out", code)
    unpaired = next((line for line in words.splitlines() if line.count("**") % 2), None)
    if unpaired is not None or (name == "title" and "*" in words):
        yield Fault(name, "stress", "`**` stands in pairs, within one line of the body", unpaired or "")
    for address in (found.rstrip(_ENDS) for found in _ADDRESS.findall(words)):
        if not may_be_named(address, site):
            line = f"'{address}' leads elsewhere; only https pages of ours and of *{AUTHORITIES} may be named"
            yield Fault(name, "link", line, address)


def _is_strange(letter: str, name: str) -> bool:
    """Whether a letter is none: control marks, and those that turn or hide text."""
    if letter in "\n\r\t":
        return name == "title"
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def may_be_named(address: str, site: str) -> bool:
    """Whether a bulletin may point there: an https page of ours (`site`) or of an authority."""
    found = _HOST.match(address)
    if found is None:
        return False
    own = _HOST.match(site)
    host = found[1].lower()
    return host.endswith(AUTHORITIES) or (own is not None and host == own[1].lower())


def faults_of_audience(connection: Connection, editions: Editions, audience: Audience) -> list[Fault]:
    """What of an audience there is not: a city, a verdict, an edition that was never in force."""
    edition = editions.current(connection).edition
    return [*_unknown(edition, audience), *_not_told(connection, audience)]


def _unknown(edition: Edition, audience: Audience) -> Iterator[Fault]:
    measures = (audience.subject,) if audience.subject is not None else ()
    for name, given, known in (
        ("cities", audience.cities, CITIES),
        ("industries", audience.industries, industries_of(edition)),
        ("rungs", audience.rungs, range(OUT_OF_SCOPE, len(edition.ladder.rungs) + 1)),
        ("subject", measures, measures_of(edition)),
        ("verdicts", audience.verdicts, tuple(map(str, Verdict))),
    ):
        strange = next((each for each in given if each not in known), None)
        if strange is not None:
            line = f"there is no '{strange}'; there are {', '.join(map(str, known))}"
            yield Fault(name, "unknown", line, str(strange))
    if audience.verdicts and audience.subject is None:
        yield Fault("verdicts", "needs_measure", "it needs 'subject', the measure that they are of")


def _not_told(connection: Connection, audience: Audience) -> Iterator[Fault]:
    if audience.changed_by is None:
        return
    run = reassessment_by_id(connection, audience.changed_by)
    which = str(audience.changed_by)
    if run is None:
        line = f"no reassessment has the number {which}: an edition changes results once it is published"
        yield Fault("changed_by", "unpublished", line, which)
    elif run.state != "done":
        line = f"reassessment {which} still runs; wait until it is known whom it changed"
        yield Fault("changed_by", "running", line, which)


def industries_of(edition: Edition) -> tuple[str, ...]:
    """The trades that a firm can name."""
    fact = edition.facts.get("industry")
    return () if fact is None else tuple(str(option.key) for option in fact.options)


def measures_of(edition: Edition) -> dict[str, str]:
    """The measures that a firm is told a verdict of, and how they are called."""
    return {each.key: each.title for each in (*edition.schemes, *edition.recognitions)}
