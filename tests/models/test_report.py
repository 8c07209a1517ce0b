"""Reports and links as stored: found by code as people type it, seen by the firm's own people only, gone when their time is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from flows.retention import purge
from flows.sharing import MOST, share, shown_by
from models.assessment import Assessment, start_assessment
from models.check_code import is_spelled_out, new_check_code, read_check_code
from models.edition import publish_files
from models.erasure import forget_person
from models.firm import About, add_firm
from models.person import add_person
from models.report import (
    Report,
    add_report,
    find_by_check_code,
    newest_report,
    report_of_person,
    reports_of,
)
from models.session import Database
from models.share import live_shares, revoke_share
from tests.papers import SMALL, paper

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
CODE = "K7M-Q2X-PD4"


def owner(database: Database, name: str) -> tuple[int, Assessment]:
    """A person with a firm and an assessment of it."""

    def begin(connection: Connection) -> tuple[int, Assessment]:
        account = add_person(connection, "web", name, NOW)
        firm = add_firm(connection, account.person_id, "owner", About(), NOW)
        edition = publish_files(connection, f"henan-{name}", {"a": "b"}, date(2025, 9, 1), NOW)
        return account.person_id, start_assessment(connection, firm.id, 2025, edition, NOW)

    return database.turn(begin)


def stored(database: Database, assessment: Assessment, code: str = CODE) -> Report:
    told = {**paper(SMALL, "洛阳犇犇轴承"), "check_code": code}
    report = Report(0, assessment.id, assessment.edition_id, 1, date(2026, 11, 23), code, told, NOW)
    return replace(report, id=database.turn(lambda c: add_report(c, report)))


def test_a_new_code_reads_as_itself_and_is_never_a_hand_over_code() -> None:
    for _ in range(300):
        code = new_check_code()
        assert read_check_code(code) == code
        assert is_spelled_out(code)
        assert not set(code) & set("ILOU01")


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "k7m-q2x-pd4",
            "K7MQ2XPD4",
            " k7m q2x pd4 ",
            "Ｋ７Ｍ－Ｑ２Ｘ－ＰＤ４",
            "K7M—Q2X—PD4",
            "核对码：K7M-Q2X-PD4。",
        ),
        *("核对码 k7m.q2x.pd4", "K7M_Q2X_PD4"),
    ],
)
def test_a_code_is_found_however_it_is_typed(typed: str, database: Database) -> None:
    _, assessment = owner(database, "a")
    report = stored(database, assessment)
    found = database.read(lambda c: find_by_check_code(c, typed))
    assert found == report


@pytest.mark.parametrize(
    "typed", ["", "K7MQ-2XPD", "K7M-Q2X-PD", "ABC-DEF-GHJ", "234-567-892", "K7M-Q2X-PD4" * 9, "你好"]
)
def test_what_is_no_code_finds_nothing(typed: str) -> None:
    assert read_check_code(typed) is None


def test_a_report_is_the_firms_own(database: Database) -> None:
    (mine, assessment), (other, _) = owner(database, "a"), owner(database, "b")
    report = stored(database, assessment)
    assert database.read(lambda c: report_of_person(c, report.id, mine)) == report
    assert database.read(lambda c: report_of_person(c, report.id, other)) is None
    later = stored(database, assessment, "A2C-D3E-F4G")
    assert database.read(lambda c: newest_report(c, assessment.id)) == later
    assert database.read(lambda c: reports_of(c, assessment.id)) == [later, report]


def test_a_link_shows_what_was_chosen_until_it_is_taken_back_or_over(database: Database) -> None:
    person, assessment = owner(database, "a")
    _, foreign = owner(database, "b")
    report = stored(database, assessment)
    bare, full = "b" * 43, "f" * 43
    assert database.turn(lambda c: share(c, report, bare, with_figures=False, at=NOW))
    assert database.turn(lambda c: share(c, report, full, with_figures=True, at=NOW))
    late = NOW + timedelta(days=29)
    without = database.read(lambda c: shown_by(c, bare, late))
    whole = database.read(lambda c: shown_by(c, full, late))
    assert without
    assert whole
    assert (without[2]["revenue"], whole[2]["revenue"]) == (None, "3.2亿元")
    assert database.read(lambda c: shown_by(c, bare, NOW + timedelta(days=30))) is None
    assert database.read(lambda c: shown_by(c, "x" * 43, NOW)) is None
    first, second = database.read(lambda c: live_shares(c, assessment.id, NOW))
    assert bare not in str((first, second))
    assert not database.turn(lambda c: revoke_share(c, first.id, foreign.id, NOW))
    assert database.turn(lambda c: revoke_share(c, first.id, assessment.id, NOW))
    assert not database.turn(lambda c: revoke_share(c, first.id, assessment.id, NOW))
    assert database.read(lambda c: shown_by(c, bare, NOW)) is None
    assert database.read(lambda c: shown_by(c, full, NOW))
    database.turn(lambda c: forget_person(c, person))
    assert database.read(lambda c: shown_by(c, full, NOW)) is None
    assert database.read(lambda c: find_by_check_code(c, CODE)) is None


def test_only_so_many_links_are_good_at_once(database: Database) -> None:
    _, assessment = owner(database, "a")
    report = stored(database, assessment)

    def made(number: int) -> bool:
        token = f"{number:043}"
        return database.turn(lambda c: share(c, report, token, with_figures=False, at=NOW))

    assert [made(number) for number in range(MOST + 1)] == [True] * MOST + [False]
    assert made(0)  # the first form, sent again
    first = database.read(lambda c: live_shares(c, assessment.id, NOW))[0]
    database.turn(lambda c: revoke_share(c, first.id, report.id, NOW))
    assert not made(0)
    assert len(database.read(lambda c: live_shares(c, assessment.id, NOW))) == MOST - 1


def test_links_that_are_over_are_purged(database: Database) -> None:
    _, assessment = owner(database, "a")
    report = stored(database, assessment)
    database.turn(lambda c: share(c, report, "a" * 43, with_figures=False, at=NOW - timedelta(days=31)))
    database.turn(lambda c: share(c, report, "b" * 43, with_figures=False, at=NOW))
    purge(database, NOW + timedelta(days=1))
    left = database.read(lambda c: live_shares(c, assessment.id, NOW - timedelta(days=31)))
    assert len(left) == 1
