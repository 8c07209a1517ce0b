"""A case on paper (案卷): what its page tells, as plain data for the printed sheets. Words that pages choose come from `Words`."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from flows.casepage import CasePage
from flows.flags import Flag
from flows.messages import SHANGHAI
from models.base import JsonObject
from models.case import Opinion, Question, Remark
from policy.phrases import Phrase
from policy.quantities import show_yuan

Words: TypeAlias = Callable[[str, str], str]
"""How something is called: (`verdicts`, `eligible`) -> 按所答符合."""
Table: TypeAlias = list[list[str]]


def case_paper(page: CasePage, say: Words, by: str, now: datetime) -> JsonObject:
    """What the sheets hold: a heading, the points worth a look, tables of text, verdicts, and what was written beside it."""
    paper = page.paper
    return {
        "as_of": now.astimezone(SHANGHAI).date().isoformat(),
        "printed": [by, _local(now)],
        "firm": paper.listed.name or "",
        "code": paper.listed.credit_code or "",
        "year": str(paper.assessment.fiscal_year),
        "city": paper.review.city or "",
        "state": say("states", paper.review.state),
        "edition": f"{paper.published.edition.name} #{paper.published.id}",
        "flags": [_flag(each, say) for each in page.flags],
        "rungs": [[each["threshold"], each["title"], say("rungs", each["state"])] for each in page.rungs],
        "facts": [_fact(each, say) for each in page.facts],
        "verdicts": [_verdict(each, page, say) for each in page.verdicts],
        "questions": [_question(each, page, say) for each in page.questions],
        "remarks": [_remark(each, page, say) for each in page.remarks],
        "acts": [[_local(each.at), each.who, each.did] for each in reversed(page.audit)],
    }


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _flag(each: Flag, say: Words) -> str:
    return f"{each.title}：{say('flags', each.kind)}" + (f"（{each.words}）" if each.words else "")


def _fact(each: dict[str, Any], say: Words) -> list[str]:
    last = each["last"]
    who = f"{say('roles', last['by'])}，{_local(last['at'])}" if last else ""
    typed, rule = (last["typed"] or "", last["rule"] or "") if last else ("", "")
    return [each["title"], each["value"], say("certainty", each["certainty"]), typed, rule, who]


def _verdict(each: dict[str, Any], page: CasePage, say: Words) -> dict[str, Any]:
    opinion: Opinion | None = each["opinion"]
    return {
        "title": each["title"],
        "verdict": say("verdicts", each["verdict"]),
        "amount": each["amount"] or "",
        "working": each["working"] or "",
        "because": list(_because(each["because"])),
        "missing": each["missing"],
        "conditions": [[say("conditions", name), *_lines(told)] for name, told in each["conditions"]],
        "left_open": each["left_open"],
        "citations": [f"《{one['document']}》{one['places']}" for one in each["citations"]],
        "opinion": "" if opinion is None else _opinion(opinion, page, say),
    }


def _because(reasons: Sequence[dict[str, Any]]) -> Iterator[str]:
    for each in reasons:
        short = f"（{each['short_by']}）" if each["short_by"] else ""
        yield f"{each['title']}：{each['given']} / {each['asks']}{short}"


def _lines(told: Phrase) -> Iterator[str]:
    """A condition and those within it, each on a line of its own."""
    yield told.text
    for each in told.inner:
        yield from (f"　{line}" for line in _lines(each))


def _opinion(each: Opinion, page: CasePage, say: Words) -> str:
    amount = f"，{show_yuan(each.amount_yuan)}" if each.amount_yuan else ""
    who = f"{page.staff[each.staff_id]}，{_local(each.at)}"
    return f"{say('verdicts', each.verdict)}{amount}。{each.reason}（{who}）"


def _question(each: Question, page: CasePage, say: Words) -> list[str]:
    asked = f"{page.staff[each.staff_id]}，{_local(each.asked_at)}"
    return [each.words, say("questions", each.state), each.answer or "", asked]


def _remark(each: Remark, page: CasePage, say: Words) -> list[str]:
    return [say("remarks", each.kind), each.words, f"{page.staff[each.staff_id]}，{_local(each.at)}"]
