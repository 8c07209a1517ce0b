"""What a firm was told stays as it was told."""

from datetime import date, timedelta

from sqlalchemy import select

from models.assessment import save_snapshot
from models.determination import Finding, determinations, latest_findings, store_determinations
from models.session import Database
from tests.models.firms import NOW, build

DAY = date(2026, 11, 23)


def test_the_latest_findings_come_back(database: Database) -> None:
    world = database.turn(build)
    first = [Finding("ladder", "on_ladder"), Finding("tech-upgrade-demo-subsidy", "undetermined")]
    second = [Finding("tech-upgrade-demo-subsidy", "eligible", 10**13, {"working": "4000万元 × 15%"})]
    database.turn(lambda c: store_determinations(c, world.assessment, DAY, first, NOW))
    assert database.read(lambda c: latest_findings(c, world.assessment.id)) == first
    later = NOW + timedelta(minutes=1)
    saved = database.turn(lambda c: save_snapshot(c, world.assessment, {}, "finished", later))
    database.turn(lambda c: store_determinations(c, saved, DAY, second, later))
    database.turn(lambda c: store_determinations(c, saved, DAY, [], later))
    assert database.read(lambda c: latest_findings(c, world.assessment.id)) == second


def test_what_is_told_again_on_the_same_day_is_stored_once(database: Database) -> None:
    world = database.turn(build)
    told = [Finding("ladder", "on_ladder")]
    later = NOW + timedelta(minutes=1)
    for day in (DAY, DAY, DAY + timedelta(days=1)):
        database.turn(lambda c, d=day: store_determinations(c, world.assessment, d, told, later))  # type: ignore[misc]  # this pass's value
    rows = database.read(lambda c: c.execute(select(determinations.c.as_of)).scalars().all())
    assert rows == [DAY, DAY + timedelta(days=1)]
