"""Which bot we are and how Telegram is reached. What knows the token does not show it."""

from dataclasses import dataclass

from telegram import Bot

from bot.telegram.request import AiohttpRequest


class QuietBot(Bot):
    """The library's client, whose repr would show the token."""

    def __repr__(self) -> str:
        return "QuietBot()"


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach Telegram as this bot. `api_url` without /bot and without the token."""

    token: str
    api_url: str
    proxy: str | None = None

    def __repr__(self) -> str:
        return f"Account({self.api_url!r})"

    def bot(self, polling: AiohttpRequest | None = None) -> QuietBot:
        """A client; where nothing is received one request object serves both."""
        request = AiohttpRequest(self.proxy)
        base = self.api_url.rstrip("/")
        return QuietBot(
            self.token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=request,
            get_updates_request=polling or AiohttpRequest(self.proxy),
        )
