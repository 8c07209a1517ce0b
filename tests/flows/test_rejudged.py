"""What owners change or erase between the judging of a chunk and its storing is judged anew: nobody is told the old."""

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, update

from benchmarks.reassess import DAY, lowered
from flows.publishing import review_and_publish
from flows.reassess import LEASE, Worker
from models.assessment import assessments
from models.changes import changes
from models.determination import determinations
from models.erasure import forget_firm
from models.reassessment import claim
from models.session import Database
from tests.flows.subscribed import LI, fill
from tests.flows.test_told_anew import FIRMS, MANY

TOTAL = "upgrade_total_investment"


def corrected(connection: Connection, which: int, total: int | None) -> None:
    """Another answer, or (None) the same once more: another version of the answers in any case."""
    own = assessments.c.id == which
    facts = dict(connection.execute(select(assessments.c.facts).where(own)).scalar_one())
    if total is not None:
        facts[TOTAL] = ["value", total]
    changed = update(assessments).where(own)
    connection.execute(changed.values(facts=facts, version=assessments.c.version + 1, packed=None))


def test_what_changed_since_the_judging_is_judged_anew(database: Database) -> None:
    fill(database, FIRMS)
    draft = lowered(database)
    _, run = database.turn(lambda c: review_and_publish(c, draft, DAY, DAY, LI))
    assert run is not None
    worker, moment = Worker(database, lambda: datetime.now(UTC)), datetime.now(UTC)
    chunk = database.turn(lambda c: claim(c, moment, moment + LEASE, run.id))
    assert chunk is not None
    assert database.read(lambda c: worker._prepare(c, chunk))
    rows, found, told = database.read(lambda c: worker._judge(c, chunk))
    sure = [which for which in sorted(told) if TOTAL in FIRMS[which % MANY].facts]
    too_little, erased, the_same, still = sure[:4]

    def meanwhile(connection: Connection) -> None:
        corrected(connection, too_little, 10_000_000)
        corrected(connection, still, 45_000_000)
        corrected(connection, the_same, None)
        forget_firm(connection, erased)

    database.turn(meanwhile)
    database.turn(lambda c: worker._settle(c, chunk, rows, found, told))

    def versions(connection: Connection) -> dict[int, int]:
        newest = select(determinations.c.assessment_id, func.max(determinations.c.assessment_version))
        return {row[0]: row[1] for row in connection.execute(newest.group_by(determinations.c.assessment_id))}

    changed = select(changes.c.assessment_id).where(changes.c.run_id == run.id)
    concerned = set(database.read(lambda c: c.execute(changed).scalars().all()))
    stored = database.read(versions)
    assert concerned == stored.keys() == told.keys() - {too_little, erased}
    again = {the_same, still}
    assert {which: stored[which] for which in again} == {which: told[which].version + 1 for which in again}
    untouched = concerned - again
    assert {stored[which] - told[which].version for which in untouched} == {0}
    moved = select(assessments.c.edition_id).where(assessments.c.id == too_little)
    assert database.read(lambda c: c.execute(moved).scalar_one()) != run.edition_id
