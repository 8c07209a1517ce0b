"""One turn of a consented person's talk: what it found, what it changes. It writes through its connection only."""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from flows.editions import Editions, Published
from flows.handed import Handed
from flows.messages import Incoming, Operator
from flows.slots import Entry, Sheet
from models.answer import Answer, append_answer
from models.assessment import (
    Assessment,
    AssessmentState,
    Situation,
    earlier_than,
    latest_of,
    save_snapshot,
    start_assessment,
)
from models.crash import crash_point
from models.firm import About, add_firm
from models.person import Account
from models.talk import set_focus
from models.worklist import list_begun, note_misread
from policy.determine import Outcome, determine
from policy.facts import Value


class Turn:
    """The state of one turn. Answers are appended at once; snapshot and focus are written by `close`."""

    def __init__(
        self,
        connection: Connection,
        editions: Editions,
        incoming: Incoming,
        situation: Situation,
        operator: Operator,
    ) -> None:
        self.connection = connection
        self.editions = editions
        self.incoming = incoming
        self.operator = operator
        self.handed: Handed | None = None  # set: a colleague answers only these questions
        self.account: Account = situation.account
        self.assessment = situation.assessment or self._first_assessment()
        self.earlier = situation.earlier  # what the firm said for an earlier year
        self.published: Published = self._judged_by(self.assessment)
        self.sheet = Sheet.from_json(self.assessment.facts)
        self.state: AssessmentState = self.assessment.state
        self.focus: Mapping[str, Any] = situation.focus or {}
        self.filled: set[str] = set()
        self._was = (self.sheet, self.state, self.focus, self.assessment)

    def _first_assessment(self) -> Assessment:
        firm = add_firm(self.connection, self.account.person_id, "owner", About(), self.incoming.at)
        return self.begin(firm.id)

    def _judged_by(self, assessment: Assessment) -> Published:
        """The edition it was made with; while it is its firm's newest year, the one in force (ADR 0018)."""
        current = self.editions.current(self.connection, self.incoming.today)
        if current.id != assessment.edition_id:
            latest = latest_of(self.connection, assessment.firm_id)
            if latest is None or latest.id != assessment.id:
                return self.editions.by_id(self.connection, assessment.edition_id)
        return current

    def begin(self, firm_id: int) -> Assessment:
        """A firm's assessment of the last complete fiscal year; a new one is under the edition in force."""
        edition = self.editions.current(self.connection, self.incoming.today)
        year = self.last_year
        latest = latest_of(self.connection, firm_id)
        if latest is not None and latest.fiscal_year == year:
            return latest
        begun = start_assessment(self.connection, firm_id, year, edition.id, self.incoming.at)
        list_begun(self.connection, begun, self.account.channel)
        return begun

    def move_to(self, assessment: Assessment) -> None:
        """Go on with another assessment (another firm, or a new year)."""
        self.assessment = assessment
        self.earlier = earlier_than(self.connection, assessment)
        self.published = self._judged_by(assessment)
        self.sheet, self.state, self.focus = Sheet.from_json(assessment.facts), assessment.state, {}
        self._was = (self.sheet, self.state, {"moved": True}, assessment)
        self._forget_outcome()

    @cached_property
    def given(self) -> dict[str, Value]:
        return self.sheet.facts(self.published.edition)

    @cached_property
    def outcome(self) -> Outcome:
        return determine(self.published.edition, self.given, self.incoming.today)

    def _forget_outcome(self) -> None:
        for name in ("given", "outcome"):
            self.__dict__.pop(name, None)

    @property
    def year(self) -> int:
        return self.assessment.fiscal_year

    @property
    def last_year(self) -> int:
        """The last fiscal year that is complete today."""
        return self.incoming.today.year - 1

    def stamp(self, *asked: object) -> int:
        """A number for what is asked just now, for the buttons to carry: it differs for another firm, another
        question, another threshold or another reading, so that an old button is known for what it is."""
        return zlib.crc32(repr((self.assessment.public_id, *asked)).encode())

    def standing(self, slot: str) -> list[Any] | None:
        """What stands in a slot just now, as JSON: a reading that waits for a yes must not replace what came since."""
        entry = self.sheet.entries.get(slot)
        return None if entry is None else [entry.kind, entry.value]

    def fill(self, slot: str, entry: Entry, *, as_typed: str | None = None, rule: str | None = None) -> None:
        """Store one answer, and go on with what it changes."""
        answer = Answer(
            slot=slot,
            kind=entry.kind,
            as_typed=as_typed,
            as_read=entry.value,
            rule=rule,
            by_person=self.account.person_id,
            by_role="owner" if self.handed is None else "colleague",
            channel=self.incoming.channel,
            key=self.incoming.key,
            at=self.incoming.at,
        )
        append_answer(self.connection, self.assessment.id, answer)
        stood = self.sheet.entries.get(slot)
        if stood is not None:
            before = replace(answer, kind=stood.kind, as_read=stood.value)
            note_misread(self.connection, self.assessment.id, before, answer)
        crash_point("answer-appended")
        self.sheet = self.sheet.filled(slot, entry)
        self.filled.add(slot)
        if self.handed is not None:
            self.handed.note(slot)
        self._forget_outcome()

    @property
    def before(self) -> tuple[Sheet, Assessment]:
        """What this turn found."""
        sheet, _, _, assessment = self._was
        return sheet, assessment

    def save(self) -> None:
        """Write what changed of the assessment."""
        sheet, state, _, _ = self._was
        edition = self.published.id
        if (self.sheet, self.state, edition) != (sheet, state, self.assessment.edition_id):
            self.assessment = save_snapshot(
                self.connection,
                replace(self.assessment, edition_id=edition),
                self.sheet.to_json(),
                self.state,
                self.incoming.at,
                packed=self.sheet.record(self.published.layout, self.given),
            )

    def close(self) -> Assessment:
        """Write what changed, and where the talk stands; the assessment as it is stored now."""
        self.save()
        _, _, focus, assessment = self._was
        if self.focus != focus or assessment.version == 0:
            focus_now = dict(self.focus) or None
            set_focus(self.connection, self.account.id, self.assessment.id, focus_now, self.incoming.at)
        return self.assessment
