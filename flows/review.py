"""What an advisor does with a case (复核): take it, hand it over, note, give an opinion, ask the owner, finish.

Correcting an answer is in correcting.py. Every act looks the case up within the advisor's scope, holds that nobody changed it
since it was shown, and is in the audit in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from flows.casefile import Paper, opened
from flows.editions import Editions
from flows.messages import Choice, Operator, Reply
from flows.owner import tell_owner
from flows.slots import fact_of
from flows.wording import title_of
from models.audit import Act, append_act
from models.case import (
    Opinion,
    Question,
    Remark,
    add_opinion,
    add_question,
    add_remark,
    open_questions_of,
    opinions_on,
    settle_question,
    withdraw_opinion,
)
from models.listed import may_see
from models.owner import account_of_owner
from models.review import Review, ReviewState, acted
from models.scope import Scope, scope_of
from models.staff import Staff, staff_by_public_id
from models.worklist import change
from policy.quantities import show_yuan
from policy.verdicts import Verdict

LONGEST = 2000
SAYABLE = frozenset(Verdict) - {Verdict.CONCERNS, Verdict.DOES_NOT_CONCERN}


class NotDoneError(Exception):
    """An act that cannot be done; `why` is a word for the page to tell."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Desk:
    """Who acts: an advisor, what they may see, and the moment. `operator` is named to owners."""

    who: Staff
    scope: Scope
    now: datetime
    operator: Operator


def case_in_hand(
    connection: Connection, editions: Editions, desk: Desk, case: str, seen: str | None
) -> Paper | None:
    """The case as it stands. None where it is not there for them; NotDoneError where it is not as they saw it."""
    paper = opened(connection, editions, desk.scope, case)
    if paper is not None and seen is not None and seen != paper.seen:
        raise NotDoneError("changed")
    return paper


def write_down(  # noqa: PLR0913, PLR0917  what an act is
    connection: Connection,
    desk: Desk,
    paper: Paper,
    after: Review,
    action: str,
    detail: Mapping[str, Any],
    personal: Mapping[str, Any] | None = None,
) -> None:
    """Keep what an act made of the case, and the act itself."""
    if after != paper.review:
        change(connection, paper.review, after)
    told = None if personal is None else dict(personal)
    act = Act(desk.who.public_id, action, "assessment", paper.assessment.public_id, dict(detail), told)
    append_act(connection, act, desk.now)


def taken(desk: Desk, paper: Paper, state: ReviewState = "reviewing", **changes: object) -> Review:
    """The row once this advisor works on it: what is free becomes theirs, what is another's is refused."""
    if paper.review.advisor_id not in {None, desk.who.id}:
        raise NotDoneError("others")
    return acted(paper.review, state, advisor_id=desk.who.id, **changes)


def _goes_on(paper: Paper) -> ReviewState:
    """Where an act leaves a case that waits for its owner, or is reviewed already: there."""
    return paper.review.state if paper.review.state in {"waiting", "reviewed"} else "reviewing"


def take(connection: Connection, desk: Desk, paper: Paper) -> None:
    """Take a case that is free."""
    after = taken(desk, paper, "reviewing" if paper.review.state != "waiting" else "waiting")
    write_down(connection, desk, paper, after, "assessment.take", {})


def release(connection: Connection, desk: Desk, paper: Paper) -> None:
    """Put a case back: one's own, or as an administrator anybody's."""
    row = paper.review
    if row.advisor_id is None:
        raise NotDoneError("free")
    if row.advisor_id != desk.who.id and desk.who.role != "administrator":
        raise NotDoneError("others")
    before: ReviewState = "asked" if row.asked_at else "new" if row.finished_at else "open"
    after = acted(row, row.state if row.state == "reviewed" else before, advisor_id=None)
    write_down(connection, desk, paper, after, "assessment.release", {})


def hand_over(connection: Connection, desk: Desk, paper: Paper, to: str) -> None:
    """Give a case to a colleague who may see it."""
    colleague = staff_by_public_id(connection, to)
    if colleague is None or colleague.state != "active":
        raise NotDoneError("nobody")
    if not may_see(connection, scope_of(connection, colleague), paper.assessment.firm_id):
        raise NotDoneError("not_theirs")
    mine = paper.review.advisor_id in {None, desk.who.id} or desk.who.role == "administrator"
    if not mine:
        raise NotDoneError("others")
    state = _goes_on(paper)
    after = acted(paper.review, state, advisor_id=colleague.id)
    write_down(connection, desk, paper, after, "assessment.hand_over", {"to": colleague.public_id})


def note(connection: Connection, desk: Desk, paper: Paper, words: str) -> None:
    """Write down something for colleagues; the owner is never told."""
    said = _words(words)
    add_remark(connection, Remark(paper.assessment.id, desk.who.id, "note", said, desk.now))
    write_down(connection, desk, paper, paper.review, "assessment.note", {}, {"words": said})


def give_opinion(  # noqa: PLR0913, PLR0917  what an opinion is
    connection: Connection,
    desk: Desk,
    paper: Paper,
    subject: str,
    verdict: str,
    amount: int | None,
    reason: str,
) -> None:
    """Set an opinion beside the machine's verdict; the verdict itself stays as it is."""
    said = _words(reason)
    if subject not in paper.titles or verdict not in SAYABLE:
        raise NotDoneError("unknown")
    opinion = Opinion(
        paper.assessment.id,
        desk.who.id,
        paper.assessment.edition_id,
        paper.assessment.version,
        subject,
        verdict,
        amount,
        said,
        desk.now,
    )
    add_opinion(connection, opinion)
    detail = {"subject": subject, "verdict": verdict, "amount_yuan": amount}
    after = taken(desk, paper, _goes_on(paper))
    write_down(connection, desk, paper, after, "assessment.override", detail, {"reason": said})


def take_opinion_back(connection: Connection, desk: Desk, paper: Paper, subject: str) -> None:
    """Withdraw the opinion that stands on a subject."""
    if not withdraw_opinion(connection, paper.assessment.id, subject, desk.now):
        raise NotDoneError("none")
    after = taken(desk, paper, _goes_on(paper))
    write_down(connection, desk, paper, after, "assessment.unoverride", {"subject": subject})


def ask_owner(connection: Connection, desk: Desk, paper: Paper, slot: str | None, words: str) -> None:
    """Put a question into the owner's chat: one of the catalogue, or in the advisor's words."""
    account = account_of_owner(connection, paper.assessment.firm_id)
    if account is None:
        raise NotDoneError("unreachable")
    edition = paper.published.edition
    if slot is not None and (slot not in edition.facts or not edition.facts[slot].ask):
        raise NotDoneError("unknown")
    said = words.strip() if slot is not None and not words.strip() else _words(words)
    if slot is not None:
        asked = f"{title_of(edition, paper.sheet, slot)}：{_asked(paper, slot)}"
        said = f"{asked}（{said}）" if said else asked
    question = Question(paper.assessment.id, desk.who.id, account.id, slot, said, desk.now)
    number = add_question(connection, question)
    choices = (Choice(f"reply:{number}", "现在答"), Choice(f"later:{number}", "以后再说"))
    told = Reply(
        "notice", "advisor-asks", choices=choices, data={**paper.named, "words": said, "can_tap": True}
    )
    tell_owner(connection, account, told, f"advisor-question-{number}", desk.now)
    after = taken(desk, paper, "waiting")
    write_down(
        connection, desk, paper, after, "assessment.ask", {"slot": slot, "question": number}, {"words": said}
    )


def _asked(paper: Paper, slot: str) -> str:
    year = paper.assessment.fiscal_year
    asked = fact_of(paper.published.edition, slot).ask
    for back, name in enumerate(("{year}", "{year-1}", "{year-2}")):
        asked = asked.replace(name, str(year - back))
    return asked


def withdraw_question(connection: Connection, desk: Desk, paper: Paper, question_id: int) -> None:
    """Ask no more; the case goes on when nothing else is open."""
    mine = {each.id for each in open_questions_of(connection, paper.assessment.id)}
    if question_id not in mine:
        raise NotDoneError("none")
    settle_question(connection, question_id, "withdrawn", None, desk.now)
    waits = paper.review.state == "waiting" and mine == {question_id}
    after = taken(desk, paper, "reviewing" if waits else paper.review.state)
    write_down(connection, desk, paper, after, "assessment.unask", {"question": question_id})


def finish(connection: Connection, desk: Desk, paper: Paper, advice: str) -> None:
    """End the review; the owner receives the advice and the opinions that stand. Open questions are asked no more."""
    said = _words(advice)
    if paper.review.state == "open":
        raise NotDoneError("open")
    add_remark(connection, Remark(paper.assessment.id, desk.who.id, "advice", said, desk.now))
    for each in open_questions_of(connection, paper.assessment.id):
        settle_question(connection, each.id or 0, "withdrawn", None, desk.now)
    account = account_of_owner(connection, paper.assessment.firm_id)
    if account is not None:
        data = {
            **paper.named,
            "words": said,
            "operator": desk.operator.name,
            "opinions": standing_opinions(connection, paper),
        }
        choices = (Choice("result", "看结果"), Choice("resume", "继续"))
        told = Reply("notice", "advisor-advice", choices=choices, data=data)
        key = f"advisor-advice-{paper.assessment.id}-{paper.review.version}"
        tell_owner(connection, account, told, key, desk.now)
    after = taken(desk, paper, "reviewed", reviewed_at=desk.now)
    detail = {"told": account is not None}
    write_down(connection, desk, paper, after, "assessment.finish", detail, {"words": said})


def standing_opinions(connection: Connection, paper: Paper) -> list[dict[str, Any]]:
    """The opinions that stand, as the owner is told them."""
    return [
        {
            "title": paper.titles.get(each.subject, each.subject),
            "verdict": each.verdict,
            "amount": show_yuan(each.amount_yuan) if each.amount_yuan else None,
            "reason": each.reason,
        }
        for each in opinions_on(connection, paper.assessment.id)
        if each.withdrawn_at is None
    ]


def _words(typed: str) -> str:
    """What somebody wrote, as it is stored."""
    said = "\n".join(" ".join(line.split()) for line in typed.replace("\x00", "").strip().splitlines())
    if not said:
        raise NotDoneError("empty")
    if len(said) > LONGEST:
        raise NotDoneError("too_long")
    return said
