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
from flows.answers.stories import is_of_others, level_told

_COMMA = r"(?<![0-9]),|,(?![0-9]{3}(?![0-9]))"  # 32,568,941 is one number
_SEPARATORS = Pattern(rf"(?:{_COMMA}|[;。!() ])+|(?=其中)")
_PARTS = Pattern(rf"(?:{_COMMA}|[;。!()])+|(?=其中)")
_DIGIT = Pattern(r"[0-9零一二两俩三仨四五六七八九十百千万亿几半]")
_UNITS = {
    "money": Pattern("[万亿元块w钱花投]"),
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
_TOTAL = Pattern("一共|总共|拢共|合计|共计|全部")
_TAKEN_BACK = Pattern("(?:哦|噢|呃|啊)不$|不对$|错了$|口误$")
_TAKES_BACK = Pattern("(?:哦|噢|呃|啊)不|不对|[说打写搞记]错|错了|口误")
_MENTION = Pattern("(?:我们|俺们?|咱|公司|也|都|已经|是|有|的|企业|了|证书?|资质|项目|_|正在|做|在)*")
_SPECIALISTS_ASKED = Pattern("研发|科技|技术|科研|发明|设备")
_ANOTHER_FACT = Pattern(
    "今年|明年|目标|计划|打算|争取|实用新型|外观|软著|商标|利润|纳税|交税|缴税|注册资[本金]|实缴|占地|厂房|面积"
)
_LISTING = Pattern(r"(?:(?<=^)|(?<=[,;。 ]))[0-9]{1,2}[.、)](?=[\u4e00-\u9fff])")
_PEOPLE_DID = Pattern(
    r"(?<=[人号口])(?=(?:去年|一年|全年)(?:大概|差不多|也就)?(?:能)?(?:[干做卖弄搞挣]|营收|收入|销售))"
)  # 一百来号人去年干了小五千万
_RATHER = "不含税"
_YEARS = ("去年", "前年", "今年")


def read_several(text: str, fields: Mapping[str, Ask], read_one: Callable[[str, Ask], Reading]) -> Reading:
    """Read each clause with the field its words point to, else with the one field left that its unit suits.

    What no field takes spoils the lot; a fact the owner does not know is left for its own question.
    """
    facts: dict[str, Reading] = {}
    nameless: list[str] = []
    text = _LISTING.sub("", text)
    for clause in clauses_of(text, frozenset().union(*map(cues, fields.values()))):
        field = _field_of(clause, fields)
        if _says_no_fact(clause, fields[field] if field else None):
            continue
        if field is None:
            nameless.append(clause)
            continue
        reading = read_one(level_told(_without_cue(clause, fields[field])), fields[field])
        if reading.hint == "declined":
            continue
        if reading.kind == "reject" and fields[field].kind == "yesno":
            reading = _stated(clause, fields[field], read_one)
        if reading.kind == "reject" and not _DIGIT.search(clause):
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


def _says_no_fact(clause: str, ask: Ask | None) -> bool:
    """Tell a clause about others or other times, and one that names what nobody asked, or says only: not known."""
    if ask is not None:
        return ask.kind != "year" and is_of_others(clause)
    return is_open(clause) or is_of_others(clause) or _ANOTHER_FACT.search(clause) is not None


def _stated(clause: str, ask: Ask, read_one: Callable[[str, Ask], Reading]) -> Reading:
    """Take 规上企业, or 注册在河南, as yes: who names it beside other facts has it."""
    whole = read_one(clause, ask)
    if whole.kind != "reject" or not _MENTION.fullmatch(_without_cue(clause, ask)):
        return whole
    return Reading("yesno", value=True, confirm=True, rule="named_beside_others")


def clauses_of(text: str, names: frozenset[str]) -> list[str]:
    """Cut at separators, and before a fact's name that follows a finished number: 营收三亿研发八百万."""
    clauses: list[str] = []
    for part in filter(None, _SEPARATORS.split(text)):
        if _DIGIT.search(part) or any(name in part for name in names) or is_open(part):
            if not (part.startswith("不是") and clauses and _DIGIT.search(part)):  # 4500万,不是5400万
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
    if len(told := _PEOPLE_DID.split(part)) > 1 and all(map(_DIGIT.search, told)):
        return [piece for each in told for piece in _cut_at_names(each, names)]
    pieces = [piece.rstrip("、和") for piece in _names_after_numbers(names).split(part)]
    return pieces if all(map(_DIGIT.search, pieces)) else [part]


@lru_cache(maxsize=512)
def _names_after_numbers(names: frozenset[str]) -> Pattern:
    longest_first = (
        "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True) if len(n) > 1) or "(?!)"
    )
    return Pattern(
        rf"(?<=[万亿元块人%多右下、个名项件家位台头点成0-9])(?=(?:去年|一年|现在|光|共)?(?:{longest_first}))"
    )


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
    if clauses == [text]:
        return None
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


def part_of_whole(text: str, ask: Ask) -> str | None:
    """Give 技术员9个 out of 总共150人,技术员9个, where only one clause names what is asked and another tells the total."""
    clauses = [part for part in _PARTS.split(text) if part and _DIGIT.search(part)]
    named = [c for c in clauses if any(len(cue) > 1 and cue in c for cue in cues(ask))]
    if (
        len(clauses) == 1
        or len(named) != 1
        or _TOTAL.search(named[0])
        or not _SPECIALISTS_ASKED.search(ask.label or "")
    ):
        return None
    return named[0] if any(_TOTAL.search(c) or _WHOLE.search(c) for c in clauses if c not in named) else None


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
    if clause.startswith("其中") and longest == 1:
        return "other"  # 286人,其中劳务派遣14人
    return "own" if longest > against else "other"


def _field_of(clause: str, fields: Mapping[str, Ask]) -> str | None:
    """Match the longest cue; a tie between two fields is no match."""
    longest = {
        name: max((len(cue) for cue in cues(ask) if cue in clause), default=0) for name, ask in fields.items()
    }
    best = max(longest.values(), default=0)
    winners = [name for name, length in longest.items() if length == best]
    if _TOTAL.search(clause) and (whole := [n for n, ask in fields.items() if "总" in (ask.label or "")]):
        same = [
            n
            for n in whole
            if best and fields[n].kind == fields[winners[0]].kind and _suits(clause, fields[n])
        ]
        if len(same) == 1 and "总" not in "".join(fields[w].label or "" for w in winners):
            return same[0]
    suiting = [name for name in winners if _suits(clause, fields[name])] or winners
    if len(suiting) > 1 and best:
        suiting = _by_own_label(clause, {name: fields[name] for name in suiting}, best)
    if len(suiting) > 1 or not best:
        return _of_the_year(clause, {name: fields[name] for name in (suiting if best else fields)})
    return suiting[0] if len(suiting) == 1 else None


def _by_own_label(clause: str, fields: Mapping[str, Ask], length: int) -> list[str]:
    """Where one word calls several fields, take the one whose label has it: 软著 is also said of patents, but by custom."""
    said = [{c for c in cues(ask) if len(c) == length and c in clause} for ask in fields.values()]
    both = set.intersection(*said)
    named = [name for name, ask in fields.items() if any(c in (ask.label or "") for c in both)]
    return named if len(named) == 1 else list(fields)


def _of_the_year(clause: str, fields: Mapping[str, Ask]) -> str | None:
    """Tell 前年八千万 from 去年七千万 where two fields ask for the two years."""
    said = {word for word in ("去年", "前年", "今年") if word in clause}
    if len(said) != 1:
        return None
    (word,) = said
    asked = [n for n, ask in fields.items() if ask.kind == "money" and word in (ask.label or "")]
    rivals = [
        n for n, ask in fields.items() if ask.kind == "money" and any(w in (ask.label or "") for w in _YEARS)
    ]
    return asked[0] if len(asked) == 1 and len(rivals) > 1 and _suits(clause, fields[asked[0]]) else None


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
