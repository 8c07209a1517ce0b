"""Publishing: once, in order, and unchanged for good."""

import threading
from datetime import date

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, NoResultFound

from models.edition import by_id, editions, publish_files, published, ship_files
from models.session import Database
from tests.models.firms import NOW, publish

DAY = date(2025, 9, 1)
OTHER = {"plan.yaml": "title: 新方案\n"}


def test_the_same_files_are_published_once(database: Database) -> None:
    first = database.turn(publish)
    assert database.turn(publish) == first
    stored = database.read(lambda c: by_id(c, first))
    assert (stored.revision, stored.state, stored.content) == (1, "published", {"plan.yaml": "title: 方案\n"})
    assert (stored.effective_from, stored.published_at) == (DAY, NOW)
    assert database.read(lambda c: published(c, "henan-2025")) == stored


def test_other_files_supersede(database: Database) -> None:
    first = database.turn(publish)
    second = database.turn(lambda c: publish_files(c, "henan-2025", OTHER, DAY, NOW))
    again = database.turn(publish)
    assert len({first, second, again}) == 3
    states = [database.read(lambda c, one=one: by_id(c, one).state) for one in (first, second, again)]  # type: ignore[misc]  # this pass's value
    assert states == ["superseded", "superseded", "published"]
    current = database.read(lambda c: published(c, "henan-2025"))
    assert current
    assert (current.id, current.revision) == (again, 3)


def test_what_is_shipped_replaces_only_what_was_shipped(database: Database) -> None:
    shipped = {"plan.yaml": "title: 随程序来的\n"}
    first = database.turn(lambda c: ship_files(c, "henan-2025", {"plan.yaml": "title: 旧的\n"}, DAY, NOW))
    second = database.turn(lambda c: ship_files(c, "henan-2025", shipped, DAY, NOW))
    assert database.turn(lambda c: ship_files(c, "henan-2025", shipped, DAY, NOW)) == second != first
    own = database.turn(lambda c: publish_files(c, "henan-2025", OTHER, DAY, NOW))
    assert database.turn(lambda c: ship_files(c, "henan-2025", shipped, DAY, NOW)) == own
    assert [database.read(lambda c, one=one: by_id(c, one).shipped) for one in (first, second, own)] == [  # type: ignore[misc]  # this pass's value
        True,
        True,
        False,
    ]


def test_editions_of_another_name_stand_beside(database: Database) -> None:
    database.turn(publish)
    database.turn(lambda c: publish_files(c, "national-2026", OTHER, DAY, NOW))
    assert database.read(lambda c: published(c, "henan-2025"))
    assert database.read(lambda c: published(c, "hunan-2025")) is None
    with pytest.raises(NoResultFound):
        database.read(lambda c: by_id(c, 99))


def test_two_workers_starting_at_once_publish_once(database: Database) -> None:
    ids: list[int] = []
    threads = [threading.Thread(target=lambda: ids.append(database.turn(publish))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(ids) == 4
    assert len(set(ids)) == 1
    assert database.read(_count) == 1


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(editions)).scalar_one())


@pytest.mark.parametrize(
    "change",
    [
        *("content = '{}'", "sha256 = 'x'", "state = 'draft'"),
        *("effective_from = '2020-01-01'", "shipped = true"),
    ],
)
def test_what_is_published_cannot_be_changed(database: Database, change: str) -> None:
    database.turn(publish)
    with pytest.raises(DBAPIError, match="a published edition is never changed"):
        database.turn(lambda c: c.execute(text(f"UPDATE edition SET {change}")))  # noqa: S608 - from the list above
