"""Judging a case again: under the edition it was made with, and under the one in force today, side by side."""

from dataclasses import dataclass

from sqlalchemy import Connection

from flows.casefile import Paper
from flows.editions import Editions
from flows.messages import SHANGHAI
from flows.review import Desk
from policy.complaints import DocumentError
from policy.determine import Outcome, determine
from policy.quantities import show_yuan
from policy.schemes import Edition


@dataclass(frozen=True, slots=True)
class Line:
    """One subject under both editions; None where an edition does not know it."""

    subject: str
    title: str
    then: tuple[str, str] | None
    now: tuple[str, str] | None

    @property
    def differs(self) -> bool:
        return self.then != self.now


@dataclass(frozen=True, slots=True)
class Replay:
    """Both judgements: the editions by name and revision's id, and every subject. `now_fails`: today's rules ask otherwise."""

    then_id: int
    now_id: int
    lines: list[Line]
    now_fails: str = ""


def outcome_of(paper: Paper, desk: Desk) -> Outcome:
    """The case under its own edition, on today's date."""
    edition = paper.published.edition
    return determine(edition, paper.sheet.facts(edition), desk.now.astimezone(SHANGHAI).date())


def replay(connection: Connection, editions: Editions, desk: Desk, paper: Paper) -> Replay:
    """Judge the very same answers by both editions, on the same day."""
    current = editions.current(connection)
    day = desk.now.astimezone(SHANGHAI).date()
    then = _judged(outcome_of(paper, desk))
    try:
        now = _judged(determine(current.edition, paper.sheet.facts(current.edition), day))
    except (DocumentError, KeyError, ValueError) as error:
        return Replay(
            paper.published.id,
            current.id,
            _lines(paper.published.edition, current.edition, then, {}),
            str(error),
        )
    lines = _lines(paper.published.edition, current.edition, then, now)
    return Replay(paper.published.id, current.id, lines)


def _judged(outcome: Outcome) -> dict[str, tuple[str, str]]:
    """Each subject's verdict and what goes with it, in words: the rungs, or the amount."""
    expected = outcome.ladder.expected
    rungs = "" if expected is None else "、".join(rung.title for rung in expected)
    found = {"ladder": (str(outcome.ladder.state), rungs)}
    for each in (*outcome.schemes, *outcome.recognitions):
        found[each.scheme.key] = (str(each.verdict), show_yuan(each.amount) if each.amount else "")
    return found


def _lines(
    old: Edition, new: Edition, then: dict[str, tuple[str, str]], now: dict[str, tuple[str, str]]
) -> list[Line]:
    titles = {"ladder": "创新阶梯"}
    for edition in (new, old):
        titles |= {each.key: each.title for each in (*edition.schemes, *edition.recognitions)}
    subjects = dict.fromkeys((*then, *now))
    lines = [Line(each, titles.get(each, each), then.get(each), now.get(each)) for each in subjects]
    return sorted(lines, key=lambda line: not line.differs)
