"""The door: one typed text and what was asked, one reading out, whatever the text. The readers are elsewhere."""

from __future__ import annotations

from flows.answers.amounts import read_amount
from flows.answers.corrections import corrected, of_asked_year
from flows.answers.dates import read_month, read_year
from flows.answers.growth import asks_growth
from flows.answers.normalise import LONGEST, normalise
from flows.answers.options import read_choice
from flows.answers.patterns import Match, Pattern
from flows.answers.reading import Ask, Reading, reject
from flows.answers.refusals import is_bare, refusal, without_doubt
from flows.answers.sayings import reworded
from flows.answers.several import own_clause, part_of_whole, read_several
from flows.answers.slips import mended
from flows.answers.smalltalk import without_filler, without_pictures
from flows.answers.stories import told
from flows.answers.yesno import read_yesno

_UNIT_TOLD = Pattern(
    r"[,;(\[]*(?:计量|金额)?单位(?:都是|是|为|按|:)*(?P<unit>亿元?|百万元?|千万元|万元?|千元|元)[)\],:]*"
    r"|[,:]?[(\[](?P<inside>亿元?|百万元?|千万元|万元?|千元|元)[)\]][,:]*|^(?P<first>亿元|百万元|万元|千元|元)[,:]+"
)
_MERGED, _SINGLE = Pattern("合并.*[万亿]"), Pattern("(?:单体|母公司|本部).*[万亿]")
_FULL_NAMES = {"亿": "亿元", "百万": "百万元", "万": "万元"}
_TRIMMED = " ,.。!~;、"
_ENDS = "。!~;, "


def read(text: str, ask: Ask) -> Reading:
    """Read one answer. Never raises; what is not sure is rejected with a hint, never guessed."""
    if len(text) > LONGEST:
        return reject("unclear", "too_long")
    plain = normalise(text)
    if not is_bare(plain):
        plain = without_filler(without_pictures(plain))
    if not plain.strip(_TRIMMED):
        return reject("unclear", "empty")
    return _read(plain, ask)


def _read(text: str, ask: Ask) -> Reading:
    if ask.kind == "yesno":
        return read_yesno(text, ask)
    if ask.kind == "choice":
        return read_choice(text, ask)
    if ask.kind == "multi":
        several = read_several(text, ask.fields, _read)
        return (refusal(text) or several) if several.kind == "reject" else several
    if is_bare(text):
        return _plain(text.rstrip(_ENDS), ask)
    if ask.kind != "number" and (plain := mended(text)) != text:
        return _assumed(_read(plain, ask))
    if ask.kind == "money" and "合并" in text and _two_books(text):
        return reject("unclear", "two_books")
    text = text if ask.kind in {"number", "year", "month"} else reworded(text)
    said = refusal(text)
    reading = said or _worded(without_doubt(text).rstrip(_ENDS), ask)
    if (
        reading.kind == "reject"
        and reading.rule not in {"another_event", "several_years_told"}
        and ask.kind != "number"
        and not asks_growth(ask)
        and (part := told(text, ask))
        and part != text
    ):
        return _told(part, ask, reading)
    return reading


def _two_books(text: str) -> bool:
    """合并2.36亿,母公司1.9亿: two figures of the firm, and the question does not say which."""
    clauses = text.split(",")
    return any(map(_MERGED.search, clauses)) and any(
        _SINGLE.search(clause) for clause in clauses if "合并" not in clause
    )


def _worded(text: str, ask: Ask) -> Reading:
    if ask.kind != "number" and (counted := corrected(text)):
        return _assumed(_plain(counted, ask))
    return _plain(text, ask)


def _told(part: str, ask: Ask, whole: Reading) -> Reading:
    """Read the part of a story that answers; where that is nothing either, say what the whole text says."""
    if refusal(part):
        return whole
    reading = _worded(without_doubt(part).rstrip(_ENDS), ask)
    return (
        whole if reading.kind == "reject" and reading.hint in {"no_number", "unclear"} else _assumed(reading)
    )


def _plain(text: str, ask: Ask) -> Reading:
    if ask.kind == "year":
        return read_year(text, ask)
    if ask.kind == "month":
        return read_month(text, ask)
    bare = is_bare(text)
    if not bare and (part := of_asked_year(text, ask)):
        return _assumed(read_amount(part, ask))
    if not bare and ask.kind == "money" and (unit := _UNIT_TOLD.search(text)):
        name = unit["unit"] or unit["inside"] or unit["first"]
        text, ask = _without(text, unit), ask._replace(unit=_FULL_NAMES.get(name, name))
    if not bare and ask.kind == "count" and "," in text:
        text = part_of_whole(text, ask) or text
    reading = read_amount(text, ask)
    if reading.kind == "reject" and (clause := own_clause(text, ask)):
        own = read_amount(clause, ask)
        return _assumed(own)._replace(rule=f"{own.rule}_of_several")
    return reading


def _assumed(reading: Reading) -> Reading:
    """Read back what was taken out of several figures."""
    return reading if reading.kind in {"reject", "unknown"} else reading._replace(confirm=True)


def _without(text: str, told: Match) -> str:
    return f"{text[: told.start()]}{text[told.end() :]}".strip(_TRIMMED)
