"""`ladder staff`, and the link of the first start: links are told once, hold once, and no password is ever asked for or told."""

import re
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from flows.setting_up import invited
from models.audit import chain, first_broken
from models.session import Database
from models.staff import staff_by_name
from settings import Settings
from staffing import first_administrator, greet
from tests.test_main import Ladder, ladder  # noqa: F401  a fixture

_LINK = re.compile(r"(http://\S+)/console/link/([A-Za-z0-9_-]{43})\b")


@pytest.fixture(autouse=True)
def url(sqlite_url: str) -> str:
    """Of the database in the command's folder, made before by the server."""
    return sqlite_url


def _token(told: str) -> str:
    found = _LINK.search(told)
    assert found is not None, told
    return found[2]


def _may_set_up(url: str, token: str) -> str | None:
    """Whose link it is, None for one that is good for nothing."""

    def read(connection: Connection) -> str | None:
        who = invited(connection, token, datetime.now(UTC))
        return None if who is None else who.name

    with closing(Database(url)) as database:
        return database.read(read)


def test_an_invitation_prints_its_link_once_and_lists_who_it_is_for(
    ladder: Ladder,  # noqa: F811
    url: str,
) -> None:
    done = ladder("staff", "add", "陈顾问")
    assert (done.status, done.err) == (0, "")
    assert done.out.count("\n") == 1
    assert "24 hours" in done.out
    assert _may_set_up(url, _token(done.out)) == "陈顾问"
    ladder("staff", "add", "boss", "--role", "administrator")
    listed = ladder("staff", "list").out
    assert listed == "陈顾问  advisor  invited\nboss  administrator  invited\n"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("add", "陈 顾问"), "taken"),
        (("add", " "), "40"),
        (("add", "x" * 41), "40"),
        (("reset", "nobody"), "ladder staff list"),
    ],
)
def test_what_cannot_be_done_is_one_line(ladder: Ladder, arguments: tuple[str, ...], why: str) -> None:  # noqa: F811
    assert ladder("staff", "add", "陈顾问").status == 0
    done = ladder("staff", *arguments)
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert why in done.err


def test_a_reset_prints_a_new_link_and_voids_the_one_before(ladder: Ladder, url: str) -> None:  # noqa: F811
    first = _token(ladder("staff", "add", "陈顾问").out)
    second = _token(ladder("staff", "reset", "陈顾问").out)
    assert _may_set_up(url, first) is None
    assert _may_set_up(url, second) == "陈顾问"
    assert ladder("doctor").status == 0


def test_links_name_the_public_address(ladder: Ladder, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("LADDER_PUBLIC_URL", "https://ladder.example")
    assert "https://ladder.example/console/link/" in ladder("staff", "add", "陈顾问").out


def test_the_first_start_and_no_other_prints_the_first_administrators_link(
    ladder: Ladder,  # noqa: F811
    url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = Settings()
    with closing(Database(url)) as database:
        for start in (1, 2):
            greet(settings, first_administrator(database), "127.0.0.1", 8000)
            told = capsys.readouterr().out
            assert told.startswith("Open http://127.0.0.1:8000/")
            assert bool(_LINK.search(told)) is (start == 1)
            if start == 1:
                assert _may_set_up(url, _token(told)) == "admin"
                assert "http://127.0.0.1:8000/console/link/" in told
        who = database.read(lambda c: staff_by_name(c, "admin"))
        assert who is not None
        assert (who.role, who.state) == ("administrator", "invited")
        assert database.read(lambda c: first_broken(chain(c))) == (1, None)


def test_somebody_invited_before_the_first_start_is_the_first(ladder: Ladder, url: str) -> None:  # noqa: F811
    ladder("staff", "add", "boss", "--role", "administrator")
    with closing(Database(url)) as database:
        assert first_administrator(database) is None
