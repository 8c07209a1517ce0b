"""A yes, a no or an option said in passing: 有研发中心, 不是规上企业. Only the plainest forms; the rest is asked in its turn."""

import re

from flows.answering import Taken
from flows.commands import plain
from flows.slots import Entry
from policy.facts import Fact, Kind

_HAS = re.compile(
    "(?:已经|已|现|现在)?有了?(?:一直)?(?:自己的|自建的|专门的|独立的)?(?:[省市县]级)?(?:[0-9一二两三四五六七八九][个家座项])?|有的|建[了有]|已?设[了有]|已经?建[了成好]?|自建了?"
)
_HAS_NOT = re.compile("(?:还|暂时?|目前|从来)?(?:没有?|没得|木有|无|没建|没设|没搞|没做)|尚无|都没有?")
_IS, _IS_NOT = re.compile("已?经?是的?|属于|算是"), re.compile("还?不(?:是|属于|算)的?|非")
_NEVER = re.compile("(?!)")
_FORMS = {"有": (_HAS, _HAS_NOT), "是": (_IS, _IS_NOT)}
_SMALL_WORDS = re.compile(
    "^(?:我们|俺们?|我司|咱们?|我公司|本公司|我|公司|企业|厂里?|目前|现在|另外|也|都|就|还|[:,_ ])+|(?:[了的呢啊呀_,。! ])+$"
)


def stated(fact: Fact, rest: str) -> Taken | None:
    """A yes, a no or an option, where the clause says nothing but that."""
    said = plain(_SMALL_WORDS.sub("", rest))
    if fact.kind is Kind.TEXT or not said:
        return None
    for option in fact.options:
        if {said, said.removeprefix("在").removeprefix("是")} & {
            plain(name) for name in (option.label, *option.aliases)
        }:
            return Taken(_entry_of(fact, option.key), "named_option")
    label = next((each.label for each in fact.options if each.key == "yes"), "是")
    yes, no = _FORMS.get(label, (_NEVER, _NEVER)) if fact.kind is not Kind.CHOICE else (_NEVER, _NEVER)
    if yes.fullmatch(said) or no.fullmatch(said):
        return Taken(Entry("value", yes.fullmatch(said) is not None), "named_yes_no")
    return None


def _entry_of(fact: Fact, key: str) -> Entry:
    if fact.kind is Kind.CHOICE:
        return Entry("value", key)
    return Entry("unknown") if key == "unknown" else Entry("value", key == "yes")
