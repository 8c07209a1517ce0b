"""What a message plainly says of facts that nobody asked for: clause by clause, by the facts' own names. It reads no value.

Here is only whose clause it is; unsure clauses are left out, because what is not taken is simply asked later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flows.answers.normalise import normalise
from flows.answers.patterns import Match, Pattern
from flows.answers.refusals import is_bare
from flows.answers.relative_years import YEARS_OFF
from flows.answers.several import clauses_of

_MASK = "_"
# From here on it is not about this firm as it is, until 我们 says so: another firm, a wish, a question.
_NOT_OURS = Pattern(
    "别人|人家|他[们家]|同行|隔壁|对手|竞争|竞品|客户|供应商|[上下]游|母公司|集团|[总子分]公司|关联|兄弟|合作|朋友|亲戚|老乡|另一家|别的"
    "|其他(?:企业|公司|厂)|对方|甲方|那家|全省|全市|平均|要求|标准|门槛|规定|政策|上市公司"
    "|如果|要是|假如|假设|打算|计划|目标|争取|预[计期]|希望|将来|以后|准备|往年|同期|[?]|吗|多少|怎么|是不是|有没有"
)
_SOME_FIRM = Pattern("公司|厂|企业|集团|家")
_US = Pattern("我们|我司|我公司|我厂|我家|咱|俺|本公司|本厂|本企业|自己")
_SAYS_LITTLE = Pattern(
    "[去今上]年|上一年|全年|整年|年度|[0-9]{2,4}年(?=.)|我们|俺们?|我司|咱们?|我公司|本公司|公司|企业|厂里?|目前|现在|大概其?|大约|差不多"
    "|总共|一共|合计|共|达到|总额|金额|总数|花了?|投了?|用了?|做了?|一直|另外|还有|其中|然后|不对|搞错了|说错了|[有是就也还了的在为得共我都年,:(_嗯啊呢呀-]"
)
_OF_A_YES = Pattern("已经|属于|参加|参与|牵头|加入|正在|[已没不无未非建设搞上正暂尚]")
_COUNTS = frozenset("人名位号钱整件项家台套%点成分之年月日.来几余近超过")
_HEADS = Pattern("[0-9一二两三四五六七八九十百千来多几](?:个|号)?人")
_DIGIT = Pattern("[0-9零一二两三四五六七八九十百千万亿几半]")
_LISTED = Pattern("(?<=[万亿元人%])、(?=[0-9一二两三四五六七八九])")
_YEAR = Pattern(
    "(?P<full>20[0-9]{2})(?:年|(?=[^0-9万亿元.]))|(?<![0-9])(?P<short>[12][0-9])年(?!前|来)"
    f"|(?P<word>{'|'.join(YEARS_OFF)})"
)
_CENTURY = 2000


class Clause(NamedTuple):
    """A piece of a message, the fact that it names (None where it names none), and what it says besides the name."""

    said: str
    field: str | None
    rest: str
    of_year: bool

    @property
    def is_plain(self) -> bool:
        """Nothing but an amount and small words: no other subject, no other matter, no doubt."""
        left = _SAYS_LITTLE.sub("", self.rest)
        return bool(left) and all(each in _COUNTS or is_bare(each) for each in left)


class Names:
    """What people call the facts. A name of one letter (人) counts only where nothing else names the clause."""

    def __init__(self, called: Mapping[str, str]) -> None:
        self._fields = {normalise(name): field for name, field in called.items()}
        words = sorted((name for name in self._fields if len(name) > 1), key=len, reverse=True)
        self._letters = {name: field for name, field in self._fields.items() if len(name) == 1}
        self._cut = frozenset(words)
        self._words = re.compile("|".join(map(re.escape, words)) or "(?!)")

    def others(self, text: str, asked: str | None) -> bool:
        """Whether a text may name a fact besides the one asked; most answers name none."""
        if any(self._fields[found[0]] != asked for found in self._words.finditer(text)):
            return True
        return _HEADS.search(text) is not None and any(
            letter in text and field != asked for letter, field in self._letters.items()
        )

    def only(self, text: str) -> str | None:
        """The one fact that a text names."""
        found = {self._fields[each[0]] for each in self._words.finditer(text)}
        return found.pop() if len(found) == 1 else None

    def clauses(self, text: str) -> list[str]:
        return clauses_of(_LISTED.sub(",", text), self._cut)

    def begins_strangely(self, said: str) -> bool:
        """宇通营收300亿: something stands before the name or the figure that may be another firm's."""
        found = self._words.search(said) or _DIGIT.search(said)
        before = said[: found.start()] if found else ""
        return len(_OF_A_YES.sub("", _SAYS_LITTLE.sub("", f"{before}_"))) > 1

    def named(self, said: str, *, of_year: bool) -> Clause:
        """One clause with its fact; one that names two facts names none."""
        if self._words.search(said):
            rest = self._words.sub(lambda found: _MASK * len(found[0]), said).strip("_ :,的")
            return Clause(said, self.only(said) or "", rest, of_year)
        counted = Clause(said, None, said, of_year)
        letters = [field for letter, field in self._letters.items() if letter in said]
        return counted._replace(field=letters[0]) if len(letters) == 1 and counted.is_plain else counted


def clauses_told(text: str, names: Names, year: int, this_year: int) -> tuple[str, list[Clause]]:
    """What stands before the first fact, and the clauses that speak of the owner's own firm as it is.

    A clause without a subject or a year of its own has those of the clause before it.
    """
    pieces = names.clauses(text)
    lead = text.partition(pieces[0].split(",")[0])[0].strip(" ,。;!") if pieces else ""
    return lead, list(_ours(pieces, lead, names, (year, this_year)))


def _ours(pieces: list[str], lead: str, names: Names, years: tuple[int, int]) -> Iterator[Clause]:
    is_ours = not _NOT_OURS.search(lead) and bool(_US.search(lead) or not _SOME_FIRM.search(lead))
    of_year = _says_year(lead, *years) is not False
    for said in pieces:
        told = _says_year(said, *years)
        of_year = of_year if told is None else told
        clause = names.named(said, of_year=of_year)
        if _NOT_OURS.search(said) or names.begins_strangely(said):
            is_ours = False
        elif _US.search(said):
            is_ours = True
        if is_ours:
            yield clause


def _says_year(said: str, year: int, this_year: int) -> bool | None:
    """Whether every year that is named is the asked one; None where none is named."""
    named = {_year_of(found, this_year) for found in _YEAR.finditer(said)}
    return None if not named else named == {year}


def _year_of(found: Match, this_year: int) -> int:
    if found["word"]:
        return this_year + YEARS_OFF[found["word"]]
    return int(found["full"]) if found["full"] else _CENTURY + int(found["short"])
