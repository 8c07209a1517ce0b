"""A firm's self-assessment of one fiscal year, and what a turn of talk finds when it comes in. Answers are in answer.py."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Row,
    Select,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    NEVER_REUSE_IDS,
    Base,
    JsonObject,
    LostRaceError,
    Reference,
    columns_of,
    new_public_id,
    one_of,
    table_of,
)
from models.firm import memberships
from models.outbox import outbox
from models.person import Account, Consent, accounts, consents
from models.talk import talks

AssessmentState: TypeAlias = Literal["open", "paused", "finished"]


class StaleVersionError(LostRaceError):
    """Another turn changed the assessment since it was read."""


class AssessmentTable(Base):
    """`facts` is the snapshot that the answers add up to, `packed` the same for many at a time (packing.py); `version`
    counts the turns that changed it.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("firm_id", "fiscal_year"),
        one_of("state", AssessmentState),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    firm_id: Mapped[Reference] = mapped_column(ForeignKey("firm.id"))
    fiscal_year: Mapped[int]
    edition_id: Mapped[Reference] = mapped_column(ForeignKey("edition.id"))
    state: Mapped[AssessmentState] = mapped_column(Text)
    version: Mapped[int]
    facts: Mapped[JsonObject]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    packed: Mapped[bytes | None]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A row of `assessment`."""

    id: int
    public_id: str
    firm_id: int
    fiscal_year: int
    edition_id: int
    state: AssessmentState
    version: int
    facts: JsonObject
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the same firm said in its newest assessment of an earlier fiscal year."""

    fiscal_year: int
    facts: JsonObject


@dataclass(frozen=True, slots=True)
class Situation:
    """What a turn finds: who talks, what they agreed to, which assessment the talk points at, and where in it.

    `is_answered`: there is a reply to this very message already.
    """

    account: Account
    consent: Consent | None
    assessment: Assessment | None
    focus: JsonObject | None
    is_answered: bool = False
    earlier: Earlier | None = None


assessments = table_of(AssessmentTable)


def _speaks_for(firm_id: ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(
        memberships.c.person_id == accounts.c.person_id,
        memberships.c.firm_id == firm_id,
        memberships.c.until.is_(None),
    )


def _answered() -> ColumnElement[bool]:
    """Not a query of its own: it would be a tenth of what a turn asks the database."""
    return exists().where(
        outbox.c.channel == accounts.c.channel,
        outbox.c.address == accounts.c.address,
        outbox.c.reply_to == bindparam("key"),
    )


def _situation() -> Select[*tuple[Any, ...]]:
    """Build the one query of a turn: an account with all that hangs on it."""
    own = assessments.alias("own")
    newest = (
        select(own.c.id)
        .where(_speaks_for(own.c.firm_id))
        .order_by(own.c.state == "finished", own.c.id.desc())
        .limit(1)
    )
    agreed = select(func.max(consents.c.id)).where(
        consents.c.person_id == accounts.c.person_id,
        consents.c.channel == accounts.c.channel,  # on each channel the notice is agreed to anew
        consents.c.withdrawn_at.is_(None),
    )
    earlier, older = assessments.alias("earlier"), assessments.alias("older")
    before = select(func.max(older.c.id)).where(
        older.c.firm_id == assessments.c.firm_id, older.c.fiscal_year < assessments.c.fiscal_year
    )
    pointed_at = func.coalesce(talks.c.assessment_id, newest.correlate(accounts).scalar_subquery())
    return (
        select(
            *columns_of(accounts, Account),
            *columns_of(consents, Consent),
            *columns_of(assessments, Assessment),
            talks.c.focus,
            _answered(),
            earlier.c.fiscal_year,
            earlier.c.facts,
        )
        .select_from(accounts)
        .outerjoin(consents, consents.c.id == agreed.correlate(accounts).scalar_subquery())
        .outerjoin(talks, talks.c.account_id == accounts.c.id)
        .outerjoin(assessments, and_(assessments.c.id == pointed_at, _speaks_for(assessments.c.firm_id)))
        .outerjoin(earlier, earlier.c.id == before.correlate(assessments).scalar_subquery())
    )


_OPEN_AT = _situation().where(
    accounts.c.channel == bindparam("channel"), accounts.c.address == bindparam("address")
)
_ACCOUNT_END = len(fields(Account))
_CONSENT_END = _ACCOUNT_END + len(fields(Consent))
_LATEST_OF = (
    select(*columns_of(assessments, Assessment))
    .where(assessments.c.firm_id == bindparam("firm"))
    .order_by(assessments.c.fiscal_year.desc())
    .limit(1)
)
_ALL_OF = (
    select(*columns_of(assessments, Assessment))
    .where(assessments.c.firm_id == bindparam("firm"))
    .order_by(assessments.c.fiscal_year)
)
_BY_ID = select(*columns_of(assessments, Assessment)).where(assessments.c.id == bindparam("which"))
_START = insert(assessments).returning(*columns_of(assessments, Assessment))
_SAVE = (
    update(assessments)
    .where(assessments.c.id == bindparam("which"), assessments.c.version == bindparam("expected"))
    .values(
        version=assessments.c.version + 1,
        facts=bindparam("new_facts"),
        packed=bindparam("new_packed"),
        edition_id=bindparam("new_edition"),
        state=bindparam("new_state"),
        updated_at=bindparam("now"),
        finished_at=bindparam("end"),
    )
)


def open_at(connection: Connection, channel: str, address: str, key: str = "") -> Situation | None:
    """Return all that a turn on message `key` needs, in one query; None for a stranger.

    The assessment is the one that the talk points at, else the newest unfinished one of the person's firms, else the
    newest (the talk of a second account points at nothing yet); one of a firm that the person does not speak for (any more) is never returned.
    """
    row = connection.execute(_OPEN_AT, {"channel": channel, "address": address, "key": key}).first()
    return _read(row) if row else None


def latest_of(connection: Connection, firm_id: int) -> Assessment | None:
    """Return a firm's assessment of the latest fiscal year. Whether somebody may see it is the caller's to know."""
    row = connection.execute(_LATEST_OF, {"firm": firm_id}).first()
    return Assessment(*row) if row else None


def earlier_than(connection: Connection, assessment: Assessment) -> Earlier | None:
    """Return what the same firm said in an earlier year, the newest of those."""
    before = (
        each
        for each in reversed(assessments_of(connection, assessment.firm_id))
        if each.fiscal_year < assessment.fiscal_year
    )
    found = next(before, None)
    return None if found is None else Earlier(found.fiscal_year, found.facts)


def assessments_of(connection: Connection, firm_id: int) -> list[Assessment]:
    """Return all assessments of a firm, the earliest fiscal year first."""
    return [Assessment(*row) for row in connection.execute(_ALL_OF, {"firm": firm_id})]


def assessment_by_id(connection: Connection, assessment_id: int) -> Assessment:
    """Return an assessment. Whether somebody may see or answer it is the caller's to know."""
    return Assessment(*connection.execute(_BY_ID, {"which": assessment_id}).one())


def start_assessment(
    connection: Connection, firm_id: int, fiscal_year: int, edition_id: int, at: datetime
) -> Assessment:
    """Store an empty assessment. A second one for the same firm and year raises IntegrityError."""
    values = {
        "public_id": new_public_id(),
        "firm_id": firm_id,
        "fiscal_year": fiscal_year,
        "edition_id": edition_id,
    }
    first = {"state": "open", "version": 0, "facts": {}, "created_at": at, "updated_at": at}
    return Assessment(*connection.execute(_START, values | first).one())


def save_snapshot(  # noqa: PLR0913  what makes a snapshot
    connection: Connection,
    before: Assessment,
    facts: Mapping[str, object],
    state: AssessmentState,
    at: datetime,
    *,
    packed: bytes | None = None,
) -> Assessment:
    """Replace the facts and the state of `before` (and its edition, if that is another one now) and return what is
    stored now, one version on. `packed` is the record of these facts.

    Raises StaleVersionError when another turn won; `Database.turn` then runs the whole work again.
    """
    # Kept when an answer is changed later: how long an assessment is kept hangs on whether it ever was finished.
    end = at if state == "finished" and before.state != "finished" else before.finished_at
    after = replace(
        before, version=before.version + 1, facts=dict(facts), state=state, updated_at=at, finished_at=end
    )
    values: dict[str, Any] = {"new_facts": after.facts, "new_state": state, "now": at, "end": end}
    values |= {"new_packed": packed, "new_edition": before.edition_id}
    saved = connection.execute(_SAVE, {"which": before.id, "expected": before.version, **values})
    if saved.rowcount != 1:
        raise StaleVersionError(f"assessment {before.public_id} is no longer at version {before.version}")
    return after


def _read(row: Row[*tuple[Any, ...]]) -> Situation:
    consent, assessment = row[_ACCOUNT_END:_CONSENT_END], row[_CONSENT_END:-4]
    return Situation(
        account=Account(*row[:_ACCOUNT_END]),
        consent=Consent(*consent) if consent[0] is not None else None,
        assessment=Assessment(*assessment) if assessment[0] is not None else None,
        focus=row[-4],
        is_answered=row[-3],
        earlier=Earlier(row[-2], row[-1]) if row[-2] is not None else None,
    )
