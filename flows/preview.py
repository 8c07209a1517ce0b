"""What a run found, in lines for a person: how many, in which direction, how much money, and a few of each."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from flows.drafts import Readings
from flows.evaluating import IN_SIGHT
from flows.tallies import MIXED, Tally, added_up
from models.changes import Change, changes_of
from models.edition import by_id
from models.reassessment import Progress, Run, progress_of, tallies_of
from policy.judged import LADDER, Turn
from policy.quantities import show_yuan
from policy.schemes import Edition

SAMPLES = 10
KINDS = {
    Turn.BETTER: "变好",
    Turn.WORSE: "变差",
    MIXED: "有好有差",
    Turn.UNDETERMINED: "变成待定",
    Turn.DETERMINED: "从待定变为能定",
    Turn.OTHER: "其他变动",
}
WORDS = {
    "eligible": "符合",
    "conditional": "有条件符合",
    "undetermined": "待定",
    "ineligible": "不符合",
    "not_applicable": "不适用",
    "contradictory": "前后对不上",
    "out_of_scope": "不在范围",
    "on_ladder": "上了阶梯",
    "below": "还没上阶梯",
    "unknown": "待定",
    "met": "已有",
    "missing": "尚缺",
    "not_expected": "还不要求",
    "not_assessed": "不测",
    "absent": "没有这一项",
}

_READ = Readings()


def tell(connection: Connection, run_id: int, edition: Edition) -> Iterator[str]:
    """A run as far as it is: the counts, by subject, city and money, and up to ten of each kind."""
    progress, tally = progress_of(connection, run_id), added_up(tallies_of(connection, run_id))
    yield f"{_state(progress)}看了 {tally.seen} 份测评，{tally.changed} 份结果会变，{tally.rechecked} 份不变。"
    if tally.firms:
        yield "按企业：" + _counts(tally.firms)
    titles = titles_in(connection, progress.run, edition)
    for subject in sorted(tally.subjects):
        yield f"{titles.get(subject, subject)}：{_counts(tally.subjects[subject])}"
        yield from (f"    {_move(move)}：{count}" for move, count in sorted(tally.moves[subject].items()))
    yield from _money(tally, titles)
    for city in sorted(tally.cities):
        yield f"{city or '没说城市'}：{_counts(tally.cities[city])}"
    for kind in Turn:
        yield from _samples(changes_of(connection, run_id, kind=kind, limit=SAMPLES), kind, titles)


def titles_in(connection: Connection, run: Run, edition: Edition) -> dict[str, str]:
    """How each subject of a run is called: by its edition, and what that drops by the edition before."""
    return titles_of(_READ.of(by_id(connection, run.before_id))) | titles_of(edition)


def titles_of(edition: Edition) -> dict[str, str]:
    """How each subject is called."""
    measures = {each.key: each.title for each in (*edition.schemes, *edition.recognitions)}
    rungs = {f"{LADDER}.{rung.key}": rung.title for rung in edition.ladder.rungs}
    return {LADDER: "阶梯", **rungs, **measures}


def _state(progress: Progress) -> str:
    if progress.run.state == "done":
        return ""
    how = "已取消" if progress.run.state == "cancelled" else "还没算完"
    return f"{how}（{progress.done}/{progress.chunks} 批）："


def _counts(counted: Mapping[str, int]) -> str:
    return "，".join(f"{word} {counted[kind]}" for kind, word in KINDS.items() if counted.get(kind))


def _move(move: str) -> str:
    before, after = move.split(" → ")
    return f"{WORDS.get(before, before)} → {WORDS.get(after, after)}"


def _money(tally: Tally, titles: Mapping[str, str]) -> Iterator[str]:
    for subject in sorted({*tally.before, *tally.after}):
        before, after = tally.before[subject], tally.after[subject]
        if before or after:
            yield f"{titles.get(subject, subject)}，看得见的钱：{show_yuan(before)} → {show_yuan(after)}"


def _samples(found: Sequence[Change], kind: Turn, titles: Mapping[str, str]) -> Iterator[str]:
    if found:
        yield f"{KINDS[kind]}的例子："
    for each in found:
        before, after = (
            _shown(each.before_verdict, each.before_yuan),
            _shown(each.after_verdict, each.after_yuan),
        )
        yield f"    第 {each.assessment_id} 份，{titles.get(each.subject, each.subject)}：{before} → {after}"


def _shown(verdict: str, yuan: int | None) -> str:
    word = WORDS.get(verdict, verdict)
    return f"{word} {show_yuan(yuan)}" if yuan is not None and verdict in IN_SIGHT else word
