"""Which bot we are and how Telegram is reached. What knows the token does not show it."""

from dataclasses import dataclass
from typing import Any

from telegram import Bot

from bot.telegram.request import AiohttpRequest


class QuietBot(Bot):
    """The library's client, whose repr would show the token; and calls whose answer is taken as it came."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    async def show(self, method: str, chat: int, **told: Any) -> str:  # noqa: ANN401  whatever the method takes
        """Call a method that shows or changes a message and return its id. Raises TelegramError.

        The library's own methods make an object of the whole message: a fifth of what sending it costs.
        """
        answer = await self._post(method, {"chat_id": chat, **told})
        return str(answer["message_id"]) if isinstance(answer, dict) else ""


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach Telegram as this bot. `api_url` without /bot and without the token; `a_second`: unasked
    messages at most."""

    token: str
    api_url: str
    proxy: str | None = None
    a_second: int = 25

    def __repr__(self) -> str:
        return f"Account({self.api_url!r})"

    def bot(self) -> QuietBot:
        """A client that sends only."""
        return QuietBot(**self.reached_by(AiohttpRequest(self.proxy)))

    def reached_by(self, polling: AiohttpRequest) -> dict[str, Any]:
        """What makes a client of this account, which polls by that request."""
        base = self.api_url.rstrip("/")
        return {
            "token": self.token,
            "base_url": f"{base}/bot",
            "base_file_url": f"{base}/file/bot",
            "request": AiohttpRequest(self.proxy),
            "get_updates_request": polling,
        }
