"""Several facts in one sentence: 去年营收3.2亿,研发1200万,员工260人. A clause nobody asked for spoils the lot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from flows.answers.cues import cues, other_cues
from flows.answers.patterns import Pattern
from flows.answers.reading import Ask, Reading, reject
from flows.answers.refusals import is_open

_SEPARATORS = Pattern(r"[,;。!() ]+|(?=其中)")
_PARTS = Pattern(r"[,;。!()]+|(?=其中)")
_DIGIT = Pattern(r"[0-9零一二两俩三仨四五六七八九十百千万亿几半]")
_UNITS = {
    "money": Pattern("[万亿元块w]"),
    "count": Pattern("[人名项件位家]|个(?![多来半几]?[万亿])|号人"),
    "percent": Pattern("[%成点]"),
    "year": Pattern("^[^万亿元人个%]*年[^万亿元人个%]*$"),
}
_NEEDS_ITS_NAME = Pattern("研发|科研|技术|利润|专利|设备|软件")  # a part is never told without its name
# Said beside the asked figure: what another span of time brought, what is not there yet, what was just denied.
_NOT_ASKED = Pattern(r"每[个]?[月天日季]|月均|一个月|在[审申办途]|申请中|受理|公示|目标|计划|明年|^不是")
_MAY_SPEAK_AGAINST = Pattern(
    r"[没无未别非](?!少|多少|错|问题)|不(?=是|算|对|到|足|止|含|$)|如果|要是|假如|目标|计划|争取|希望|打算|明年|每|月|季|利润|别人|人家|他们|同行|集团|[说打写搞]错|还是"
)
_WHOLE = Pattern("全[厂公司]|总共|一共|总|整个|上下")
_SAYS_LITTLE = Pattern(
    r"[去今上前]年|全年|整年|目前|现在|这会儿|大概其?|大约|差不多|估计|可能|应该|至少|最[多少]|不到|超过|将近|接近|我们|俺们?|我司|咱们?|公司|全?厂里?|总共|一共|共|合计|达到|还是|也就|只有|[的是有做干搞弄卖挣了得就也约近到快还俺这个嘛嗯,:_(-]"
)
_TAKEN_BACK = Pattern("(?:哦|噢|呃|啊)不$|不对$|错了$|口误$")
_TAKES_BACK = Pattern("(?:哦|噢|呃|啊)不|不对|[说打写搞记]错|错了|口误")
_RATHER = "不含税"


def read_several(text: str, fields: Mapping[str, Ask], read_one: Callable[[str, Ask], Reading]) -> Reading:
    """Read each clause with the field its words point to, else with the one field left that its unit suits.

    What no field takes spoils the lot; a fact the owner does not know is left for its own question.
    """
    facts: dict[str, Reading] = {}
    nameless: list[str] = []
    for clause in _clauses(text, frozenset().union(*map(cues, fields.values()))):
        field = _field_of(clause, fields)
        if field is None and is_open(clause):
            continue
        if field is None:
            nameless.append(clause)
            continue
        reading = read_one(_without_cue(clause, fields[field]), fields[field])
        if reading.hint == "declined":
            continue
        if field in facts or reading.kind == "reject":
            return reject("unclear", f"clause_unread_{field}"[:60])
        facts[field] = reading
    for clause in nameless:
        suiting = [
            name
            for name, ask in fields.items()
            if name not in facts
            and not _NEEDS_ITS_NAME.search(ask.label or "")
            and _takes(clause, ask, read_one)
        ]
        if len(suiting) != 1:
            return reject("unclear", "clause_without_field")
        facts[suiting[0]] = read_one(clause, fields[suiting[0]])
    if all(reading.kind == "unknown" for reading in facts.values()):
        return reject("unclear", "no_clause")
    return Reading(
        "multi",
        confirm=True,
        facts=MappingProxyType({name: facts[name] for name in fields if name in facts}),
        rule="several_facts",
    )


def _clauses(text: str, names: frozenset[str]) -> list[str]:
    """Cut at separators, and before a fact's name that follows a finished number: 营收三亿研发八百万."""
    clauses: list[str] = []
    for part in filter(None, _SEPARATORS.split(text)):
        if _DIGIT.search(part) or any(name in part for name in names) or is_open(part):
            if not (part.startswith("不是") and clauses):  # 4500万,不是5400万
                clauses.extend(_cut_at_names(part, names))
        elif clauses:
            clauses[-1] += f",{part}"  # what has no number speaks about the number before it
    return _corrections_joined(clauses)


def _corrections_joined(clauses: list[str]) -> list[str]:
    """营收八千万 | 哦不 | 九千万 tells one fact."""
    joined: list[str] = []
    for clause in clauses:
        if joined and (_TAKEN_BACK.search(joined[-1]) or _TAKES_BACK.match(clause)):
            joined[-1] += f",{clause}"
        else:
            joined.append(clause)
    return joined


def _cut_at_names(part: str, names: frozenset[str]) -> list[str]:
    pieces = [piece.rstrip("、和") for piece in _names_after_numbers(names).split(part)]
    return pieces if all(map(_DIGIT.search, pieces)) else [part]


@lru_cache(maxsize=512)
def _names_after_numbers(names: frozenset[str]) -> Pattern:
    longest_first = (
        "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True) if len(n) > 1) or "(?!)"
    )
    return Pattern(rf"(?<=[万亿元块人%多右下、])(?=(?:去年|一年|现在|光|共)?(?:{longest_first}))")


def _takes(clause: str, ask: Ask, read_one: Callable[[str, Ask], Reading]) -> bool:
    unit = _UNITS.get(ask.kind)
    if unit is None or not unit.search(clause) or any(cue in clause for cue in other_cues(ask)):
        return False
    return read_one(clause, ask).kind not in {"reject", "unknown"}


def own_clause(text: str, ask: Ask) -> str | None:
    """Give the clause that answers `ask` where others tell other facts: 3.2亿,其中研发1200万."""
    clauses: list[str] = []
    for part in filter(None, _PARTS.split(text)):
        if _DIGIT.search(part):
            clauses.extend(_cut_at_names(part, other_cues(ask) | cues(ask)))
        elif clauses:
            clauses[-1] += f",{part}"  # what has no number speaks about the number before it
        elif _MAY_SPEAK_AGAINST.search(part) or any(cue in part for cue in other_cues(ask)):
            clauses.append(part)
    clauses = _corrections_joined(clauses)
    rather = [clause for clause in clauses if _RATHER in clause] if len(clauses) > 1 else []
    owned = {clause: _owner(clause, ask) for clause in rather or clauses}
    answers = [clause for clause, owner in owned.items() if owner != "other"]
    if len(owned) > 1 and any(owned[clause] == "open" and _names_something(clause) for clause in answers):
        return None
    named = [clause for clause, owner in owned.items() if owner == "own"]
    if len(named) == 1 and all(clause in named or _WHOLE.search(clause) for clause in answers):
        answers = named  # 全厂183人,研发19个
    return answers[0] if len(answers) == 1 and answers[0] != text else None


def _counts_otherwise(clause: str, ask: Ask) -> bool:
    """120 人 is no revenue."""
    own = _UNITS.get(ask.kind)
    if own is None or own.search(clause):
        return False
    return any(unit.search(clause) for kind, unit in _UNITS.items() if kind not in {ask.kind, "year"})


def _names_something(clause: str) -> bool:
    """Tell 系统三百万, which is some other fact, from 去年大概三百万."""
    number = _DIGIT.search(clause)
    if number is None or _WHOLE.search(clause):
        return False
    return len(_SAYS_LITTLE.sub("", clause[: number.start()])) > 1


def _owner(clause: str, ask: Ask) -> str:
    """Say whose fact a clause tells: the asked one (own), another one (other), or nobody's by name (open)."""
    if _NOT_ASKED.search(clause):
        return "other"
    longest = max((len(cue) for cue in cues(ask) if cue in clause), default=0)
    against = max((len(cue) for cue in other_cues(ask) if cue in clause), default=0)
    if longest == against == 0 and _counts_otherwise(clause, ask):
        return "other"
    if longest == against:
        return "other" if against or clause.startswith("其中") else "open"
    return "own" if longest > against else "other"


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
    """Mask the name rather than cut it out: 发明俩实用新型十七个 must not become 俩十七."""
    found = max((cue for cue in cues(ask) if cue in clause), key=len, default="")
    if len(found) == 1 and not clause.startswith(found):
        return clause  # the 人 of 二百来人 counts
    return clause.replace(found, "_" * len(found), 1).strip("_ :的嘛啊呢")
