"""The edition in force as a guidebook with its pages, kept in memory: made anew when the edition or the day changes."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from fastapi import HTTPException
from sqlalchemy.exc import SQLAlchemyError

from flows.editions import files_of, id_in_force
from flows.guidebook import Guidebook, guidebook
from flows.messages import SHANGHAI
from models.session import Database
from web.caching import Kept, keep
from web.pages import Pages


@dataclass(frozen=True)
class Book:
    """One edition on one day, and what was already made of it."""

    id: int
    guide: Guidebook
    made: dict[str, Kept] = field(default_factory=dict)


def day_in_china() -> date:
    return datetime.now(SHANGHAI).date()


class Shelf:
    """Asks the database at most every `recheck` seconds; while it does not answer, the last book stays in use."""

    def __init__(
        self,
        database: Database,
        pages: Pages,
        public_url: str,
        recheck: float = 5.0,
        today: Callable[[], date] = day_in_china,
    ) -> None:
        self._database, self._pages = database, pages
        self._origin = public_url.rstrip("/")
        self._recheck, self._today = recheck, today
        self._book: Book | None = None
        self._checked_at = float("-inf")
        self._making = asyncio.Lock()

    async def book(self) -> Book:
        """The book of today. HTTPException 503 where no edition is published yet; SQLAlchemyError without a database."""
        if self._is_fresh() and self._book is not None:
            return self._book
        async with self._making:  # one makes it, the others wait for it
            if not self._is_fresh() or self._book is None:
                await self._renew()
        if self._book is None:
            raise HTTPException(503)
        return self._book

    def page(self, book: Book, path: str, template: str, data: dict[str, object]) -> Kept:
        """The page under this path, made the first time. `data` is looked at only then."""
        if path not in book.made:
            canonical = f"{self._origin}{path}" if self._origin else ""
            whole = {"guide": book.guide, "canonical": canonical, **data}
            book.made[path] = keep(self._pages.text(template, whole))
        return book.made[path]

    def _is_fresh(self) -> bool:
        if self._book is None or self._book.guide.day != self._today():
            return False
        return time.monotonic() - self._checked_at < self._recheck

    async def _renew(self) -> None:
        try:
            current = await self._database.read_async(partial(id_in_force, day=self._today()))
            if current is not None:
                await self._read(current)
        except SQLAlchemyError:
            if self._book is None or self._book.guide.day != self._today():
                raise
        self._checked_at = time.monotonic()

    async def _read(self, current: int) -> None:
        today = self._today()
        if self._book is not None and (self._book.id, self._book.guide.day) == (current, today):
            return
        files = await self._database.read_async(lambda connection: files_of(connection, current))
        self._book = Book(current, await asyncio.to_thread(guidebook, files, today))
