"""The door: one typed text and what was asked, one reading out, whatever the text. The readers are elsewhere."""

from __future__ import annotations

from dataclasses import replace

from flows.answers.amounts import read_amount
from flows.answers.dates import read_month, read_year
from flows.answers.normalise import LONGEST, normalise
from flows.answers.options import read_choice
from flows.answers.reading import Ask, Reading, reject
from flows.answers.refusals import refusal, without_doubt
from flows.answers.several import own_clause, read_several
from flows.answers.yesno import read_yesno

_TRIMMED = " ,.。!~;、"


def read(text: str, ask: Ask) -> Reading:
    """Read one answer. Never raises; what is not sure is rejected with a hint, never guessed."""
    if len(text) > LONGEST:
        return reject("unclear", "too_long")
    plain = normalise(text)
    if not plain.strip(_TRIMMED):
        return reject("unclear", "empty")
    return _read(plain, ask)


def _read(text: str, ask: Ask) -> Reading:
    if ask.kind == "yesno":
        return read_yesno(text)
    if ask.kind == "choice":
        return read_choice(text, ask)
    if ask.kind == "multi":
        several = read_several(text, ask.fields, _read)
        return (refusal(text) or several) if several.kind == "reject" else several
    if said := refusal(text):
        return said
    text = without_doubt(text)
    text = text.rstrip("。!~;, ")
    if ask.kind == "year":
        return read_year(text, ask)
    if ask.kind == "month":
        return read_month(text, ask)
    reading = read_amount(text, ask)
    if reading.kind == "reject" and (clause := own_clause(text, ask)):
        own = read_amount(clause, ask)
        return own if own.kind == "reject" else replace(own, confirm=True, rule=f"{own.rule}_of_several")
    return reading
