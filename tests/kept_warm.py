"""What each test would find out anew and finds the same: kept for all tests of a process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event

from flows.guidebook import Guidebook, guidebook
from models import engines
from web import shelf

_Kept = tuple[Any, Any]


@contextmanager
def compiled_once() -> Iterator[None]:
    """Statements are compiled once for all databases of a kind. The first engine that connects is the one to go by."""
    kept: dict[tuple[str, str], _Kept] = {}

    def made(address: Any, **options: Any) -> Engine:
        engine = create_engine(address, **options)
        kind = (address.drivername, str(options.get("isolation_level")))
        if kind in kept:
            engine.dialect, engine._compiled_cache = kept[kind]
        else:

            @event.listens_for(engine, "connect")
            def _connected(*_: object) -> None:
                kept.setdefault(kind, (engine.dialect, engine._compiled_cache))

        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "create_engine", made)
        yield


@contextmanager
def guidebook_made_once() -> Iterator[None]:
    """An edition's guidebook is read once for all applications; nobody changes one."""

    @lru_cache(8)
    def read(files: tuple[tuple[str, str], ...], day: date) -> Guidebook:
        return guidebook(dict(files), day)

    def kept(files: Mapping[str, str], day: date) -> Guidebook:
        return read(tuple(files.items()), day)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "guidebook", kept)
        yield
