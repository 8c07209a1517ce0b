"""The web application over a database with the shipped edition in force, without bounds on how often it is asked."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Form, Request
from fastapi.testclient import TestClient
from pydantic import SecretStr

from flows.editions import publish_shipped
from models.session import Database
from settings import Settings
from web.app import create_app
from web.limits import Limits


@pytest.fixture(scope="session")
def shipped_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the shipped edition in force, made once; tests copy it."""
    path = tmp_path_factory.mktemp("shipped") / "ladder.db"
    shutil.copy(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    database.turn(publish_shipped)
    database.scrub()
    database.close()
    return path


@pytest.fixture
def shipped_url(shipped_sqlite: Path, tmp_path: Path) -> str:
    shutil.copy(shipped_sqlite, tmp_path / "shipped.db")
    return f"sqlite:///{tmp_path / 'shipped.db'}"


@pytest.fixture
def application(shipped_url: str) -> FastAPI:
    return build(shipped_url)


@pytest.fixture
def browser(application: FastAPI) -> Iterator[TestClient]:
    with TestClient(application) as client:
        yield client


def build(url: str, limits: Limits | None = None, **settings: str) -> FastAPI:
    """The application, with one route more that tells back what it was sent and one that fails."""
    app = create_app(
        Settings(database_url=SecretStr(url), **settings),  # type: ignore[arg-type]  # texts only, for fields of text
        limits=limits or Limits().lifted(),
    )

    @app.post("/echo")
    async def echo(request: Request, said: str = Form("")) -> dict[str, str]:
        assert request.method == "POST"
        return {"said": said}

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError("the phone is 13800000000")

    return app
