"""The advisors' list, page by page (工作清单): filters, search, sorting, counts, all within somebody's scope. Keeping it true is
worklist.py's work.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    TextClause,
    and_,
    func,
    literal,
    or_,
    select,
    text,
    true,
    tuple_,
)

from models.assessment import assessments
from models.base import UtcTime, columns_of
from models.counters import counts
from models.finding import searched
from models.firm import firms
from models.review import LISTED, UNDER_WAY, Review, ReviewState, reviews, verdicts
from models.scope import Scope, within
from models.staff import staff, staff_firms

Sorting: TypeAlias = Literal["newest", "oldest", "amount"]
PAGE = 50
MOST_COUNTED = 100
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; None or empty: anything. `advisor` is 0 for those that nobody has taken.

    `amount_from` in yuan, confirmed and conditional together; `still_since`: nothing changed after that moment;
    `changed_after_review`: the owner went on after the review was finished. `words`: a part of a name, a credit code or the
    check code of a report.
    """

    state: ReviewState | None = None
    advisor: int | None = None
    city: str | None = None
    industry: str | None = None
    rung: int | None = None
    subject: str | None = None
    verdict: str | None = None
    amount_from: int | None = None
    fiscal_year: int | None = None
    still_since: datetime | None = None
    changed_after_review: bool = False
    channel: str | None = None
    words: str = ""
    sort: Sorting = "newest"


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list."""

    review: Review
    public_id: str
    name: str | None
    credit_code: str | None
    advisor: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and where the next one begins (None: this is the last)."""

    lines: list[Listed]
    after: tuple[int, int] | None


def page_of(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    after: tuple[int, int] | None = None,
    most: int = PAGE,
) -> Page:
    """Return one page of what somebody may see. `after` is what the page before told."""
    chosen = _chosen(connection, scope, filters)
    if chosen is None:
        return Page([], None)
    some = _ordered(chosen, filters, after).limit(most + 1).subquery()
    whole = _lines().join(some, some.c.assessment_id == reviews.c.assessment_id)
    rows = connection.execute(_sorted(whole, filters)).all()
    lines = [_line(row) for row in rows[:most]]
    return Page(lines, _place(lines[-1], filters) if len(rows) > most else None)


def all_of(connection: Connection, scope: Scope, filters: Filters) -> Iterator[Listed]:
    """Yield everything that fits, page by page: never more than a thousand lines at once."""
    after = None
    while True:
        page = page_of(connection, scope, filters, after, most=_AT_ONCE)
        yield from page.lines
        if page.after is None:
            return
        after = page.after


def count_of(connection: Connection, scope: Scope, filters: Filters) -> int:
    """Return how many fit; MOST_COUNTED + 1 means more than that."""
    chosen = _chosen(connection, scope, filters)
    if chosen is None:
        return 0
    some = chosen.limit(MOST_COUNTED + 1)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def states_of(connection: Connection, scope: Scope) -> Counter[str]:
    """Return how many stand in each state: from the kept counts, and for firms assigned by name one by one."""
    found: Counter[str] = Counter()
    for (_, key), n in counts(connection, ("state",)).items():
        city, _, state = key.rpartition("|")
        if scope.everything or city in scope.cities:
            found[state] += n
    if not scope.everything:
        by_name = select(reviews.c.state, func.count()).join(firms, firms.c.id == reviews.c.firm_id)
        beyond = or_(reviews.c.city.is_(None), reviews.c.city.not_in(scope.cities))
        assigned = reviews.c.firm_id.in_(_assigned(scope))
        rows = connection.execute(
            by_name.where(within(scope), assigned, beyond, text(f"review.{LISTED}")).group_by(reviews.c.state)
        )
        for state, n in rows:
            found[state] += n
    return found


def case_of(connection: Connection, scope: Scope, public_id: str) -> Listed | None:
    """Return one line; None where there is no such assessment, or where it is not for them to see."""
    one = _lines().where(within(scope), assessments.c.public_id == public_id)
    row = connection.execute(one).first()
    return _line(row) if row else None


def may_see(connection: Connection, scope: Scope, firm_id: int) -> bool:
    """Whether a firm is theirs to see."""
    one = select(firms.c.id).where(within(scope), firms.c.id == firm_id)
    return connection.execute(one).first() is not None


def _lines() -> Select[Any]:
    return (
        select(
            *columns_of(reviews, Review),
            assessments.c.public_id,
            firms.c.name,
            firms.c.credit_code,
            staff.c.name.label("advisor"),
        )
        .select_from(reviews)
        .join(assessments, assessments.c.id == reviews.c.assessment_id)
        .join(firms, firms.c.id == reviews.c.firm_id)
        .outerjoin(staff, staff.c.id == reviews.c.advisor_id)
    )


def _line(row: Row[Any]) -> Listed:
    values = tuple(row)
    return Listed(Review(*values[:-4]), *values[-4:])


def _chosen(connection: Connection, scope: Scope, filters: Filters) -> Select[Any] | None:
    """The rows that fit, in no order; None where the words can fit nothing. What a line shows besides is not joined yet."""
    chosen = select(reviews.c.assessment_id).join(firms, firms.c.id == reviews.c.firm_id)
    if scope.everything and not filters.words.strip():
        chosen = select(reviews.c.assessment_id)
    chosen = chosen.where(within(scope), _theirs(scope), *_conditions(filters))
    return searched(connection, chosen, filters.words) if filters.words.strip() else chosen


def _theirs(scope: Scope) -> ColumnElement[bool]:
    """The same as `within`, said of the list's own columns, which its indexes begin with."""
    if scope.everything:
        return true()
    return or_(reviews.c.city.in_(scope.cities), reviews.c.firm_id.in_(_assigned(scope)))


def _assigned(scope: Scope) -> Select[tuple[int]]:
    return select(staff_firms.c.firm_id).where(staff_firms.c.staff_id == scope.staff_id)


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool] | TextClause]:
    if filters.state == "open":
        yield text(f"review.{UNDER_WAY}")
    elif filters.state or not filters.words.strip():
        yield text(f"review.{LISTED}")
    same = (
        (reviews.c.city, filters.city),
        (reviews.c.industry, filters.industry),
        (reviews.c.rung, filters.rung),
        (reviews.c.fiscal_year, filters.fiscal_year),
        (reviews.c.channel, filters.channel),
        (reviews.c.state, None if filters.state == "open" else filters.state),
    )
    yield from (column == value for column, value in same if value is not None)
    if filters.advisor is not None:
        free = reviews.c.advisor_id.is_(None)
        yield reviews.c.advisor_id == filters.advisor if filters.advisor else free
    if filters.amount_from:
        yield reviews.c.amount_yuan >= filters.amount_from
    if filters.still_since is not None:
        yield reviews.c.changed_at <= filters.still_since
    if filters.changed_after_review:
        yield and_(reviews.c.state == "reviewed", reviews.c.changed_at > reviews.c.reviewed_at)
    if filters.subject:
        yield _told(filters.subject, filters.verdict)


def _told(subject: str, verdict: str | None) -> ColumnElement[bool]:
    there = [verdicts.c.assessment_id == reviews.c.assessment_id, verdicts.c.subject == subject]
    if verdict:
        there.append(verdicts.c.verdict == verdict)
    return select(verdicts.c.assessment_id).where(*there).exists()


_ORDERS = {
    "newest": (reviews.c.changed_at, True),
    "oldest": (reviews.c.changed_at, False),
    "amount": (reviews.c.amount_yuan, True),
}


def _ordered(chosen: Select[Any], filters: Filters, after: tuple[int, int] | None) -> Select[Any]:
    column, down = _order_of(filters)
    number = reviews.c.assessment_id
    if after is not None:
        place = tuple_(column, number)
        told = tuple_(_value(column, after[0]), literal(after[1]))
        chosen = chosen.where(place < told if down else place > told)
    return _sorted(chosen, filters)


def _sorted(chosen: Select[Any], filters: Filters) -> Select[Any]:
    column, down = _order_of(filters)
    number = reviews.c.assessment_id
    return chosen.order_by(column.desc(), number.desc()) if down else chosen.order_by(column, number)


def _order_of(filters: Filters) -> tuple[ColumnElement[Any], bool]:
    """What was found by words comes with the newest firms first, as the pieces stand in their table."""
    return (reviews.c.firm_id, True) if filters.words.strip() else _ORDERS[filters.sort]


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def _value(column: ColumnElement[Any], told: int) -> ColumnElement[Any]:
    """A place told as a number, as the column holds it: a moment is told in microseconds."""
    return literal(_BEGINNING + told * _TICK, UtcTime()) if column is reviews.c.changed_at else literal(told)


def _place(last: Listed, filters: Filters) -> tuple[int, int]:
    row = last.review
    if filters.words.strip():
        return row.firm_id, row.assessment_id
    first = row.amount_yuan if filters.sort == "amount" else (row.changed_at - _BEGINNING) // _TICK
    return first, row.assessment_id
