"""The chat page as a person uses it: what is shown, what is typed and tapped. The one place that knows its markup."""

import re
import time
from dataclasses import dataclass

from playwright.sync_api import Locator, Page
from sqlalchemy import Connection, select

from models.answer import answers

_PATIENCE = 45.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the talk is on the page."""

    ours: int
    theirs: int
    latest: str


class Talk:
    """One window with the talk in it. A person waits for the reply before they go on, unless told otherwise."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def latest(self) -> Locator:
        """The newest reply."""
        return self.page.locator("#latest")

    @property
    def field(self) -> Locator:
        """Where one types."""
        return self.page.locator("form#say input[name=text]")

    @property
    def status(self) -> Locator:
        return self.page.locator("#status")

    @property
    def shown(self) -> Shown:
        bubbles = self.page.locator("[role=log] .bubble")
        ours = bubbles.and_(self.page.locator(".ours")).count()
        theirs = bubbles.and_(self.page.locator(".theirs")).count()
        return Shown(ours, theirs, self.latest.inner_text() if self.latest.count() else "")

    def button(self, key: str) -> Locator:
        """The newest button of that choice: one that is under an older reply answers nothing new."""
        return self.page.locator(f'button[name=choice][value="{key}"]').last

    def opens(self, address: str) -> "Talk":
        """Come by the landing page, and be shown the greeting."""
        self.page.goto(f"{address}/")
        self.page.locator('a[href="/chat"], form[action="/chat"] button').first.click()
        self.page.wait_for_url("**/chat")
        self.latest.wait_for()
        return self

    def begins(self, address: str) -> "Talk":
        """Come by the landing page and agree to the notice."""
        self.opens(address)
        if not self.button("agree").count():
            self.chooses("start")
        return self.chooses("agree")

    def says(self, text: str) -> "Talk":
        before = self.shown
        self.types(text)
        self.sends()
        return self.waits_for_reply(before)

    def types(self, text: str) -> None:
        self.field.fill(text)

    def sends(self) -> None:
        self.page.locator("form#say button.send").click()

    def chooses(self, key: str) -> "Talk":
        before = self.shown
        self.button(key).click()
        return self.waits_for_reply(before)

    def waits_for_reply(self, before: Shown, within: float = _PATIENCE) -> "Talk":
        """Until a reply stands there that was not there before."""
        ends = time.monotonic() + within
        while True:
            now = self._shown_or_none()
            if now is not None and now.latest and (now.theirs, now.latest) != (before.theirs, before.latest):
                return self
            assert time.monotonic() < ends, f"no reply within {within} s after: {before.latest}"
            self.page.wait_for_timeout(20)

    def _shown_or_none(self) -> Shown | None:
        """None while the page is on its way out."""
        try:
            return self.shown
        except Exception as error:  # playwright's own errors have no finer class for this
            if "context was destroyed" in str(error) or "navigat" in str(error):
                return None
            raise


def answers_in(connection: Connection) -> list[tuple[str, object]]:
    """Every answer that is stored, in order: the slot and what was read."""
    rows = connection.execute(select(answers.c.slot, answers.c.as_read).order_by(answers.c.id))
    return [(row.slot, row.as_read) for row in rows]


UPGRADE = ("在河南", "3.2亿", "有", "有", "6000万", "4000万", "已认定", "没有")
"""A firm with a recognised upgrade project: 4000万 × 15 % = 600万."""

UPGRADE_YUAN = 6_000_000


def walks(talk: Talk, words: tuple[str, ...] = UPGRADE) -> None:
    """Answer question after question, by typing."""
    for said in words:
        talk.says(said)


def amount_on(page: Page, scheme: str) -> tuple[str | None, int | None]:
    """The verdict and the amount in yuan that the page shows for a scheme; it is unfolded for that."""
    details = page.locator(f'details.scheme[data-scheme="{scheme}"]').last
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    amount = details.locator(".amount[data-yuan]")
    yuan = amount.first.get_attribute("data-yuan") if amount.count() else None
    return details.get_attribute("data-verdict"), None if yuan is None else int(re.sub(r"\D", "", yuan))
