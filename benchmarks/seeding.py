"""Made-up assessments by the thousand, as the console's tables hold them: random, and the same in every run."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.pool import NullPool

from flows.contact import CITY
from models.assessment import assessments
from models.counters import recount
from models.firm import firms
from models.relisting import counted
from models.review import Review, ReviewState, Told, insert_reviews, insert_told
from models.searching import index_new
from models.session import Database

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
CITIES = [option.key for option in CITY.options]
INDUSTRIES = (
    "manufacturing",
    "software_it",
    "trade",
    "construction",
    "transport",
    "agriculture",
    "other_service",
)
VERDICTS = ("eligible", "conditional", "undetermined", "ineligible", "not_applicable")
SCHEMES = ("tech-upgrade-demo-subsidy", "national-platform-award")
STATES: tuple[ReviewState, ...] = ("new",) * 6 + ("reviewed",) * 6 + ("asked", "reviewing", "waiting", "open")
FIRST = "华中宏信泰安恒瑞金鼎新科天元嘉德力诚博远东方黄河嵩山龙门洛神商都中原豫北"
TRADE = (
    "精密机械",
    "轴承",
    "生物科技",
    "软件技术",
    "新材料",
    "食品",
    "电气设备",
    "耐火材料",
    "环保工程",
    "汽车零部件",
)
BATCH = 10_000


def seed(database: Database, many: int) -> None:
    """Fill the tables that the console reads; the counts are then made from the rows."""
    if not database.is_sqlite:
        database.turn(lambda c: _by_the_server(c, many))
        _outside(database, "VACUUM ANALYZE")
        return
    for start in range(1, many + 1, BATCH):
        numbers = range(start, min(start + BATCH, many + 1))
        database.turn(partial(_some, numbers=numbers))
    database.turn(lambda c: recount(c, counted(c)))


def _by_the_server(connection: Connection, many: int) -> None:
    """The same kind of rows, made by PostgreSQL itself: a million in a minute or two."""
    arrays = {
        name: "(ARRAY[" + ",".join(f"'{each}'" for each in values) + "])"
        for name, values in (("city", CITIES), ("first", FIRST), ("trade", TRADE), ("industry", INDUSTRIES))
    }

    def any_of(name: str, size: int) -> str:
        return f"{arrays[name]}[1 + floor(random() * {size})::int]"

    said = f"{any_of('first', len(FIRST))} || {any_of('first', len(FIRST))} || {any_of('trade', len(TRADE))}"
    verdicts = "ARRAY['eligible','conditional','undetermined','ineligible','not_applicable']"
    states = "ARRAY[" + ",".join(f"'{each}'" for each in STATES) + "]"
    for statement in (
        "SET LOCAL session_replication_role = replica",  # no check of foreign keys, row by row
        "SET LOCAL maintenance_work_mem = '256MB'",
        "SELECT setseed(0.5)",
        f"""INSERT INTO firm (id, public_id, name, credit_code, city, created_at)
            SELECT n, lpad(to_hex(n), 32, '0'), city || said || '有限公司', '9141' || lpad(n::text, 14, '0'), city, made_at
            FROM (SELECT n, {any_of("city", len(CITIES))} city, {said} said,
                  timestamptz '2026-11-02 04:00Z' - random() * 60000000 * interval '1 second' AS made_at
                  FROM generate_series(1, {many}) n) made""",  # noqa: S608  constants of this file
        """INSERT INTO assessment (id, public_id, firm_id, fiscal_year, edition_id, state, version, facts, created_at,
            updated_at, finished_at)
            SELECT id, public_id, id, 2025, 1, 'finished', 9, '{}', created_at, created_at, created_at FROM firm""",
        f"""INSERT INTO review_verdict SELECT id, subject, ({verdicts})[1 + floor(random() * 5)::int], random() * 10000000
            FROM firm, (VALUES ('{SCHEMES[0]}'), ('{SCHEMES[1]}')) scheme (subject)""",  # noqa: S608  constants of this file
        f"""INSERT INTO review (assessment_id, firm_id, state, version, city, industry, rung, fiscal_year, channel,
            confirmed_yuan, amount_yuan, left_at, changed_at, answered_at, finished_at, reviewed_at)
            SELECT id, id, state, 0, city, {any_of("industry", len(INDUSTRIES))},
            (ARRAY[0,0,0,1,1,2,3,4])[1 + floor(random() * 8)::int], 2025,
            (ARRAY['telegram','web'])[1 + floor(random() * 2)::int], random() * 5000000, random() * 20000000,
            CASE state WHEN 'open' THEN 'revenue' END, created_at, created_at, CASE WHEN state <> 'open' THEN created_at END,
            CASE state WHEN 'reviewed' THEN created_at + interval '2 days' END
            FROM (SELECT *, ({states})[1 + floor(random() * {len(STATES)})::int] state FROM firm OFFSET 0) made""",  # noqa: S608  constants of this file
        """INSERT INTO name_gram SELECT DISTINCT (ascii(substr(name, place, 1))::bigint << 21)
            + ascii(substr(name, place + 1, 1)), id FROM firm, generate_series(1, 10) place
            WHERE place < length(name) - 3""",
        "INSERT INTO name_gram SELECT ascii(name), id FROM firm",
    ):
        connection.execute(text(statement))
    rows = connection.execute(text(_TALLIES)).all()
    recount(connection, {(row.name, row.key): int(row.n) for row in rows})


_TALLIES = """
    SELECT 'funnel' name, '2025|finished' key, count(*) n FROM review WHERE finished_at IS NOT NULL
    UNION ALL SELECT 'funnel', '2025|started', count(*) FROM review
    UNION ALL SELECT 'state', city || '|' || state, count(*) FROM review WHERE state <> 'open' GROUP BY city, state
    UNION ALL SELECT 'city', '2025|' || city, count(*) FROM review GROUP BY city
    UNION ALL SELECT 'industry', '2025|' || industry, count(*) FROM review GROUP BY industry
    UNION ALL SELECT 'rung', '2025|' || rung, count(*) FROM review GROUP BY rung
    UNION ALL SELECT 'verdict', '2025|' || subject || '|' || verdict, count(*) FROM review_verdict GROUP BY subject, verdict
"""


def _outside(database: Database, statement: str) -> None:
    """Run what cannot run within a transaction."""
    engine = create_engine(database.address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))


def _some(connection: Connection, numbers: Iterable[int]) -> None:
    chance = random.Random(str(numbers))
    made = [_made(chance, number) for number in numbers]
    connection.execute(insert(firms), [firm for firm, _, _, _ in made])
    connection.execute(insert(assessments), [assessment for _, assessment, _, _ in made])
    insert_reviews(connection, [review for _, _, review, _ in made])
    insert_told(connection, [(review.assessment_id, each) for _, _, review, told in made for each in told])
    index_new(connection, {firm["id"]: firm["name"] for firm, _, _, _ in made})


def _made(chance: random.Random, number: int) -> tuple[dict[str, Any], dict[str, Any], Review, list[Told]]:
    city, at = chance.choice(CITIES), NOON - timedelta(seconds=chance.randrange(60_000_000))
    name = f"{city}{chance.choice(FIRST)}{chance.choice(FIRST)}{chance.choice(TRADE)}有限公司"
    state = chance.choice(STATES)
    told = [Told(each, chance.choice(VERDICTS), chance.randrange(10_000_000)) for each in sorted(SCHEMES)]
    confirmed = sum(each.amount_yuan for each in told if each.verdict == "eligible")
    both = confirmed + sum(each.amount_yuan for each in told if each.verdict == "conditional")
    code = f"9141{number:08d}MA{number % 9999:04d}"
    firm = {
        "id": number,
        "public_id": f"{number:032x}",
        "name": name,
        "credit_code": code,
        "city": city,
        "created_at": at,
    }
    assessment = {
        "id": number,
        "public_id": f"{number:032x}",
        "firm_id": number,
        "fiscal_year": 2025,
        "edition_id": 1,
        "state": "finished",
        "version": 9,
        "facts": {},
        "created_at": at,
        "updated_at": at,
        "finished_at": at,
    }
    is_open = state == "open"
    review = Review(
        number,
        number,
        state,
        0,
        None,
        city,
        chance.choice(INDUSTRIES),
        chance.choice((0, 0, 0, 1, 1, 2, 3, 4)),
        2025,
        chance.choice(("telegram", "web")),
        confirmed,
        both,
        chance.choice(("revenue", "rd_institution", "about.city")) if is_open else None,
        at,
        at,
        None if is_open else at,
        at if state == "asked" else None,
        at + timedelta(days=2) if state == "reviewed" else None,
    )
    return firm, assessment, review, [] if is_open else told
