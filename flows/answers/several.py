"""Several facts in one sentence: 去年营收3.2亿,研发1200万,员工260人. A clause nobody asked for spoils the lot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from flows.answers.normalise import normalise
from flows.answers.patterns import Pattern
from flows.answers.reading import Ask, Reading, reject

_CLAUSES = Pattern(r"[,;。!]+|(?=其中)")
_CUES = {
    "收入": ("营收", "营业收入", "销售额", "销售收入", "销售", "收入", "营业额", "产值"),
    "研发费": ("研发费用", "研发投入", "研发经费", "研发支出", "研发费", "研发"),
    "研发人": ("研发人员", "技术人员", "研发团队", "科研人员", "研发"),
    "人": ("员工", "职工", "人数", "员工人数", "总人数", "从业人员"),
    "专利": ("专利", "发明专利", "知识产权"),
    "成立": ("成立", "注册", "创办", "开办", "建厂"),
    "投资": ("总投资", "投资额", "投资"),
    "利润": ("净利润", "利润"),
    "占比": ("占比", "比例", "占"),
}
_PARTS = Pattern(r"[,;。!()]+|(?=其中)")
_DIGIT = Pattern(r"[0-9零一二两三四五六七八九十百千万亿]")
_UNITS = {
    "money": Pattern("[万亿元块w]"),
    "count": Pattern("[人名个项件位家]"),
    "percent": Pattern("[%成点]"),
    "year": Pattern("年"),
}
_SHORTEST_CUE = 2


def read_several(text: str, fields: Mapping[str, Ask], read_one: Callable[[str, Ask], Reading]) -> Reading:
    """Read each clause with the field its words point to; anything left over is asked again."""
    facts: dict[str, Reading] = {}
    for clause in filter(None, _CLAUSES.split(text)):
        field = _field_of(clause, fields)
        if field is None or field in facts:
            return reject("unclear", "clause_without_field")
        reading = read_one(_without_cue(clause, fields[field]), fields[field])
        if reading.kind == "reject":
            return reject("unclear", f"clause_unread_{field}"[:60])
        facts[field] = reading
    if not facts:
        return reject("unclear", "no_clause")
    return Reading("multi", confirm=True, facts=MappingProxyType(facts), rule="several_facts")


def own_clause(text: str, ask: Ask) -> str | None:
    """Give the clause that answers `ask` where others tell other facts: 3.2亿,其中研发1200万."""
    clauses: list[str] = []
    for part in _PARTS.split(text):
        if _DIGIT.search(part) or not clauses:
            clauses.append(part)
        else:
            clauses[-1] += f",{part}"  # what has no number speaks about the number before it
    owners = [_owner(clause, ask) for clause in clauses]
    answers = [clause for clause, owner in zip(clauses, owners, strict=True) if owner != "other"]
    return answers[0] if len(answers) == 1 < len(clauses) else None


def told_as_another(text: str, ask: Ask) -> bool:
    """Tell whether the words name another fact than the one asked: 利润3000万 to a question about revenue."""
    own = cues(ask)
    if not any(own & set(words) for words in _CUES.values()) or any(cue in text for cue in own):
        return False
    return any(word in text for words in _CUES.values() for word in words if word not in own)


def _owner(clause: str, ask: Ask) -> str:
    """Say whose fact a clause tells: the asked one (own), another one (other), or nobody's by name (open)."""
    own = cues(ask)
    others = {word for words in _CUES.values() for word in words} - own
    longest = max((len(cue) for cue in own if cue in clause), default=0)
    against = max((len(cue) for cue in others if cue in clause), default=0)
    if longest == against:
        return "other" if against else "open"
    return "own" if longest > against else "other"


def cues(ask: Ask) -> set[str]:
    """Give what people call the field: its label, its label's parts, and the usual other words for it."""
    label = normalise(ask.label or "")
    if ask.kind == "percent":
        return {label, *_CUES["占比"]} - {""}
    own = {label, *re.split(r"[的/(),、 ]|(?:去年|上年|年度|全年|总额|总数|金额)", label)}
    known = {
        stem: max((len(w) for w in (stem, *words) if w in label), default=0) for stem, words in _CUES.items()
    }
    if best := max(known.values()):
        own |= {word for stem, words in _CUES.items() if known[stem] == best for word in words}
    return {cue for cue in own if len(cue) >= _SHORTEST_CUE}


def _field_of(clause: str, fields: Mapping[str, Ask]) -> str | None:
    """Match the longest cue; a tie between two fields is no match."""
    longest = {
        name: max((len(cue) for cue in cues(ask) if cue in clause), default=0) for name, ask in fields.items()
    }
    best = max(longest.values(), default=0)
    winners = [name for name, length in longest.items() if length == best]
    suiting = [name for name in winners if _suits(clause, fields[name])] or winners
    return suiting[0] if best and len(suiting) == 1 else None


def _suits(clause: str, ask: Ask) -> bool:
    """Tell 研发 30 人 from 研发 1200 万 by the unit where the words say the same."""
    unit = _UNITS.get(ask.kind)
    return unit is None or unit.search(clause) is not None


def _without_cue(clause: str, ask: Ask) -> str:
    found = max((cue for cue in cues(ask) if cue in clause), key=len, default="")
    return clause.replace(found, "", 1).strip(" :的")
