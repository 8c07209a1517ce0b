"""The client that polls: updates parsed one by one, so that one of them cannot stop the others."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.error import TelegramError

from bot.telegram.account import QuietBot
from bot.telegram.fares import Fares
from bot.telegram.payloads import Json

_log = logging.getLogger("ladder.telegram")


class PollingBot(QuietBot):
    """Parses each update on its own: the library would log all of them word for word, and ask for them for ever."""

    def __init__(self, fares: Fares, **reached_by: Any) -> None:  # noqa: ANN401  as Account.reached_by says
        super().__init__(**reached_by)
        self._fares = fares

    async def get_updates(  # type: ignore[override]  # only what the library's Updater says
        self,
        offset: int | None = None,
        timeout: timedelta | int = 0,  # noqa: ASYNC109  the library's word for how long Telegram may wait
        allowed_updates: Sequence[str] | None = None,
    ) -> tuple[Update, ...]:
        seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
        asked = {"offset": offset, "timeout": int(seconds), "allowed_updates": allowed_updates}
        reading = self._request[0].read_timeout or 0
        try:
            found = await self._post("getUpdates", asked, read_timeout=reading + seconds)
        except TelegramError as error:
            self._fares.badly(error)
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the library would ask again at once and for ever
            foreign = TelegramError(f"not understood ({type(error).__name__})")
            self._fares.badly(foreign)
            raise foreign from None
        self._fares.well()
        return tuple(_parsed(update, self) for update in found)


def _parsed(update: Json, bot: QuietBot) -> Update:
    """One that the library cannot parse becomes an empty one, so that the offset moves on."""
    try:
        return Update.de_json(update, bot)
    except Exception as error:  # noqa: BLE001  whatever it is, it must not stop the others
        _log.error("ALARM: update %s cannot be parsed (%s)", update["update_id"], type(error).__name__)
        return Update(update["update_id"])
