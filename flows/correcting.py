"""Correcting an answer as an advisor (更正): appended beside the owner's, judged anew, and told to the owner with old and new."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from flows.answering import Misread, from_text
from flows.asking import Pending
from flows.casefile import Paper
from flows.deep import TOPICS, topics_of
from flows.depth import told_in_depth
from flows.messages import SHANGHAI, Choice, Reply
from flows.owner import tell_owner
from flows.reporting import findings
from flows.review import Desk, NotDoneError, taken, write_down
from flows.slots import ABOUT, EXACTLY, KEPT, MORE, Entry, fact_of
from flows.wording import in_words, title_of
from models.answer import Answer, append_answer
from models.assessment import save_snapshot
from models.determination import store_determinations
from models.owner import account_of_owner
from models.review import Review
from models.worklist import list_judged, note_misread
from policy.determine import determine

CHANNEL = "console"


@dataclass(frozen=True, slots=True)
class Correction:
    """What an advisor typed for a slot, and how it reads."""

    slot: str
    typed: str
    entry: Entry
    rule: str
    title: str
    before: str
    after: str


def can_be_corrected(paper: Paper, slot: str) -> bool:
    """Whether it is an answer of the owner's to a question of the rules; what describes the firm is the owner's own."""
    last = slot.rsplit(".", 1)[-1]
    inner = last in {EXACTLY, KEPT, MORE}
    return slot in paper.sheet.entries and not slot.startswith(ABOUT) and slot != TOPICS and not inner


def read_correction(paper: Paper, desk: Desk, slot: str, typed: str) -> Correction:
    """How the new answer reads, by the same rules as the owner's; nothing is stored yet. NotDoneError: it cannot be read."""
    if not can_be_corrected(paper, slot):
        raise NotDoneError("unknown")
    edition = paper.published.edition
    fact, before = fact_of(edition, slot), paper.sheet.entries[slot]
    taken_as = from_text(Pending(slot, fact), typed, desk.now.astimezone(SHANGHAI).date())
    if isinstance(taken_as, Misread):
        raise NotDoneError("unreadable")
    if taken_as.entry == before:
        raise NotDoneError("same")
    return Correction(
        slot,
        typed,
        taken_as.entry,
        taken_as.rule,
        title_of(edition, paper.sheet, slot),
        in_words(fact, before),
        in_words(fact, taken_as.entry),
    )


def correct(connection: Connection, desk: Desk, paper: Paper, correction: Correction, reason: str) -> None:
    """Append the answer, judge anew, tell the owner. The owner's own answer stays on record."""
    why = " ".join(reason.split())
    if not why:
        raise NotDoneError("empty")
    state = paper.review.state if paper.review.state in {"waiting", "reviewed"} else "reviewing"
    after = taken(desk, paper, state)
    judged = _judge_anew(connection, desk, paper, correction)
    after = replace(judged, state=after.state, version=after.version, advisor_id=after.advisor_id)
    _tell(connection, desk, paper, correction, why)
    told = {"before": correction.before, "after": correction.after, "reason": why}
    now = replace(paper, listed=replace(paper.listed, review=judged))
    write_down(connection, desk, now, after, "assessment.correct", {"slot": correction.slot}, told)


def _tell(connection: Connection, desk: Desk, paper: Paper, correction: Correction, why: str) -> None:
    account = account_of_owner(connection, paper.assessment.firm_id)
    if account is None:
        return
    told = {"title": correction.title, "before": correction.before, "after": correction.after, "reason": why}
    choices = (Choice(f"edit:{correction.slot}", f"改{correction.title}"), Choice("result", "看结果"))
    reply = Reply("notice", "advisor-corrected", choices=choices, data={**paper.named, **told})
    key = f"advisor-correction-{paper.assessment.id}-{paper.assessment.version}"
    tell_owner(connection, account, reply, key, desk.now)


def _judge_anew(connection: Connection, desk: Desk, paper: Paper, correction: Correction) -> Review:
    """The answer appended, what it makes of the case stored as evidence, and the list brought there."""
    slot, entry, before = correction.slot, correction.entry, paper.sheet.entries[correction.slot]
    answer = Answer(
        slot=slot,
        kind=entry.kind,
        as_typed=correction.typed,
        as_read=entry.value,
        rule=correction.rule,
        by_role="advisor",
        channel=CHANNEL,
        at=desk.now,
    )
    append_answer(connection, paper.assessment.id, answer)
    stood = replace(answer, kind=before.kind, as_read=before.value)
    note_misread(connection, paper.assessment.id, stood, answer)
    sheet = paper.sheet.filled(slot, entry)
    saved = save_snapshot(connection, paper.assessment, sheet.to_json(), paper.assessment.state, desk.now)
    edition, day = paper.published.edition, desk.now.astimezone(SHANGHAI).date()
    outcome = determine(edition, sheet.facts(edition), day)
    chosen = topics_of(sheet)
    found = findings(outcome, told_in_depth(outcome, chosen))
    store_determinations(connection, saved, day, found, desk.now)
    row = paper.review
    return list_judged(connection, saved, row.channel, row.city, found)
