"""The web application over a database with the shipped edition in force, without bounds on how often it is asked."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI, Form, Request
from fastapi.testclient import TestClient
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from pydantic import SecretStr

from flows.editions import publish_shipped
from models.session import Database
from settings import Settings
from tests.kept_warm import guidebook_made_once
from tests.web.analysed import analysed_once
from web import pages
from web.app import create_app
from web.limits import Limits


class Compiled(BytecodeCache):
    """Templates compiled once for all applications of a test run."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "Environment", partial(Environment, bytecode_cache=Compiled()))
        with analysed_once(), guidebook_made_once():
            yield


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def backend(request: pytest.FixtureRequest) -> str:
    """What differs between the databases is tested below the pages; the pages run on both in `make slow`."""
    return str(request.param)


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
