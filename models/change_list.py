"""What a run found, as a list for people: with the firm and the case, filtered, page by page, within somebody's scope."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from models.assessment import assessments
from models.base import columns_of
from models.changes import Change, changes
from models.firm import firms
from models.scope import Scope, within


@dataclass(frozen=True, slots=True)
class Sought:
    """Which changes; None: any. A city of "" stands for firms that named none."""

    kind: str | None = None
    subject: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class FoundChange:
    """A change with whom it concerns: the case's public id, the firm's name and city where they are known."""

    change: Change
    case: str
    firm: str | None
    city: str | None


def changes_found(  # noqa: PLR0913, PLR0917  what makes a page of a list
    connection: Connection,
    scope: Scope,
    run_id: int,
    sought: Sought,
    after: tuple[int, str] = (0, ""),
    most: int = 50,
) -> list[FoundChange]:
    """Return what a run found beyond (assessment, subject) `after`, in that order."""
    beyond = tuple_(changes.c.assessment_id, changes.c.subject) > tuple_(*after)
    wanted = _wanted(sought).where(changes.c.run_id == run_id, beyond, within(scope))
    ordered = wanted.order_by(changes.c.assessment_id, changes.c.subject).limit(most)
    return [FoundChange(Change(*row[3:]), *row[:3]) for row in connection.execute(ordered)]


def _wanted(sought: Sought) -> Select[Any]:
    wanted = (
        select(assessments.c.public_id, firms.c.name, firms.c.city, *columns_of(changes, Change))
        .join(assessments, assessments.c.id == changes.c.assessment_id)
        .join(firms, firms.c.id == assessments.c.firm_id)
    )
    if sought.kind is not None:
        wanted = wanted.where(changes.c.kind == sought.kind)
    if sought.subject is not None:
        wanted = wanted.where(changes.c.subject == sought.subject)
    if sought.city is not None:
        wanted = wanted.where(firms.c.city == sought.city if sought.city else firms.c.city.is_(None))
    return wanted
