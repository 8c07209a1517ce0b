"""Somebody of the staff at their desk: the console as they set it up, sign in to it and use it. Knows its markup."""

import re
import time
from dataclasses import dataclass

import pyotp
from playwright.sync_api import Locator, Page

PASSWORD = "seven green bridges at dusk"
_HALF_A_MINUTE = 30


@dataclass
class Desk:
    """One window of the console. `secret` is what the authenticator holds once it is set up."""

    page: Page
    address: str
    secret: str = ""

    def sets_up(self, link: str) -> list[str]:
        """Open the one-time link, choose a password, scan, prove it; returns the recovery codes."""
        self.page.goto(link)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("input[name=again]").fill(PASSWORD)
        self.presses("下一步")
        self.page.locator("summary").click()
        self.secret = self.page.locator("p.code").inner_text().replace(" ", "")
        self.page.locator("#code").fill(pyotp.TOTP(self.secret).now())
        self.presses("完成")
        return [each.inner_text() for each in self.page.locator("li.code").all()]

    def signs_in(self, name: str, password: str = PASSWORD) -> "Desk":
        """With name, password and the next code: the one of set-up has been used."""
        self.page.goto(f"{self.address}/console")
        self.page.wait_for_url("**/console/sign-in*")
        self.page.locator("#name").fill(name)
        self.page.locator("#password").fill(password)
        self.page.locator("#code").fill(pyotp.TOTP(self.secret).at(int(time.time()) + _HALF_A_MINUTE))
        self.presses("登录")
        return self

    def goes(self, path: str) -> "Desk":
        self.page.goto(f"{self.address}{path}")
        return self

    def presses(self, words: str, within: Locator | None = None) -> None:
        """Press a button, and wait for the page that comes."""
        with self.page.expect_navigation():
            (within or self.page.locator("main")).get_by_role("button", name=words, exact=True).first.click()

    def unfolds(self, words: str, within: Locator | None = None) -> Locator:
        """Open what is folded up under these words, and return it."""
        folded = (within or self.page.locator("main")).locator(
            "details", has=self.page.locator("summary", has_text=re.compile(rf"^\s*{re.escape(words)}\s*$"))
        )
        if folded.first.get_attribute("open") is None:
            folded.first.locator("summary").first.click()
        return folded.first

    @property
    def said(self) -> str:
        """The words on the page."""
        return str(self.page.locator("main").inner_text())
