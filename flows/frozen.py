"""What a report says (测评报告), frozen as plain JSON: in words that are final, with every figure of the firm in a place of its own,
so that a link can leave the figures out. Nothing is judged here; how it looks is templates/report's business.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.depth import in_depth
from flows.messages import Json, Operator
from flows.reporting import places, reason_told, report
from flows.terms import AHEAD, CERTAINTY_WORDS, RUNG_WORDS, STANDING_WORDS, VERDICT_WORDS
from models.base import JsonObject
from policy.citations import Citation
from policy.determine import Outcome
from policy.measures import Topic
from policy.schemes import Edition
from policy.verdicts import Determination

FORM = 1  # of the payload; raise it when a template must tell an older one apart
_LONGEST_NAME, _MOST = 60, 8
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Beside:
    """What a report tells besides the judgement. `answers`: a fingerprint of all answers; `unanswered`: what was put aside."""

    firm: str
    year: int
    operator: Operator
    topics: Collection[Topic]
    provisional: bool
    unanswered: Iterable[str]
    answers: str


def freeze(outcome: Outcome, beside: Beside) -> JsonObject:
    """All that the report of this outcome shows, but for its check code."""
    edition, told = outcome.edition, report(outcome)
    depth = in_depth(outcome, beside.topics)["depth"]
    paper = {
        "form": FORM,
        "answers": beside.answers,
        "firm": shortened(beside.firm),
        "year": beside.year,
        "as_of": told["as_of"],
        "edition": {
            "name": edition.name,
            "title": edition.title,
            "since": None if edition.valid.since is None else edition.valid.since.isoformat(),
        },
        "operator": shortened(beside.operator.name),
        "provisional": beside.provisional,
        "unanswered": _few(list(beside.unanswered)),
        "scope": {"out_of_scope": "out"}.get(told["state"], "open" if told["scope_open"] else "in"),
        **_standing(told),
        "rungs": [_rung(each, told) for each in told["rungs"]],
        "remarks": told["remarks"],
        "ladder_source": _source(edition, outcome.ladder.ladder.citations, told["ladder_certainty"]),
        "schemes": [_scheme(edition, each, outcome) for each in told["schemes"]],
        "confirmed": told["confirmed"] if told["has_confirmed"] else None,
        "conditional": told["conditional"] if told["has_conditional"] else None,
        "figures": True,
        "recognitions": [
            _recognition(each)
            for part in depth
            for each in part["recognitions"]
            if each["verdict"] != "not_applicable"
        ],
        "measures": [_measure(each) for part in depth for each in part["concerns"]],
        "documents": [_document(edition, name) for name in _cited(outcome)],
    }
    return {name: printable(each) for name, each in paper.items()}


def without_figures(paper: JsonObject) -> JsonObject:
    """The same for somebody who shall not see the firm's figures: no revenue, no gap, no amount, nothing as it was answered."""
    schemes = [
        {**each, "amount": None, "working": "", "because": [], "missing": each["missing_titles"]}
        for each in paper["schemes"]
    ]
    rungs = [{**each, "missing": each["missing_titles"]} for each in paper["rungs"]]
    hidden = {"revenue": None, "gap": None, "confirmed": None, "conditional": None, "figures": False}
    return {**paper, **hidden, "answers": "", "schemes": schemes, "rungs": rungs}


def printable(told: Json) -> Json:
    """The same without signs that are not seen or that turn the reading direction, each text in one line."""
    if isinstance(told, dict):
        return {name: printable(each) for name, each in told.items()}
    if isinstance(told, list):
        return [printable(each) for each in told]
    return _line(told) if isinstance(told, str) else told


def _line(text: str) -> str:
    seen = (letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())


def shortened(name: str) -> str:
    """A name, cut where no paper would hold it."""
    line = _line(name)
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"


def _standing(told: Mapping[str, Any]) -> dict[str, Json]:
    """Where the firm stands, in words without its revenue; the revenue and the gap each by itself."""
    standing, scope = told["standing"], told["state"]
    gap = None
    if scope == "out_of_scope":
        place = "企业不在河南注册，省里的这份计划不适用，所以不测阶梯，也不算支持"
    elif standing is None or standing["state"] == "unknown":
        place = "还定不下在哪一级" if told["revenue"] else "还不知道营业收入，定不下在哪一级"
    elif standing["state"] == "below":
        place = "还没到第一级（阶梯是努力方向，不是义务）"
    else:
        at_least = "至少" if standing["at_least"] else ""
        place = f"{at_least}在第 {standing['step']} 级（{standing['threshold']}以上）"
    if standing is not None and standing["gap"]:
        gap = f"离下一级（{standing['next']}）还差 {standing['gap']}"
    step = 0 if standing is None else standing["step"]
    return {"place": place, "step": step, "revenue": told["revenue"], "gap": gap}


def _rung(each: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Json]:
    state = each["state"]
    number = [rung["title"] for rung in told["rungs"]].index(each["title"]) + 1
    return {
        "number": number,
        "title": each["title"],
        "threshold": f"{each['threshold']}以上",
        "state": state,
        "ahead": each["ahead"],
        "word": AHEAD if each["ahead"] else RUNG_WORDS[state],
        "missing": each["missing"] if state == "unknown" else [],
        "missing_titles": _titles(each["missing"]) if state == "unknown" else [],
        "unwritten": each["unwritten"] if state == "unknown" else [],
        "open": each["left_open"] if state == "unknown" else [],
        "next_step": each["next_steps"][0] if state == "missing" and each["next_steps"] else "",
    }


def _titles(doubts: Iterable[str]) -> list[str]:
    """Which facts are in doubt, without the threshold beside which a figure is."""
    return list(dict.fromkeys(doubt.split("到没到 ", 1)[0] for doubt in doubts))


def _scheme(edition: Edition, each: Mapping[str, Any], outcome: Outcome) -> dict[str, Json]:
    found: Determination = next(one for one in outcome.schemes if one.scheme.key == each["id"])
    verdict = each["verdict"]
    shown = verdict in {"eligible", "conditional", "undetermined"}
    reasons = [reason_told(edition, reason) for reason in found.because]
    return {
        "id": each["id"],
        "title": each["title"],
        "verdict": verdict,
        "word": VERDICT_WORDS[verdict],
        "amount": each["amount"],
        "working": each["working"],
        "because": _few([_reason(reason, verdict) for reason in reasons]),
        "missing": each["missing"],
        "missing_titles": [edition.facts[missing.fact].title for missing in found.missing],
        "unwritten": each["unwritten"] if shown else [],
        "open": each["left_open"] if shown else [],
        "next_step": each["next_steps"][0] if shown and each["next_steps"] else "",
        "source": _source(edition, found.citations, each["certainty"]),
    }


def _few(points: list[str]) -> list[str]:
    """What a paper has room for."""
    return (
        points if len(points) <= _MOST else [*points[:_MOST], f"另有 {len(points) - _MOST} 项见聊天里的结果"]
    )


def _reason(reason: Mapping[str, Any], verdict: str) -> str:
    if verdict == "not_applicable":
        return f"{reason['title']}：{reason['given']}"
    asks = f"，要求 {reason['asks']}" if reason["asks"] and verdict != "undetermined" else ""
    short = f"，还差 {reason['short_by']}" if reason["short_by"] else ""
    return f"{reason['title']}：所答 {reason['given']}{asks}{short}"


def _source(edition: Edition, citations: Iterable[Citation], certainty: str) -> str:
    """`《……》第5条（转载文本）`; the notes on what stands where are the result's, not the paper's."""
    bare = (Citation(each.document, each.place) for each in citations)
    cited = "；".join(f"《{each['document']}》{each['places']}" for each in places(edition, bare))
    return f"{cited}（{CERTAINTY_WORDS[certainty]}）"


def _recognition(each: Mapping[str, Any]) -> dict[str, Json]:
    verdict = each["verdict"]
    word = (
        "已经有了"
        if each["held"]
        else each.get("told_short") or STANDING_WORDS[verdict].removeprefix("按所答，")
    )
    certainty = CERTAINTY_WORDS[each["certainty"]]
    partly = "，个别条件待核实" if each.get("partly") else ""
    return {"title": each["title"], "word": word, "verdict": verdict, "certainty": f"{certainty}{partly}"}


def _measure(each: Mapping[str, Any]) -> dict[str, Json]:
    return {"title": each["title"], "source": each["citations"][0]["places"]}


def _cited(outcome: Outcome) -> list[str]:
    """The documents behind the ladder and the schemes."""
    cited = (outcome.ladder.ladder.citations, *(each.citations for each in outcome.schemes))
    return list(dict.fromkeys(each.document for citations in cited for each in citations))


def _document(edition: Edition, name: str) -> dict[str, Json]:
    document = edition.documents[name]
    return {
        "title": document.title,
        "checked": document.checked.isoformat(),
        "certainty": CERTAINTY_WORDS[document.certainty],
    }
