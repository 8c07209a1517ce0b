"""The owner's side of a review (复核): asking for it and taking that back, answering what an advisor asked."""

from dataclasses import replace

from flows.commands import Command
from flows.contact import fact_at
from flows.controls import start_edit, tell
from flows.messages import Choice, Json, Reply
from flows.progress import next_reply
from flows.turn import Turn
from flows.wakening import wake_advisors
from flows.wording import in_words
from models.assessment import assessment_by_id
from models.audit import Act, append_act
from models.case import Question, open_questions_of, settle_question
from models.owner import open_questions_to
from models.review import Review, ReviewState, acted, review_of
from models.worklist import change, row_of

OWNER = "owner"
"""Who acts, as the audit names an owner: no person is named there."""
ADVISOR = "advisor"
ANSWER, LATER = "reply", "later"
_UNDER_REVIEW = {"asked", "reviewing", "waiting"}


def ask_review(turn: Turn) -> Reply:
    """File the owner's wish that an advisor looks at it, once, and say what happens now."""
    row = row_of(turn.connection, turn.assessment, turn.account.channel)
    is_new = row.state not in _UNDER_REVIEW
    if is_new:
        after = acted(row, "asked", asked_at=turn.incoming.at, reviewed_at=None)
        change(turn.connection, row, after)
        wake_advisors(turn.connection, after, turn.incoming.at)
        _note(turn, "assessment.ask_review")
    told = tell(turn, "advisor", **_named(turn), filed="new" if is_new else row.state)
    if row.state in {"reviewing", "waiting"}:
        return told
    return replace(told, choices=(*told.choices, Choice(Command.UNASK, "不用复核了")))


def take_back_review(turn: Turn) -> Reply:
    """The owner needs no review any more. One that an advisor has begun goes on: it does no harm."""
    row = review_of(turn.connection, turn.assessment.id)
    if row is None or row.state not in _UNDER_REVIEW:
        return tell(turn, "advisor-unasked", was="none")
    if row.state != "asked":
        return tell(turn, "advisor-unasked", was="begun")
    before: ReviewState = "open" if row.finished_at is None else "new"
    change(turn.connection, row, acted(row, before, asked_at=None))
    _note(turn, "assessment.unask_review")
    return tell(turn, "advisor-unasked", was="asked")


def _named(turn: Turn) -> dict[str, Json]:
    return {"contact": turn.operator.contact, "operator": turn.operator.name}


def _note(turn: Turn, action: str, **detail: Json) -> None:
    act = Act(OWNER, action, "assessment", turn.assessment.public_id, detail)
    append_act(turn.connection, act, turn.incoming.at)


def to_advisor(turn: Turn, name: str, which: str) -> Reply | None:
    """A button below an advisor's question: answer it now, or later. None for any other button."""
    if name not in {ANSWER, LATER} or not which.isdecimal():
        return None
    question = next((each for each in _open(turn) if each.id == int(which)), None)
    if question is None:
        return tell(turn, "advisor-over")
    return _put_off(turn, question) if name == LATER else _take_up(turn, question)


def answer_command(turn: Turn) -> Reply:
    """The same by a word: the oldest question that is open."""
    found = _open(turn)
    return _take_up(turn, found[0]) if found else tell(turn, "advisor-over")


def _open(turn: Turn) -> list[Question]:
    return open_questions_to(turn.connection, turn.account.person_id)


def _put_off(turn: Turn, question: Question) -> Reply:
    settle_question(turn.connection, question.id or 0, "later", None, None)
    turn.focus = {name: held for name, held in turn.focus.items() if name != ADVISOR}
    return tell(turn, "advisor-later")


def _take_up(turn: Turn, question: Question) -> Reply:
    """A question of the catalogue is asked as the talk asks it; any other is answered by the next message."""
    if question.assessment_id != turn.assessment.id:
        turn.move_to(assessment_by_id(turn.connection, question.assessment_id))
    if question.slot is not None:
        return start_edit(turn, question.slot)
    turn.focus = {ADVISOR: question.id}
    choices = (Choice(f"{LATER}:{question.id}", "以后再说"),)
    return Reply("notice", "advisor-answer", choices=choices, data={"words": question.words})


def hear_answer(turn: Turn, said: str) -> Reply | None:
    """The words of an owner who is answering an advisor; None where nobody asked, or the question is over."""
    waiting = turn.focus.get(ADVISOR)
    if waiting is None:
        return None
    turn.focus = {name: held for name, held in turn.focus.items() if name != ADVISOR}
    question = next((each for each in _open(turn) if each.id == waiting), None)
    if question is None:
        return None
    _answered(turn, question, said)
    return next_reply(turn, thanked=True)


def settle_answered(turn: Turn) -> None:
    """Settle the questions of the catalogue that this turn answered."""
    for question in open_questions_of(turn.connection, turn.assessment.id):
        if question.slot is not None and question.slot in turn.filled:
            entry = turn.sheet.entries.get(question.slot)
            fact = fact_at(turn.published.edition, question.slot)
            _answered(turn, question, "" if entry is None else in_words(fact, entry))


def _answered(turn: Turn, question: Question, words: str) -> None:
    """Keep the answer; when nothing is open any more, the case goes on."""
    connection, at = turn.connection, turn.incoming.at
    settle_question(connection, question.id or 0, "answered", words, at)
    row = review_of(connection, question.assessment_id)
    if row is not None and row.state == "waiting" and not open_questions_of(connection, row.assessment_id):
        after: Review = acted(row, "reviewing", changed_at=at)
        change(connection, row, after)
        wake_advisors(connection, after, at)
    _note(turn, "assessment.answer", question=question.id)
