"""How the pages about editions say their words: states, refusals, what a run found; Chinese here, English in locale/."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.draft import DraftRefusedError
from models.edition import StoredEdition
from models.edition_list import EditionLine
from web.console.telling_cases import RUNG_STATES, VERDICTS
from web.console.wording import Phrase

DRAFT, REVIEWED = Phrase("草稿"), Phrase("已复核，待发布")
IN_FORCE, TO_COME, PAST = Phrase("正在施行"), Phrase("已发布，到日子施行"), Phrase("已被取代")
EVENTS = {
    "imported": Phrase("引入了"),
    "edited": Phrase("修改了"),
    "reviewed": Phrase("复核了"),
    "published": Phrase("发布了"),
}
NOT_DONE = {
    "own_work": Phrase("这份草稿有您写的内容，要由另一位管理员复核。"),
    "not_reviewed": Phrase("还没有复核。请另一位管理员先复核，再发布。"),
    "day_past": Phrase("施行日 {day} 已经过去了。今天是 {today}，请选今天或以后的日子。"),
    "overtaken": Phrase("在这之前，{who} 发布了 {edition}，所以这份没有发布。请和它比较，再从它重新起草。"),
    "earlier_day": Phrase("{edition} 已经定在 {day} 施行。请选这一天或以后的日子。"),
    "is_out": Phrase("{edition} 已经由 {who} 发布。发布以后的版本不再改动。"),
    "changed": Phrase("{edition} 在您打开以后由 {who} 改过，所以这一步没有做。请看过新的内容再做一次。"),
    "never_out": Phrase("{edition} 没有发布过。只有发布过的版本可以再用一次。"),
    "nothing_in_force": Phrase("今天没有正在施行的 {edition}，没有可以对照的。"),
    "no_day": Phrase("请选施行日，写成 2026-01-31 这样。"),
    "no_file": Phrase("请选一个 zip 文件，或者选版本所在的文件夹。"),
    "two_sources": Phrase("zip 文件和文件夹请只选一样。"),
    "too_many": Phrase("文件太多了。一个版本不超过 {most} 个文件。"),
    "unread": Phrase("没有引入，什么也没有存。请照下面的提示改好，再引入一次。"),
    "other_name": Phrase("这个版本叫 {name}。本服务按 {ours} 判定，版本名要一样。什么也没有存。"),
    "bad_name": Phrase("文件不能叫这个名字。"),
    "no_run": Phrase("还没有试算过。"),
    "broken": Phrase("这份草稿按现在的程序读不通，所以没有做。请照下面的提示先改好。"),
}
KINDS = {
    "better": Phrase("变好"),
    "worse": Phrase("变差"),
    "mixed": Phrase("有好有差"),
    "undetermined": Phrase("变成还不能定"),
    "determined": Phrase("从还不能定变为能定"),
    "other": Phrase("其他变动"),
}
WORDS: Mapping[str, Phrase] = {
    **VERDICTS,
    **RUNG_STATES,
    "unknown": Phrase("还定不下"),
    "absent": Phrase("没有这一项"),
}
COLUMNS = (
    *(Phrase("测评编号"), Phrase("企业"), Phrase("城市"), Phrase("措施或阶梯"), Phrase("变动")),
    *(Phrase("原来的判定"), Phrase("原来的金额（元）"), Phrase("现在的判定"), Phrase("现在的金额（元）")),
)
PARTS = {
    "plan.yaml": Phrase("文件、条文和目标"),
    "facts.yaml": Phrase("事实项"),
    "ladder.yaml": Phrase("创新阶梯"),
    "money.yaml": Phrase("阶梯上的钱"),
}
FOLDERS = {"schemes": Phrase("支持措施"), "guided": Phrase("引导事项")}
PROGRAM = Phrase("程序")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done: the sentence, what is filled in, and what is wrong in which line of which file."""

    words: Phrase
    values: Mapping[str, object]
    lines: tuple[str, ...] = ()


def refused(why: str, lines: tuple[str, ...] = (), **values: object) -> Refusal:
    return Refusal(NOT_DONE[why], values, lines)


def refusal_of(error: DraftRefusedError, names: Mapping[str, str], program: str) -> Refusal:
    """A refusal with people called by their names."""
    told = dict(error.told)
    if "who" in told:
        told["who"] = names.get(told["who"], told["who"]) or program
    return Refusal(NOT_DONE[error.why], told)


def state_of(edition: EditionLine | StoredEdition, in_force: int | None, today: date) -> Phrase:
    """How an edition stands on a day; `in_force` is the id of the one that holds then."""
    if edition.state in {"draft", "reviewed"}:
        return REVIEWED if edition.state == "reviewed" else DRAFT
    if edition.id == in_force:
        return IN_FORCE
    return TO_COME if edition.state == "published" and edition.effective_from > today else PAST
