"""The landing page says what this is and how to chat, hardened; the health check tells the truth."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from flows.editions import publish_shipped
from models.outbox import NewMessage, put
from models.schema import upgrade
from models.session import Database
from settings import Settings
from web.app import create_app
from web.assets import Assets


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'web.db'}"
    upgrade(address)
    database = Database(address)
    database.turn(publish_shipped)
    database.close()
    return address


@pytest.fixture
def client(url: str) -> Iterator[TestClient]:
    with TestClient(
        create_app(Settings(database_url=SecretStr(url), operator_name="某某促进中心"))
    ) as client:
        yield client


def test_the_page_tells_the_ladder_the_schemes_and_how_to_start(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for told in ("1亿元以上", "有研发机构", "100亿元以上", "摘要H4", "摘要H3", "/chat", "某某促进中心"):
        assert told in page.text


def test_an_operators_name_cannot_bring_markup_into_the_page(url: str) -> None:
    settings = Settings(database_url=SecretStr(url), operator_name="<script>alert(1)</script>")
    with TestClient(create_app(settings)) as client:
        assert "<script>" not in client.get("/").text


def test_every_answer_carries_the_protective_headers(client: TestClient) -> None:
    for path in ("/", "/healthz", Assets().address("page.css"), "/static/none.css", "/nowhere"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


def test_nothing_on_the_page_comes_from_another_host(client: TestClient) -> None:
    assert "//" not in client.get("/").text.replace("<!doctype html>", "")


def test_what_pages_load_is_there_under_a_name_that_is_cached_for_good(client: TestClient) -> None:
    for name in ("page.css", "htmx.js", "bootstrap.css"):
        found = client.get(Assets().address(name))
        assert found.status_code == 200
        assert "immutable" in found.headers["cache-control"]


def test_there_are_no_generated_docs_pages_that_load_foreign_scripts(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


def test_health_is_good_while_nothing_waits_overlong(client: TestClient, url: str) -> None:
    assert client.get("/healthz").text == "ok"
    database = Database(url)
    waiting = NewMessage("terminal", "someone", "key", "notice", {}, forget=True)
    database.turn(lambda connection: put(connection, waiting, datetime.now(UTC) - timedelta(minutes=6)))
    database.close()
    sick = client.get("/healthz")
    assert (sick.status_code, sick.text) == (503, "replies wait overlong")


class Beside:
    """Something that runs beside the page, and may not be well."""

    def __init__(self) -> None:
        self.trouble: str | None = None
        self.runs = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self.runs = True
        yield
        self.runs = False

    def ails(self) -> str | None:
        return self.trouble

    def known_as(self) -> str | None:
        return "ladder_bot"


def test_health_is_bad_when_what_runs_beside_is_not_well(url: str) -> None:
    beside = Beside()
    app = create_app(Settings(database_url=SecretStr(url)), lambda _database: beside)
    with TestClient(app) as client:
        assert beside.runs
        assert client.get("/healthz").text == "ok"
        beside.trouble = "the last good poll was 301 s ago"
        sick = client.get("/healthz")
    assert (sick.status_code, sick.text) == (503, beside.trouble)
    assert not beside.runs


def test_health_is_bad_when_the_database_does_not_answer(tmp_path: Path) -> None:
    empty = SecretStr(f"sqlite:///{tmp_path / 'empty.db'}")
    with TestClient(create_app(Settings(database_url=empty))) as client:
        sick = client.get("/healthz")
    assert (sick.status_code, sick.text) == (503, "the database does not answer")
