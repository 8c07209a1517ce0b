"""What an owner tells without being asked: read here, read back in listing.py, stored in readback.py once it is agreed to.

Only what is surely named is taken; what is not is asked in its turn. An answer to the open question alone is never taken here.
"""

from collections.abc import Iterator
from dataclasses import asdict

from flows.answering import Misread, Taken, from_text
from flows.answers.named import Clause, clauses_told
from flows.answers.normalise import LONGEST, normalise
from flows.answers.refusals import is_open
from flows.asking import Pending
from flows.messages import Json
from flows.stated import stated
from flows.turn import Turn
from policy.facts import NUMERIC, Fact, Kind

_A_YEARS = {Kind.MONEY, Kind.PERCENT}  # a head count or a title is told as of now
_LONGEST_OPEN = 8


def volunteered(
    turn: Turn, question: Pending | None, said: str, beside: frozenset[str] = frozenset()
) -> list[Json]:
    """What a message plainly tells besides the answer to the open question, with that answer where it holds it too.

    Empty where it tells nothing else: then it is an answer like any other. `beside` are the facts named before it.
    """
    asked = None if question is None else question.slot
    text = normalise(said)
    if len(text) > LONGEST or not turn.published.names.others(text, asked):
        return []
    lead, clauses = clauses_told(text, turn.published.names, turn.year, turn.incoming.today.year)
    clauses = [clause for clause in clauses if clause.of_year or not _is_of_a_year(turn, clause, question)]
    others = _by_name(turn, clauses, asked, beside)
    if not others:
        return []
    own = None if question is None else _own(turn, question, lead, clauses)
    return [*([] if own is None else [own]), *others]


def _is_of_a_year(turn: Turn, clause: Clause, question: Pending | None) -> bool:
    """Whether a clause tells a sum of a year; what names nothing may be the answer to the open question."""
    named = turn.published.edition.facts.get(clause.field or "", question.fact if question else None)
    return named is not None and named.kind in _A_YEARS


def _by_name(turn: Turn, clauses: list[Clause], asked: str | None, beside: frozenset[str]) -> list[Json]:
    """What is told of other facts. A fact told twice is not sure; 120人 is nobody's unless others are named."""
    rows: dict[str, Json] = {}
    fields = [clause.field for clause in clauses]
    for clause in clauses:
        fact = turn.published.edition.facts.get(clause.field or "")
        if fact is None or fact.key == asked or fields.count(fact.key) > 1:
            continue
        if (taken := _taken(turn, fact, clause)) is not None:
            rows[fact.key] = _row(fact.key, taken, clause.said)
    named = {*beside, *(clause.field for clause in clauses if clause.rest != clause.said)}
    return list(rows.values()) if named & {*beside, *rows, asked} else []


def _row(slot: str, taken: Taken, said: str) -> Json:
    return {"slot": slot, "entry": asdict(taken.entry), "typed": said, "rule": f"{taken.rule}, volunteered"}


def _taken(turn: Turn, fact: Fact, clause: Clause) -> Taken | None:
    """The reading of a clause for the fact it names, None where anything is unsure."""
    if is_open(clause.rest) and len(clause.rest) <= _LONGEST_OPEN:
        taken = from_text(Pending(fact.key, fact), clause.rest, turn.incoming.today)
    elif fact.kind not in NUMERIC:
        return stated(fact, clause.rest)
    elif not clause.is_plain:
        return None
    else:
        taken = from_text(Pending(fact.key, fact), clause.rest, turn.incoming.today)
    return None if isinstance(taken, Misread) or "assumed" in taken.rule else taken


def _own(turn: Turn, question: Pending, lead: str, clauses: list[Clause]) -> Json | None:
    """The answer to the open question in the same message: the clause that names it, else the one that names nothing."""
    told = next(_answers(question, lead, clauses), None)
    if told is None or question.is_about or question.fact.kind is Kind.TEXT:
        return None
    named = next((each for each in clauses if each.said == told and each.field == question.slot), None)
    plainly = None if named is None else _taken(turn, question.fact, named)
    taken = plainly or from_text(question, told, turn.incoming.today)
    if isinstance(taken, Misread) or (taken.confirm and question.fact.kind not in NUMERIC):
        return None
    return {**_row(question.slot, taken, told), "rule": taken.rule}


def _answers(question: Pending, lead: str, clauses: list[Clause]) -> Iterator[str]:
    own = [clause.said for clause in clauses if clause.field == question.slot]
    nameless = [clause.said for clause in clauses if clause.field is None and clause.is_plain]
    if len(own) == 1:
        yield own[0]
    elif not own and question.fact.kind in NUMERIC and len(nameless) == 1:
        yield nameless[0]
    elif not own and clauses and clauses[0].field is None and is_open(clauses[0].said):
        yield clauses[0].said
    elif not own and lead:
        yield lead
