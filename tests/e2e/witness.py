"""Watches all that a browser does while a test runs: nothing may leave this machine, nothing may go wrong unseen."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

_HOME = {"127.0.0.1"}
_HARMLESS = {"data", "blob", "about"}
_HTTP_ERROR = 400
# Whoever types on, or leaves the page, breaks off the request that is under way: htmx tells that on the console as an error, and it is
# none. A request that failed by itself is told as `htmx:sendError` or by its status, and stays a complaint.
_BROKEN_OFF = re.compile(r"^htmx:(afterRequest|sendAbort)$")


class Witness:
    """Collects foreign requests, errors on the console (a breach of the CSP is one), uncaught errors, failed responses."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def expects(self, pattern: str) -> None:
        """Let pass what a test brings about itself, as a network that is cut."""
        self._expected.append(re.compile(pattern))

    def check(self) -> None:
        """Fail when there was anything that nobody expected."""
        unexpected = [told for told in self.complaints if not any(one.search(told) for one in self._expected)]
        assert not unexpected, "\n".join(unexpected)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in _HARMLESS and address.hostname not in _HOME:
            self.complaints.append(f"left this machine: {request.method} {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= _HTTP_ERROR:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _BROKEN_OFF.match(message.text):
            self.complaints.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")
